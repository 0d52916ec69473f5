-- Do the snapshots in events say what the events add up to, and where do they first part?
-- type VARCHAR, aggregate_id VARCHAR, side VARCHAR ('before' or 'after' its move: against which attributes the type's
-- snapshots are held, by vote), snapshots BIGINT (of the aggregate, that could be checked), differing BIGINT (not equal),
-- place BIGINT, event_id VARCHAR, event_type VARCHAR, occurred_at TIMESTAMP (UTC; of the first that differs), what
-- VARCHAR[] (the attributes in which it does)
-- Only lives that a model_created began: in the others attributes come from the snapshots themselves.
WITH created AS (
    SELECT life, min(place) AS place FROM events WHERE event_type = 'model_created' GROUP BY life
), taken AS (
    SELECT e.type, e.life, e.place, e.aggregate_id, e.event_id, e.event_type, e.occurred_at, e.to_state, e.from_recorded,
        e.data -> 'model_snapshot' AS snapshot,
        json_extract_string(e.data -> 'model_snapshot',
            '/' || replace(replace(e.field, '~', '~0'), '/', '~1')) AS said
    FROM events AS e JOIN created AS c ON c.life = e.life AND c.place < e.place
    WHERE json_type(e.data -> 'model_snapshot') = 'OBJECT'
), sides AS (
    SELECT type, CASE WHEN count(*) FILTER (said = from_recorded AND from_recorded <> to_state)
        > count(*) FILTER (said = to_state AND to_state IS DISTINCT FROM from_recorded) THEN 'before' ELSE 'after' END AS side
    FROM taken
    GROUP BY type
), said AS (
    SELECT life, place, unnest(json_keys(snapshot)) AS path, unnest(json_extract(snapshot, '$.*')) AS value FROM taken
), held AS (
    SELECT t.life, t.place, c.path, arg_max({value: c.new}, c.place).value AS value
    FROM taken AS t JOIN sides AS s ON s.type = t.type
    JOIN changes AS c ON c.life = t.life AND (c.place < t.place OR (c.place = t.place AND s.side = 'after'))
    GROUP BY t.life, t.place, c.path
), parted AS (
    SELECT life, place, list(path ORDER BY path) AS what
    FROM said FULL JOIN (SELECT * FROM held WHERE value IS NOT NULL) AS held USING (life, place, path)
    WHERE coalesce(said.value::VARCHAR, 'null') <> coalesce(held.value::VARCHAR, 'null')
        AND NOT coalesce(list_contains($ignored::VARCHAR[], path), FALSE)
    GROUP BY life, place
), firsts AS (
    SELECT life, count(*) AS differing, min(place) AS place, arg_min(what, place) AS what FROM parted GROUP BY life
)
SELECT t.type, t.aggregate_id, s.side, count(*) AS snapshots, coalesce(any_value(f.differing), 0) AS differing,
    any_value(f.place) AS place, any_value(t.event_id) FILTER (t.place = f.place) AS event_id,
    any_value(t.event_type) FILTER (t.place = f.place) AS event_type,
    any_value(t.occurred_at) FILTER (t.place = f.place) AS occurred_at, any_value(f.what) AS what
FROM taken AS t JOIN sides AS s ON s.type = t.type LEFT JOIN firsts AS f ON f.life = t.life
GROUP BY t.type, t.aggregate_id, t.life, s.side
ORDER BY t.type, length(t.aggregate_id), t.aggregate_id
