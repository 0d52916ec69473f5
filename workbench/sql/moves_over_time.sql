-- How often did aggregates move from each state to each other, in each step of time?
-- type VARCHAR, field VARCHAR, instant TIMESTAMP (UTC, the end of the step, itself included), from_state VARCHAR (replayed;
-- NULL where a life begins), to_state VARCHAR, times BIGINT (never 0: a pair that nobody took in a step has no row there)
-- Steps are multiples of $stride microseconds since year 1, which began on a Monday. Their ends are the instants at which
-- `state_at` first shows what happened in them. `known_at` is never before the rest: by it alone row groups are passed over.
WITH entered AS (
    SELECT type, field, from_state, to_state,
        (date_diff('microsecond', TIMESTAMP '0001-01-01', least(coalesce(entered_at, began_at), known_at)) - 1)
            // $stride + 1 AS slot,
        count(*) AS times
    FROM moves
    WHERE $since::TIMESTAMP IS NULL OR known_at > $since::TIMESTAMP - to_microseconds($stride)
        AND least(coalesce(entered_at, began_at), known_at) > $since::TIMESTAMP - to_microseconds($stride)
    GROUP BY ALL
), dated AS (
    SELECT type, field, TIMESTAMP '0001-01-01' + to_microseconds(slot * $stride) AS instant, from_state, to_state, times
    FROM entered
)
SELECT type, field, instant, from_state, to_state, times
FROM dated
WHERE instant < TIMESTAMP '10000-01-01' -- no Python datetime is later
    AND ($since::TIMESTAMP IS NULL OR instant >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR instant < $before::TIMESTAMP)
ORDER BY type, field, instant, from_state NULLS FIRST, to_state
