-- When does an actor, or a type of event, come far more often than usual?
-- type VARCHAR, kind VARCHAR (actor, event_type), name VARCHAR, began_at TIMESTAMP (of the window), events BIGINT,
-- aggregates BIGINT (distinct), usual_events DOUBLE (median of the windows that hold any: of that name, or where it has
-- fewer than five, of all names of the type and kind), ratio DOUBLE (events / usual_events), windows BIGINT (of that
-- name, with events)
WITH named AS (
    SELECT type, life, effective_at, unnest([
            {'kind': 'actor', 'name': actor}, {'kind': 'event_type', 'name': event_type}
        ], recursive := true)
    FROM events
), counted AS (
    SELECT type, kind, name, time_bucket(coalesce($span::INTERVAL, INTERVAL 10 MINUTES), effective_at) AS began_at, count(*) AS events,
        count(DISTINCT life) AS aggregates
    FROM named
    WHERE name IS NOT NULL
        AND ($since::TIMESTAMP IS NULL OR effective_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR effective_at < $before::TIMESTAMP)
    GROUP BY type, kind, name, began_at
), measured AS (
    SELECT *, count(*) OVER (PARTITION BY type, kind, name) AS windows,
        median(events) OVER (PARTITION BY type, kind, name) AS own,
        median(events) OVER (PARTITION BY type, kind) AS others
    FROM counted
)
SELECT type, kind, name, began_at, events, aggregates,
    CASE WHEN windows < 5 THEN others ELSE own END AS usual_events,
    events / CASE WHEN windows < 5 THEN others ELSE own END AS ratio,
    windows
FROM measured
WHERE events > coalesce($factor, 10) * CASE WHEN windows < 5 THEN others ELSE own END
ORDER BY ratio DESC, events DESC, type, kind, name, began_at
