-- A row with an id and one of its life without: the same event when all but the id is equal. The later goes, and
-- the earlier has the id from then on: it could otherwise stand for several events with ids of their own.
CREATE OR REPLACE TEMP TABLE twins AS
WITH mixed AS (
    SELECT life FROM (
        SELECT life, event_id FROM events WHERE life IN (SELECT life FROM seen)
        UNION ALL
        SELECT f.life, s.event_id FROM fresh AS f JOIN stage AS s USING (position)
    )
    GROUP BY life HAVING count(event_id) BETWEEN 1 AND count(*) - 1
),
all_rows AS (
    SELECT false AS is_new, import_id, position, life, event_id, global_position, version, event_type, schema_version, occurred_at,
        actor, correlation_id, causation_id, data, metadata, to_state, from_recorded, transition
    FROM events WHERE life IN (SELECT life FROM mixed)
    UNION ALL
    SELECT true, f.import_id, f.position, f.life, s.event_id, s.global_position, s.version, s.event_type, s.schema_version, s.occurred_at,
        s.actor, s.correlation_id, s.causation_id, s.data, s.metadata, s.to_state, s.from_recorded, s.transition
    FROM fresh AS f JOIN stage AS s USING (position)
    WHERE f.life IN (SELECT life FROM mixed) AND f.position NOT IN (SELECT position FROM verdicts)
),
paired AS (
    SELECT *,
        row_number() OVER (PARTITION BY content, event_id IS NULL ORDER BY is_new, import_id, position) AS pair
    FROM (
        SELECT *, to_json({
            life: life, version: version, event_type: event_type, schema_version: schema_version,
            occurred_at: occurred_at, actor: actor, correlation_id: correlation_id, causation_id: causation_id,
            data: data::VARCHAR, metadata: metadata::VARCHAR,
            moved: CASE WHEN data IS NULL THEN concat_ws(' ', to_state, from_recorded, transition) END
        })::VARCHAR AS content
        FROM all_rows
    )
)
SELECT * REPLACE (
    CASE WHEN first_import = $import_id OR first_import IN (SELECT import_id FROM imports WHERE system = $system)
        THEN event_id END AS event_id
) FROM (
    SELECT *,
        row_number() OVER w AS nth,
        first_value(import_id) OVER w AS first_import,
        first_value(position) OVER w AS first_position
    FROM paired
    WINDOW w AS (PARTITION BY content, pair ORDER BY is_new, import_id, position ROWS UNBOUNDED PRECEDING)
)
WHERE nth > 1 AND is_new;
INSERT INTO verdicts SELECT position, 'duplicate' FROM twins;
UPDATE events SET event_id = t.event_id, global_position = t.global_position
FROM twins AS t
WHERE t.event_id IS NOT NULL AND events.import_id = t.first_import AND events.position = t.first_position;
UPDATE stage SET event_id = t.event_id, global_position = t.global_position
FROM twins AS t
WHERE t.event_id IS NOT NULL AND t.first_import = $import_id AND stage.position = t.first_position;
UPDATE fresh SET has_id = true, global_position = t.global_position
FROM twins AS t
WHERE t.event_id IS NOT NULL AND t.first_import = $import_id AND fresh.position = t.first_position
