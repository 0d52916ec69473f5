-- The rows whose identity stands twice, new and stored, in full.
CREATE OR REPLACE TEMP TABLE suspects AS
WITH all_rows AS (
    SELECT f.import_id, f.position, true AS is_new, f.life, f.identity, s.event_id, s.version, s.event_type,
        s.schema_version, s.occurred_at, s.global_position, s.actor, s.correlation_id, s.causation_id,
        s.data, s.metadata, s.to_state, s.from_recorded, s.transition
    FROM fresh AS f JOIN stage AS s USING (position)
    WHERE f.identity IN (SELECT identity FROM twice)
    UNION ALL
    SELECT e.import_id, e.position, false, e.life, stored.identity, e.event_id, e.version, e.event_type,
        e.schema_version, e.occurred_at, e.global_position, e.actor, e.correlation_id, e.causation_id,
        e.data, e.metadata, e.to_state, e.from_recorded, e.transition
    FROM events AS e JOIN stored USING (import_id, position)
    WHERE stored.identity IN (SELECT identity FROM twice)
)
SELECT
    import_id, position, is_new, life, event_id,
    CASE
        WHEN event_id IS NOT NULL THEN 'id ' || event_id
        WHEN version IS NOT NULL THEN 'version ' || life || ' ' || version
        ELSE 'row ' || content || coalesce(global_position::VARCHAR, '')
    END AS identity,
    content
FROM (
    SELECT *, to_json({
        life: life, version: version, event_type: event_type, schema_version: schema_version,
        occurred_at: occurred_at, actor: actor, correlation_id: correlation_id, causation_id: causation_id,
        data: data::VARCHAR, metadata: metadata::VARCHAR,
        moved: CASE WHEN data IS NULL THEN concat_ws(' ', to_state, from_recorded, transition) END
    })::VARCHAR AS content
    FROM all_rows
)
