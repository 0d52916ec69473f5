-- Which event made each attribute what it is at an instant?
-- type VARCHAR, aggregate_id VARCHAR, path VARCHAR (name of the attribute), value JSON, place BIGINT (of the event; 0: the
-- state before the first move, which that move tells), version BIGINT (the store's), event_id VARCHAR, event_type
-- VARCHAR, set_at TIMESTAMP (UTC), actor VARCHAR, old JSON (NULL: absent), correlation_id VARCHAR, cause VARCHAR (id of
-- the event that caused it), instant TIMESTAMP (UTC, the one asked for)
SELECT c.type, c.aggregate_id, c.path, c.new AS value, c.place, e.version, e.event_id, e.event_type,
    c.effective_at AS set_at, e.actor, c.old, e.correlation_id, e.causation_id AS cause, $instant::TIMESTAMP AS instant
FROM changes AS c LEFT JOIN events AS e ON e.life = c.life AND e.place = c.place
WHERE c.effective_at <= $instant::TIMESTAMP AND (c.replaced_at IS NULL OR c.replaced_at > $instant::TIMESTAMP)
    AND c.new IS NOT NULL
ORDER BY c.type, length(c.aggregate_id), c.aggregate_id, c.path
