-- Which event made each value what it is in the later of two moments that were compared?
-- type VARCHAR, aggregate_id VARCHAR, what VARCHAR, path VARCHAR, old JSON, new JSON, place BIGINT, version BIGINT,
-- event_type VARCHAR, actor VARCHAR, set_at TIMESTAMP (UTC), instant TIMESTAMP (UTC): as in compare.sql
WITH told AS (
    SELECT unnest($rows::STRUCT(type VARCHAR, aggregate_id VARCHAR, upto BIGINT, instant VARCHAR, what VARCHAR,
        name VARCHAR, path VARCHAR, old JSON, new JSON)[], max_depth := 2)
), made AS (
    SELECT type, aggregate_id, 'attribute' AS what, path AS name, place, effective_at AS set_at FROM changes
    UNION ALL
    SELECT type, aggregate_id, 'state', field, CASE WHEN inferred THEN 0 ELSE place END, entered_at FROM moves
)
SELECT t.type, t.aggregate_id, t.what, t.path, nullif(t.old, 'null') AS old, nullif(t.new, 'null') AS new,
    nullif(m.place, 0) AS place, e.version, e.event_type, e.actor, m.set_at,
    t.instant::TIMESTAMPTZ::TIMESTAMP AS instant
FROM told AS t
ASOF LEFT JOIN made AS m ON m.type = t.type AND m.aggregate_id = t.aggregate_id AND m.what = t.what
    AND m.name = t.name AND m.place <= t.upto
LEFT JOIN events AS e ON e.type = t.type AND e.aggregate_id = t.aggregate_id AND e.place = m.place
ORDER BY t.type, length(t.aggregate_id), t.aggregate_id, t.what DESC, t.path
