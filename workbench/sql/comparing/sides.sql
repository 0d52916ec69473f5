-- How many lives are in two parts of a log, in both, and not in the log that is asked, and of which types?
-- in_a BIGINT, in_b BIGINT, in_both BIGINT, outside BIGINT, types_a VARCHAR[], types_b VARCHAR[]
SELECT (SELECT count(*) FROM a) AS in_a, (SELECT count(*) FROM b) AS in_b,
    (SELECT count(*) FROM a WHERE life IN (SELECT life FROM b)) AS in_both,
    (SELECT count(*) FROM (FROM a UNION FROM b) WHERE life NOT IN (SELECT life FROM lives)) AS outside,
    (SELECT list(DISTINCT type ORDER BY type) FROM lives WHERE life IN (SELECT life FROM a)) AS types_a,
    (SELECT list(DISTINCT type ORDER BY type) FROM lives WHERE life IN (SELECT life FROM b)) AS types_b
