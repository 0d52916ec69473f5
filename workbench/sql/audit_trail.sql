-- What happened to each aggregate, event by event?
-- type VARCHAR, field VARCHAR (of the move), aggregate_id VARCHAR, place BIGINT, version BIGINT (the store's),
-- occurred_at TIMESTAMP (UTC, as the event says), event_type VARCHAR, transition VARCHAR (as recorded), from_state
-- VARCHAR (replayed), to_state VARCHAR, actor VARCHAR, changed JSON (attribute -> [old, new]), context JSON (metadata,
-- else the context within data), cause VARCHAR (id of the event that caused it), correlation_id VARCHAR, event_id VARCHAR
-- One row an event; an event that moves two state fields has one for each. Events are chosen first, so that what they
-- changed is only worked out for the lives of the page.
WITH page AS MATERIALIZED (
    SELECT life, place
    FROM asked -- as in parts/asked_events.sql
    WHERE ($mark::STRUCT(t VARCHAR, n BIGINT, i VARCHAR, p BIGINT) IS NULL
        OR {t: aggregate_type, n: length(aggregate_id), i: aggregate_id, p: place}
            > $mark::STRUCT(t VARCHAR, n BIGINT, i VARCHAR, p BIGINT))
    ORDER BY aggregate_type, length(aggregate_id), aggregate_id, place
    LIMIT $size
), altered AS (
    WITH events AS (SELECT * FROM events WHERE life IN (SELECT life FROM page)),
        moves AS (SELECT * FROM moves WHERE life IN (SELECT life FROM page))
    SELECT life, place, to_json(map_from_entries(list(
        (path, json_array(coalesce(old, 'null'::JSON), coalesce(new, 'null'::JSON))) ORDER BY path
    ))) AS changed
    FROM changes -- as in tables/changes.sql
    WHERE place > 0 AND coalesce(old::VARCHAR, 'null') <> coalesce(new::VARCHAR, 'null')
    GROUP BY life, place
)
SELECT e.type, m.field, e.aggregate_id, e.place, e.version, e.occurred_at, e.event_type, e.transition,
    m.from_state, m.to_state, e.actor, a.changed, coalesce(e.metadata, e.data -> 'context') AS context,
    e.causation_id AS cause, e.correlation_id, e.event_id
FROM events AS e
SEMI JOIN page AS p ON p.life = e.life AND p.place = e.place
LEFT JOIN (
    SELECT * FROM moves WHERE NOT inferred AND life IN (SELECT life FROM page)
) AS m ON m.life = e.life AND m.place = e.place
LEFT JOIN altered AS a ON a.life = e.life AND a.place = e.place
ORDER BY e.aggregate_type, length(e.aggregate_id), e.aggregate_id, e.place, m.field
