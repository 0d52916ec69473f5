-- Which moves were the last ones?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, entered_at TIMESTAMP (UTC), from_state VARCHAR (replayed; NULL where a
-- life begins), to_state VARCHAR, transition VARCHAR (as recorded), actor VARCHAR, version BIGINT, place BIGINT
SELECT type, field, aggregate_id, entered_at, from_state, to_state, transition, actor, version, place
FROM moves
WHERE NOT inferred
    AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
    AND ($states::VARCHAR[] IS NULL OR list_contains($states::VARCHAR[], to_state))
ORDER BY entered_at DESC, type, field, aggregate_id, move DESC
LIMIT $most::BIGINT
