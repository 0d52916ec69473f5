-- How many lives are in two parts of a log, and in both?
-- in_a BIGINT, in_b BIGINT, in_both BIGINT
SELECT (SELECT count(*) FROM a) AS in_a, (SELECT count(*) FROM b) AS in_b,
    (SELECT count(*) FROM a WHERE life IN (SELECT life FROM b)) AS in_both
