-- How many aggregates go through these states in this order?
-- type VARCHAR, field VARCHAR, step BIGINT (from 1), state VARCHAR, aggregates BIGINT, of_first DOUBLE (0 to 1),
-- of_previous DOUBLE (0 to 1), median_seconds DOUBLE (from the previous step; NULL for the first)
WITH steps AS (
    SELECT unnest($steps::VARCHAR[]) AS state, generate_subscripts($steps::VARCHAR[], 1) AS step
), tracks AS (
    SELECT DISTINCT type, field FROM moves WHERE to_state IN (SELECT state FROM steps)
), counted AS (
    SELECT type, field, step, count(*) AS aggregates,
        median(date_diff('microsecond', previous_at, entered_at)) / 1e6 AS median_seconds
    FROM reached -- as in parts/reached.sql
    GROUP BY type, field, step
), complete AS (
    SELECT t.type, t.field, s.step, s.state, coalesce(c.aggregates, 0) AS aggregates, c.median_seconds
    FROM tracks AS t
    CROSS JOIN steps AS s
    LEFT JOIN counted AS c ON c.type = t.type AND c.field = t.field AND c.step = s.step
)
SELECT type, field, step, state, aggregates,
    aggregates / nullif(first_value(aggregates) OVER w, 0) AS of_first,
    CASE WHEN step = 1 THEN aggregates / nullif(aggregates, 0)
        ELSE aggregates / nullif(lag(aggregates) OVER w, 0) END AS of_previous,
    median_seconds
FROM complete
WINDOW w AS (PARTITION BY type, field ORDER BY step)
ORDER BY type, field, step
