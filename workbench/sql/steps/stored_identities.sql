-- The identities of events already there that a new row could equal.
CREATE OR REPLACE TEMP TABLE stored AS
SELECT e.import_id, e.position, e.life, e.event_id IS NOT NULL AS has_id, hash('id', e.event_id) AS identity
FROM events AS e JOIN imports AS i USING (import_id)
WHERE i.system = $system AND e.event_id IN (SELECT event_id FROM stage WHERE reason IS NULL)
UNION ALL
SELECT
    import_id, position, life, false,
    CASE
        WHEN version IS NOT NULL THEN hash('version', life, version)
        ELSE hash(
            'row', life, event_type, schema_version, occurred_at, global_position, actor,
            correlation_id, causation_id, data::VARCHAR, metadata::VARCHAR,
            CASE WHEN data IS NULL THEN concat_ws(' ', to_state, from_recorded, transition) END
        )
    END
FROM events
WHERE event_id IS NULL AND life IN (SELECT life FROM seen WHERE NOT is_new)
