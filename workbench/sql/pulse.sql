-- Who is in each state now, and how many came and went in the last span, and came in the one before?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT (in it at the last event), entered BIGINT and exited BIGINT
-- (stays that began and ended since), entered_before BIGINT (stays that began in the span before), instant TIMESTAMP
-- (UTC, of the last event); aggregates - entered + exited were in it just before the span
WITH counted AS (
    SELECT
        type, field, to_state AS state,
        count(*) FILTER (left_at IS NULL) AS aggregates,
        count(*) FILTER (entered_at >= $since::TIMESTAMP) AS entered,
        count(*) FILTER (left_at >= $since::TIMESTAMP) AS exited,
        count(*) FILTER (entered_at >= $earlier::TIMESTAMP AND entered_at < $since::TIMESTAMP) AS entered_before
    FROM moves
    WHERE left_at IS NULL OR left_at >= $earlier::TIMESTAMP
    GROUP BY type, field, to_state
)
SELECT type, field, state, aggregates, entered, exited, entered_before, $instant::TIMESTAMP AS instant
FROM counted
ORDER BY type, field, aggregates DESC, state
