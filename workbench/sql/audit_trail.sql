-- What happened to each aggregate, event by event?
-- type VARCHAR, field VARCHAR (of the move), aggregate_id VARCHAR, place BIGINT, version BIGINT (the store's),
-- occurred_at TIMESTAMP (UTC, as the event says), event_type VARCHAR, transition VARCHAR (as recorded), from_state
-- VARCHAR (replayed), to_state VARCHAR, actor VARCHAR, changed JSON (attribute -> [old, new], as the fold replays it
-- without reducers), context JSON (metadata, else the context within data), cause VARCHAR (id of the event that
-- caused it), correlation_id VARCHAR, event_id VARCHAR
-- One row an event; an event that moves two state fields has one for each. Events are chosen first, so that what they
-- changed is only worked out for the lives of the page.
WITH page AS MATERIALIZED (
    SELECT life, place
    FROM events
    WHERE ($who::VARCHAR IS NULL OR actor = $who::VARCHAR)
        AND ($kind::VARCHAR IS NULL OR event_type = $kind::VARCHAR)
        AND ($thread::VARCHAR IS NULL OR correlation_id = $thread::VARCHAR)
        AND ($since::TIMESTAMP IS NULL OR effective_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR effective_at < $before::TIMESTAMP)
        AND ($entered::VARCHAR IS NULL OR (life, place) IN (
            SELECT (life, place) FROM moves WHERE to_state = $entered::VARCHAR AND NOT inferred
        ))
        -- JSON is stored with quotes and backslashes escaped.
        AND ($needle::VARCHAR IS NULL
            OR contains(lower(concat_ws(' ', event_id, correlation_id, causation_id)), lower($needle::VARCHAR))
            OR contains(
                lower(concat_ws(' ', data::VARCHAR, metadata::VARCHAR)),
                lower(substr(to_json($needle::VARCHAR)::VARCHAR, 2, length(to_json($needle::VARCHAR)::VARCHAR) - 2))
            ))
        AND ($mark::STRUCT(t VARCHAR, n BIGINT, i VARCHAR, p BIGINT) IS NULL
            OR {t: aggregate_type, n: length(aggregate_id), i: aggregate_id, p: place}
                > $mark::STRUCT(t VARCHAR, n BIGINT, i VARCHAR, p BIGINT))
    ORDER BY aggregate_type, length(aggregate_id), aggregate_id, place
    LIMIT $size
), payloads AS (
    SELECT life, place, field, to_state, also,
        TRY(json_transform(CASE event_type WHEN 'model_created' THEN data -> 'attributes'
            WHEN 'model_updated' THEN data -> 'new_attributes' END, '"MAP(VARCHAR, JSON)"')) AS attributes
    FROM events
    WHERE life IN (SELECT life FROM page)
), spread AS (
    SELECT life, place, unnest(map_entries(attributes)) AS entry FROM payloads
), stated AS (
    SELECT life, place, entry.key AS name, coalesce(entry.value, 'null'::JSON) AS told FROM spread
    UNION ALL
    SELECT life, place, field, to_json(to_state) FROM payloads
    WHERE to_state IS NOT NULL AND NOT coalesce(map_contains(attributes, field), FALSE)
    UNION ALL
    SELECT s.life, s.place, s.entry.key, to_json(s.entry.value)
    FROM (SELECT life, place, attributes, unnest(map_entries(also)) AS entry FROM payloads) AS s
    WHERE s.entry.value IS NOT NULL AND NOT coalesce(map_contains(s.attributes, s.entry.key), FALSE)
    UNION ALL
    SELECT life, 0, field, to_json(to_state) FROM moves WHERE inferred AND life IN (SELECT life FROM page)
), compared AS (
    SELECT life, place, name, told,
        coalesce(lag(told) OVER (PARTITION BY life, name ORDER BY place), 'null'::JSON) AS before_it
    FROM stated
), altered AS (
    SELECT life, place,
        to_json(map_from_entries(list((name, json_array(before_it, told)) ORDER BY name))) AS changed
    FROM compared
    WHERE place > 0 AND before_it::VARCHAR IS DISTINCT FROM told::VARCHAR
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
