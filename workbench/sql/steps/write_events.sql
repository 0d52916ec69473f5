-- The touched lives' events, sorted by life and place.
INSERT INTO events
SELECT
    p.import_id, p.position, s.global_position, s.event_id, p.life, s.aggregate_type, seen.type, s.aggregate_id,
    p.place, p.tied, s.version, s.event_type, s.schema_version, s.occurred_at, p.effective_at, s.recorded_at,
    s.actor, s.correlation_id, s.causation_id, s.data, s.metadata,
    CASE WHEN s.to_state IS NOT NULL OR s.also IS NOT NULL THEN s.field END, s.to_state, s.from_recorded, s.also, s.links,
    s.transition, s.created_at
FROM placed AS p JOIN stage AS s USING (position) JOIN seen ON seen.life = p.life
WHERE p.import_id = $import_id
UNION ALL
SELECT
    p.import_id, p.position, k.global_position, k.event_id, p.life, k.aggregate_type, k.type, k.aggregate_id,
    p.place, p.tied, k.version, k.event_type, k.schema_version, k.occurred_at, p.effective_at, k.recorded_at,
    k.actor, k.correlation_id, k.causation_id, k.data, k.metadata, k.field, k.to_state, k.from_recorded, k.also,
    k.links, k.transition, k.created_at
FROM placed AS p JOIN kept AS k USING (import_id, position)
ORDER BY 5, 9
