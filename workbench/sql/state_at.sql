-- In which state is each aggregate at an instant, and since when?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, state VARCHAR, since TIMESTAMP (UTC, NULL where unknown),
-- version BIGINT (the store's, of the event that began the stay; NULL where inferred), place BIGINT (likewise),
-- instant TIMESTAMP (UTC, the one asked for)
SELECT m.type, m.field, l.aggregate_id, m.to_state AS state, m.entered_at AS since,
    CASE WHEN NOT m.inferred THEN m.version END AS version,
    CASE WHEN NOT m.inferred THEN m.place END AS place,
    $instant::TIMESTAMP AS instant
FROM moves AS m
JOIN lives AS l ON l.life = m.life AND l.field = m.field
WHERE (m.entered_at <= $instant::TIMESTAMP OR (m.entered_at IS NULL AND m.began_at <= $instant::TIMESTAMP))
    AND (m.left_at IS NULL OR m.left_at > $instant::TIMESTAMP)
ORDER BY m.type, m.field, length(l.aggregate_id), l.aggregate_id
