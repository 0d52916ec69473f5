-- How do the events that meet every condition lie in time? So many in each of about $steps equal steps.
-- start TIMESTAMP (UTC, of the step), events BIGINT (never 0), last TIMESTAMP (UTC, of its last event)
WITH chosen AS MATERIALIZED (
    SELECT effective_at FROM asked -- as in parts/asked_events.sql
), span AS (
    SELECT min(effective_at) AS first,
        date_diff('microsecond', min(effective_at), max(effective_at)) // $steps + 1 AS width
    FROM chosen
), stepped AS (
    SELECT date_diff('microsecond', s.first, c.effective_at) // s.width AS step, count(*) AS events,
        max(c.effective_at) AS last
    FROM chosen AS c, span AS s
    GROUP BY step
)
SELECT s.first + to_microseconds(t.step * s.width) AS start, t.events, t.last
FROM stepped AS t, span AS s
ORDER BY start
