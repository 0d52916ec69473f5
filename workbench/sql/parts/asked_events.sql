-- Which events meet every condition that is given? The place of each, and what an order of them needs.
SELECT life, place, effective_at, aggregate_type, aggregate_id
FROM events
WHERE ($who::VARCHAR IS NULL OR actor = $who::VARCHAR)
    AND ($kind::VARCHAR IS NULL OR event_type = $kind::VARCHAR)
    AND ($thread::VARCHAR IS NULL OR correlation_id = $thread::VARCHAR)
    AND ($since::TIMESTAMP IS NULL OR effective_at >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR effective_at < $before::TIMESTAMP)
    AND ($entered::VARCHAR IS NULL OR (life, place) IN (
        SELECT (life, place) FROM moves WHERE to_state = $entered::VARCHAR AND NOT inferred
    ))
    -- JSON is stored with quotes and backslashes escaped.
    AND ($needle::VARCHAR IS NULL
        OR contains(lower(concat_ws(' ', event_id, correlation_id, causation_id)), lower($needle::VARCHAR))
        OR contains(
            lower(concat_ws(' ', data::VARCHAR, metadata::VARCHAR)),
            lower(substr(to_json($needle::VARCHAR)::VARCHAR, 2, length(to_json($needle::VARCHAR)::VARCHAR) - 2))
        ))
