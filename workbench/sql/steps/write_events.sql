-- The new events, sorted by life and place; of those already there only what is different now: a late row moves
-- the places of those after it.
UPDATE events SET place = p.place, tied = p.tied, effective_at = p.effective_at
FROM placed AS p JOIN kept AS k USING (stored_row)
WHERE events.rowid = p.stored_row
    AND (k.place, k.tied, k.effective_at) <> (p.place, p.tied, p.effective_at);
INSERT INTO events
SELECT
    p.import_id, p.position, s.global_position, s.event_id, p.life, s.aggregate_type, seen.type, s.aggregate_id,
    p.place, p.tied, s.version, s.event_type, s.schema_version, s.occurred_at, p.effective_at, s.recorded_at,
    s.actor, s.correlation_id, s.causation_id, s.data, s.metadata,
    CASE WHEN s.to_state IS NOT NULL OR s.also IS NOT NULL THEN s.field END, s.to_state, s.from_recorded, s.also, s.links,
    s.transition, s.created_at
FROM placed AS p JOIN stage AS s USING (position) JOIN seen ON seen.life = p.life
WHERE p.stored_row IS NULL
ORDER BY 5, 9
