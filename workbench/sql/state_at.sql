-- In which state is each aggregate at an instant, and since when?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, state VARCHAR, since TIMESTAMP (UTC, NULL where unknown),
-- version BIGINT (the store's, of the event that began the stay; NULL where inferred), place BIGINT (likewise),
-- instant TIMESTAMP (UTC, the one asked for)
SELECT type, field, aggregate_id, to_state AS state, entered_at AS since,
    CASE WHEN NOT inferred THEN version END AS version,
    CASE WHEN NOT inferred THEN place END AS place,
    $instant::TIMESTAMP AS instant
FROM moves
WHERE (entered_at <= $instant::TIMESTAMP OR (entered_at IS NULL AND began_at <= $instant::TIMESTAMP))
    AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
ORDER BY type, field, length(aggregate_id), aggregate_id
