-- How many aggregates go through these states in this order?
-- type VARCHAR, field VARCHAR, step BIGINT (from 1), state VARCHAR, aggregates BIGINT, of_first DOUBLE (0 to 1),
-- of_previous DOUBLE (0 to 1), median_seconds DOUBLE (from the previous step; NULL for the first)
-- Greedy: the first entry of step 1, then the first later entry (by move, not by time) of each next step.
-- A clock that never runs back makes the least move also the one entered first. Tracks are numbers on the way:
-- carrying two texts through the recursion costs more than the recursion.
WITH RECURSIVE steps AS (
    SELECT unnest($steps::VARCHAR[]) AS state, generate_subscripts($steps::VARCHAR[], 1) AS step
), tracks AS MATERIALIZED (
    SELECT type, field, row_number() OVER (ORDER BY type, field) AS track
    FROM (SELECT DISTINCT type, field FROM moves WHERE to_state IN (SELECT state FROM steps))
), entries AS MATERIALIZED (
    SELECT m.life, t.track, m.move, m.visit, m.entered_at, s.step
    FROM moves AS m
    JOIN steps AS s ON s.state = m.to_state
    JOIN tracks AS t ON t.type = m.type AND t.field = m.field
), reached AS (
    SELECT life, track, step, move, entered_at AS started_at, entered_at, NULL::TIMESTAMP AS previous_at
    FROM entries
    WHERE step = 1 AND visit = 1
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    UNION ALL
    SELECT e.life, e.track, e.step, min(e.move), any_value(r.started_at), min(e.entered_at), any_value(r.entered_at)
    FROM reached AS r
    JOIN entries AS e ON e.life = r.life AND e.track = r.track AND e.step = r.step + 1 AND e.move > r.move
    WHERE $span::INTERVAL IS NULL OR e.entered_at <= r.started_at + $span::INTERVAL
    GROUP BY e.life, e.track, e.step
), counted AS (
    SELECT track, step, count(*) AS aggregates,
        median(date_diff('microsecond', previous_at, entered_at)) / 1e6 AS median_seconds
    FROM reached
    GROUP BY track, step
), complete AS (
    SELECT t.type, t.field, s.step, s.state, coalesce(c.aggregates, 0) AS aggregates, c.median_seconds
    FROM tracks AS t
    CROSS JOIN steps AS s
    LEFT JOIN counted AS c ON c.track = t.track AND c.step = s.step
)
SELECT type, field, step, state, aggregates,
    aggregates / nullif(first_value(aggregates) OVER w, 0) AS of_first,
    CASE WHEN step = 1 THEN aggregates / nullif(aggregates, 0)
        ELSE aggregates / nullif(lag(aggregates) OVER w, 0) END AS of_previous,
    median_seconds
FROM complete
WINDOW w AS (PARTITION BY type, field ORDER BY step)
ORDER BY type, field, step
