-- How long do aggregates stay in each state?
-- type VARCHAR, field VARCHAR, state VARCHAR, stays BIGINT, open BIGINT (not left), unknown_start BIGINT (entered
-- before anything is known), mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE (exact, over the other
-- stays: those left, with a known beginning)
WITH counted AS (
    SELECT type, field, to_state AS state, count(*) AS stays,
        count_if(left_at IS NULL) AS open,
        count_if(entered_at IS NULL) AS unknown_start,
        avg(date_diff('microsecond', entered_at, left_at)) AS mean,
        quantile_cont(date_diff('microsecond', entered_at, left_at), [0.5, 0.9]) AS spent
    FROM moves
    WHERE ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    GROUP BY type, field, to_state
)
SELECT type, field, state, stays, open::BIGINT AS open, unknown_start::BIGINT AS unknown_start,
    mean / 1e6 AS mean_seconds,
    spent[1] / 1e6 AS median_seconds,
    spent[2] / 1e6 AS p90_seconds
FROM counted
ORDER BY type, field, stays DESC, state
