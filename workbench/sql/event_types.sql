-- Which kinds of event are in the log, how many, and which of them move a state?
-- type VARCHAR, event_type VARCHAR, schema_version VARCHAR, events BIGINT, aggregates BIGINT (distinct), first
-- TIMESTAMP, last TIMESTAMP (UTC, as the events say), changes_state BOOLEAN (at least one of them names a state),
-- replayed BIGINT (events that a reducer knows: the others change no attribute but the state)
WITH rules AS (
    SELECT DISTINCT i.import_id, r.value ->> 'event_type' AS event_type FROM imports AS i, json_each(i.reducers) AS r
), lived AS (
    SELECT type, event_type, schema_version, life, count(*) AS events, min(occurred_at) AS first_seen,
        max(occurred_at) AS last_seen, bool_or(to_state IS NOT NULL OR cardinality(also) > 0) AS moves_state,
        count(*) FILTER (event_type IN ('model_created', 'model_updated', 'state_transitioned')
            OR (import_id, event_type) IN (SELECT (import_id, event_type) FROM rules)
            OR import_id IN (SELECT import_id FROM rules WHERE event_type = '*')) AS replayed
    FROM events
    GROUP BY type, event_type, schema_version, life
)
SELECT type, event_type, schema_version, sum(events)::BIGINT AS events, count(*) AS aggregates,
    min(first_seen) AS first, max(last_seen) AS last, coalesce(bool_or(moves_state), FALSE) AS changes_state,
    sum(replayed)::BIGINT AS replayed
FROM lived
GROUP BY type, event_type, schema_version
ORDER BY type, sum(events) DESC, event_type, schema_version
