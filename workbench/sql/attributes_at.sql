-- What were the state and the attributes of each aggregate at an instant?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, state VARCHAR, since TIMESTAMP (UTC), version BIGINT (the store's,
-- of the event that began the stay), place BIGINT (likewise; all four NULL where it has no state), attributes JSON
-- (name -> value, by name; without the states that are told only later), source VARCHAR ('events', or 'snapshot' while
-- a value is as a model_snapshot told it; with ' before the move' or ' after the move' as most of the type's snapshots
-- that can tell were taken; 'reducers': folded outside of SQL, $folded), instant TIMESTAMP (UTC, the one asked for)
WITH stays AS (
    SELECT life, type, field, to_state, entered_at, inferred, version, place
    FROM moves
    WHERE (entered_at <= $instant::TIMESTAMP OR (entered_at IS NULL AND began_at <= $instant::TIMESTAMP))
        AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
), holding AS NOT MATERIALIZED (
    SELECT life, to_json(path)::VARCHAR || ':' || new::VARCHAR AS pair
    FROM changes
    WHERE effective_at <= $instant::TIMESTAMP AND (replaced_at IS NULL OR replaced_at > $instant::TIMESTAMP)
        AND new IS NOT NULL AND ($names::VARCHAR[] IS NULL OR list_contains($names::VARCHAR[], path))
), held AS (
    -- An attribute has one value at an instant: of one there is nothing to gather.
    SELECT life, '{' || pair || '}' AS pairs FROM holding WHERE len($names::VARCHAR[]) = 1
    UNION ALL
    SELECT life, '{' || array_to_string(list_sort(list(pair)), ',') || '}'
    FROM holding
    WHERE coalesce(len($names::VARCHAR[]), 0) <> 1
    GROUP BY life
), votes AS (
    SELECT l.aggregate_type, 'snapshot' || CASE sign(
            count(*) FILTER (s.snapshot = 'after') - count(*) FILTER (s.snapshot = 'before')
        ) WHEN 1 THEN ' after the move' WHEN -1 THEN ' before the move' ELSE '' END AS source
    FROM (SELECT DISTINCT life, place, snapshot FROM changes WHERE snapshot IS NOT NULL) AS s
    JOIN (SELECT DISTINCT life, aggregate_type FROM lives) AS l ON l.life = s.life
    GROUP BY l.aggregate_type
), copied AS (
    -- Not what the event told by its move, by new_attributes or by a reducer.
    SELECT DISTINCT c.life
    FROM changes AS c
    LEFT JOIN events AS e ON e.life = c.life AND e.place = c.place AND (
        e.event_type = 'model_updated' OR e.import_id IN (SELECT import_id FROM imports WHERE reducers IS NOT NULL)
    )
    ANTI JOIN moves AS m ON m.life = c.life AND m.place = c.place AND m.field = c.path
    WHERE c.snapshot IS NOT NULL AND c.new IS NOT NULL
        AND c.effective_at <= $instant::TIMESTAMP AND (c.replaced_at IS NULL OR c.replaced_at > $instant::TIMESTAMP)
        AND ($names::VARCHAR[] IS NULL OR list_contains($names::VARCHAR[], c.path))
        AND CASE WHEN e.life IS NULL THEN TRUE ELSE c.new::VARCHAR = json_extract(
            e.data, '/model_snapshot/' || replace(replace(c.path, '~', '~0'), '/', '~1'))::VARCHAR END
), folded AS (
    SELECT unnest($folded::STRUCT(life BIGINT, attributes VARCHAR)[], max_depth := 2)
), everyone AS (
    SELECT life, min(type) AS type, aggregate_type, aggregate_id, first_at
    FROM lives
    GROUP BY life, aggregate_type, aggregate_id, first_at
)
SELECT coalesce(s.type, e.type) AS type, s.field, e.aggregate_id, s.to_state AS state, s.entered_at AS since,
    CASE WHEN NOT s.inferred THEN s.version END AS version,
    CASE WHEN NOT s.inferred THEN s.place END AS place,
    coalesce(f.attributes, h.pairs, '{}')::JSON AS attributes,
    CASE WHEN f.life IS NOT NULL THEN 'reducers' WHEN e.life IN (SELECT life FROM copied) THEN v.source ELSE 'events' END AS source,
    $instant::TIMESTAMP AS instant
FROM everyone AS e
LEFT JOIN stays AS s ON s.life = e.life
LEFT JOIN held AS h ON h.life = e.life
LEFT JOIN folded AS f ON f.life = e.life
LEFT JOIN votes AS v ON v.aggregate_type = e.aggregate_type
WHERE e.first_at <= $instant::TIMESTAMP OR s.life IS NOT NULL
ORDER BY coalesce(s.type, e.type), s.field, length(e.aggregate_id), e.aggregate_id
