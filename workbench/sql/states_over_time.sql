-- How many aggregates are in each state at every calendar instant (UTC)?
-- type VARCHAR, field VARCHAR, instant TIMESTAMP (UTC), state VARCHAR, aggregates BIGINT (never 0: a state that
-- holds nobody at an instant has no row there)
-- A sweep: each move adds one to the state it enters and takes one from the state it leaves, at the first
-- calendar instant that is not before it. Year 1 began on a Monday, so weeks counted from there do too.
WITH changes AS (
    SELECT type, field, from_state, to_state,
        CASE WHEN $months > 0
            THEN date_diff('month', TIMESTAMP '0001-01-01',
                least(coalesce(entered_at, began_at), known_at) - INTERVAL 1 MICROSECOND) // greatest($months, 1) + 1
            ELSE (date_diff('microsecond', TIMESTAMP '0001-01-01',
                least(coalesce(entered_at, began_at), known_at)) - 1) // greatest($microseconds, 1) + 1
        END AS tick,
        count(*) AS moved
    FROM moves
    GROUP BY ALL
), deltas AS (
    SELECT type, field, to_state AS state, tick, moved FROM changes
    UNION ALL
    SELECT type, field, from_state, tick, -moved FROM changes WHERE from_state IS NOT NULL
), summed AS (
    SELECT type, field, state, tick, sum(moved) AS moved FROM deltas GROUP BY type, field, state, tick
), running AS (
    SELECT type, field, state, tick,
        sum(moved) OVER (PARTITION BY type, field, state ORDER BY tick) AS aggregates,
        coalesce(lead(tick) OVER (PARTITION BY type, field, state ORDER BY tick), max(tick) OVER () + 1) AS next_tick
    FROM summed
), filled AS (
    SELECT type, field, state, aggregates, unnest(range(tick, next_tick)) AS tick
    FROM running
    WHERE aggregates > 0
), dated AS (
    SELECT type, field, state, aggregates,
        TIMESTAMP '0001-01-01' + CASE WHEN $months > 0
            THEN to_months((tick * $months)::INTEGER) ELSE to_microseconds(tick * $microseconds) END AS instant
    FROM filled
)
SELECT type, field, instant, state, aggregates::BIGINT AS aggregates
FROM dated
WHERE ($since::TIMESTAMP IS NULL OR instant >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR instant < $before::TIMESTAMP)
ORDER BY type, field, instant, state
