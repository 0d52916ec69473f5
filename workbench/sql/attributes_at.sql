-- What were the state and the attributes of each aggregate at an instant?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, state VARCHAR, since TIMESTAMP (UTC), version BIGINT (the store's,
-- of the event that began the stay), place BIGINT (likewise; all four NULL where it has no state), attributes JSON
-- (name -> value, by name; without the states that are told only later), source VARCHAR ('events', or 'snapshot':
-- what a model_snapshot told; with ' before the move' or ' after the move' as most of the type's snapshots that can
-- tell were taken), instant TIMESTAMP (UTC, the one asked for)
WITH stays AS (
    SELECT life, field, to_state, entered_at, inferred, version, place
    FROM moves
    WHERE (entered_at <= $instant::TIMESTAMP OR (entered_at IS NULL AND began_at <= $instant::TIMESTAMP))
        AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
), held AS (
    SELECT life, '{' || array_to_string(list_sort(list(to_json(path)::VARCHAR || ':' || new::VARCHAR)), ',') || '}' AS pairs
    FROM changes
    WHERE effective_at <= $instant::TIMESTAMP AND (replaced_at IS NULL OR replaced_at > $instant::TIMESTAMP)
        AND new IS NOT NULL AND ($names::VARCHAR[] IS NULL OR list_contains($names::VARCHAR[], path))
    GROUP BY life
), snapshots AS (
    SELECT DISTINCT type, life, place, snapshot, effective_at FROM changes WHERE snapshot IS NOT NULL
), votes AS (
    SELECT type, 'snapshot' || CASE sign(count(*) FILTER (snapshot = 'after') - count(*) FILTER (snapshot = 'before'))
        WHEN 1 THEN ' after the move' WHEN -1 THEN ' before the move' ELSE '' END AS source
    FROM snapshots
    GROUP BY type
), begun AS (
    SELECT DISTINCT life, type, aggregate_id
    FROM lives
    WHERE first_at <= $instant::TIMESTAMP OR life IN (SELECT life FROM stays)
)
SELECT b.type, s.field, b.aggregate_id, s.to_state AS state, s.entered_at AS since,
    CASE WHEN NOT s.inferred THEN s.version END AS version,
    CASE WHEN NOT s.inferred THEN s.place END AS place,
    coalesce(h.pairs, '{}')::JSON AS attributes,
    CASE WHEN b.life IN (SELECT life FROM snapshots WHERE effective_at <= $instant::TIMESTAMP) THEN v.source
        ELSE 'events' END AS source,
    $instant::TIMESTAMP AS instant
FROM begun AS b
LEFT JOIN stays AS s ON s.life = b.life
LEFT JOIN held AS h ON h.life = b.life
LEFT JOIN votes AS v ON v.type = b.type
ORDER BY b.type, s.field, length(b.aggregate_id), b.aggregate_id
