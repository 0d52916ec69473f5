-- Which moves do lives of one part, or in one period, make more often than those of another?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, times_a BIGINT, times_b BIGINT (moves), in_a BIGINT
-- (lives of a that made such a move), of_a BIGINT (lives of a that left from_state), in_b BIGINT, of_b BIGINT, share_a
-- DOUBLE, share_b DOUBLE (0 to 1), difference DOUBLE (share_a - share_b), low DOUBLE, high DOUBLE (its 95 % interval),
-- lift DOUBLE (share_a / share_b), median_seconds_a DOUBLE, median_seconds_b DOUBLE (in from_state before the move),
-- p_value DOUBLE, test VARCHAR (chi_square; fisher), q_value DOUBLE (Benjamini and Hochberg over all tested), tested
-- BIGINT, more_than_noise BOOLEAN (q_value < 0.05; NULL where not tested)
-- Tested is each pair of states where lives of both sides left the first, and not all went to the second.
WITH sides AS (
    SELECT life, 'a' AS side, $since_a::TIMESTAMP AS since, $before_a::TIMESTAMP AS before FROM a
    UNION ALL
    SELECT life, 'b', $since_b::TIMESTAMP, $before_b::TIMESTAMP FROM b
), moved AS (
    SELECT m.type, m.field, m.life, m.from_state, m.to_state, s.side,
        date_diff('microsecond', m.from_entered_at, m.entered_at) AS spent
    FROM moves AS m
    JOIN sides AS s ON s.life = m.life
    WHERE m.from_state IS NOT NULL AND (s.since IS NULL OR m.entered_at >= s.since)
        AND (s.before IS NULL OR m.entered_at < s.before)
), exits AS (
    SELECT type, field, from_state, count(DISTINCT life) FILTER (side = 'a') AS of_a,
        count(DISTINCT life) FILTER (side = 'b') AS of_b
    FROM moved
    GROUP BY type, field, from_state
), pairs AS MATERIALIZED (
    SELECT type, field, from_state, to_state, count_if(side = 'a')::BIGINT AS times_a,
        count_if(side = 'b')::BIGINT AS times_b, count(DISTINCT life) FILTER (side = 'a') AS in_a,
        count(DISTINCT life) FILTER (side = 'b') AS in_b,
        quantile_cont(spent, 0.5) FILTER (side = 'a') / 1e6 AS median_seconds_a,
        quantile_cont(spent, 0.5) FILTER (side = 'b') / 1e6 AS median_seconds_b,
        row_number() OVER () AS candidate
    FROM moved
    GROUP BY type, field, from_state, to_state
), counts AS MATERIALIZED (
    SELECT p.*, e.of_a, e.of_b
    FROM pairs AS p
    JOIN exits AS e ON e.type = p.type AND e.field = p.field AND e.from_state = p.from_state
), tried AS (
    SELECT candidate, in_a, of_a, in_b, of_b
    FROM counts
    WHERE of_a > 0 AND of_b > 0 AND in_a + in_b < of_a + of_b
), told AS (
    SELECT *
    FROM judged -- as in comparing/judged.sql
)
SELECT c.type, c.field, c.from_state, c.to_state, c.times_a, c.times_b, c.in_a, c.of_a, c.in_b, c.of_b,
    c.in_a / nullif(c.of_a, 0) AS share_a, c.in_b / nullif(c.of_b, 0) AS share_b,
    c.in_a / nullif(c.of_a, 0) - c.in_b / nullif(c.of_b, 0) AS difference, t.low, t.high,
    c.in_a / nullif(c.of_a, 0) / nullif(c.in_b / nullif(c.of_b, 0), 0) AS lift,
    c.median_seconds_a, c.median_seconds_b, t.p_value, t.test, t.q_value, coalesce(max(t.tested) OVER (), 0) AS tested,
    t.q_value < 0.05 AS more_than_noise
FROM counts AS c
LEFT JOIN told AS t ON t.candidate = c.candidate
ORDER BY t.p_value NULLS LAST, abs(c.in_a / c.of_a - c.in_b / c.of_b) DESC NULLS LAST, c.type, c.field, c.from_state,
    c.to_state
