-- Which values did an attribute, or a value within it, have in turn?
-- type VARCHAR, aggregate_id VARCHAR, place BIGINT (of the event; 0: the state before the first move), version BIGINT (the
-- store's), event_id VARCHAR, event_type VARCHAR, actor VARCHAR, old JSON, new JSON (NULL: absent), since TIMESTAMP (UTC),
-- until TIMESTAMP (UTC, NULL while it holds)
WITH taken AS (
    SELECT life, type, aggregate_id, place, effective_at, json_extract(old, $pointer::VARCHAR) AS old,
        json_extract(new, $pointer::VARCHAR) AS new
    FROM changes
    WHERE path = $attribute::VARCHAR
)
SELECT t.type, t.aggregate_id, t.place, e.version, e.event_id, e.event_type, e.actor, t.old, t.new,
    t.effective_at AS since, lead(t.effective_at) OVER (PARTITION BY t.life ORDER BY t.place) AS until
FROM taken AS t LEFT JOIN events AS e ON e.life = t.life AND e.place = t.place
WHERE t.old::VARCHAR IS DISTINCT FROM t.new::VARCHAR
ORDER BY t.type, length(t.aggregate_id), t.aggregate_id, t.place
