-- How often did aggregates move from one state to another, and how long had they been in the first?
-- type VARCHAR, field VARCHAR, from_state VARCHAR (replayed), to_state VARCHAR, times BIGINT, aggregates BIGINT
-- (distinct), share DOUBLE (0 to 1, of the type's moves in the window), median_seconds DOUBLE, p90_seconds DOUBLE
-- (time spent in from_state before the move; exact), unknown_start BIGINT (moves out of a stay whose beginning is
-- unknown: they have no time), of_from DOUBLE (0 to 1, of the moves out of from_state: the probability of to_state
-- next), p99_seconds DOUBLE, mean_seconds DOUBLE
-- Distinct aggregates: a pair's first move (nth = 1) is its aggregate's. Only a window that cuts off beginnings, and
-- groups that part the moves of one life, also have aggregates whose first such move lies elsewhere; they are looked
-- for among lives that repeat a pair.
WITH counted AS (
    SELECT type, field, from_state, to_state, count(*) AS times, count_if(nth = 1) AS firsts,
        quantile_cont(date_diff('microsecond', from_entered_at, entered_at), [0.5, 0.9, 0.99]) AS spent,
        avg(date_diff('microsecond', from_entered_at, entered_at)) AS mean,
        count_if(from_entered_at IS NULL) AS unknown_start
    FROM moves
    WHERE from_state IS NOT NULL
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    GROUP BY type, field, from_state, to_state
), again AS (
    SELECT type, field, from_state, to_state, count(*) AS aggregates
    FROM (
        SELECT life, type, field, from_state, to_state
        FROM moves
        WHERE ($since::TIMESTAMP IS NOT NULL OR coalesce($by_move, FALSE)) AND from_state IS NOT NULL
            AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
            AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
            AND life IN (SELECT life FROM moves
                WHERE nth > 1 AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP))
        GROUP BY life, type, field, from_state, to_state
        HAVING min(nth) > 1
    )
    GROUP BY type, field, from_state, to_state
)
SELECT type, field, from_state, to_state, times,
    (firsts + coalesce(again.aggregates, 0))::BIGINT AS aggregates,
    times / sum(times) OVER (PARTITION BY type, field) AS share,
    spent[1] / 1e6 AS median_seconds,
    spent[2] / 1e6 AS p90_seconds,
    unknown_start::BIGINT AS unknown_start,
    times / sum(times) OVER (PARTITION BY type, field, from_state) AS of_from,
    spent[3] / 1e6 AS p99_seconds,
    mean / 1e6 AS mean_seconds
FROM counted
LEFT JOIN again USING (type, field, from_state, to_state)
ORDER BY type, field, times DESC, from_state, to_state
