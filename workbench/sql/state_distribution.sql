-- How many aggregates are in each state at an instant?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT, share DOUBLE (0 to 1, of the type's aggregates
-- that have a state then), instant TIMESTAMP (UTC, the one asked for)
WITH counted AS (
    SELECT type, field, to_state AS state, count(*) AS aggregates
    FROM moves
    WHERE (entered_at <= $instant::TIMESTAMP OR (entered_at IS NULL AND began_at <= $instant::TIMESTAMP))
        AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
    GROUP BY type, field, to_state
)
SELECT type, field, state, aggregates,
    aggregates / sum(aggregates) OVER (PARTITION BY type, field) AS share,
    $instant::TIMESTAMP AS instant
FROM counted
ORDER BY type, field, aggregates DESC, state
