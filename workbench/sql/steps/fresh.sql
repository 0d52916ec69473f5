-- The narrow half of every good new row: what identity, order and moves need.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT
    NULL::BIGINT AS stored_row, $import_id::BIGINT AS import_id, s.position, seen.life, s.event_id IS NOT NULL AS has_id,
    CASE
        WHEN s.event_id IS NOT NULL THEN hash('id', s.event_id)
        WHEN s.version IS NOT NULL THEN hash('version', seen.life, s.version)
        ELSE hash(
            'row', seen.life, s.event_type, s.schema_version, s.occurred_at, s.global_position, s.actor,
            s.correlation_id, s.causation_id, s.data::VARCHAR, s.metadata::VARCHAR,
            CASE WHEN s.data IS NULL THEN concat_ws(' ', s.to_state, s.from_recorded, s.transition) END
        )
    END AS identity,
    s.version, s.occurred_at, s.global_position, s.field, s.to_state, s.from_recorded, s.also,
    s.transition, s.actor, s.created_at
FROM stage AS s JOIN seen USING (aggregate_type, aggregate_id)
WHERE s.reason IS NULL
