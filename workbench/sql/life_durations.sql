-- How long do lives take to their end, and how old are those that have not ended?
-- type VARCHAR, field VARCHAR, state VARCHAR (the latest), ended BOOLEAN (lives end there), aggregates BIGINT,
-- mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE, max_seconds DOUBLE (from a life's first event; if it
-- ended to its entry of that state, else to the instant), instant TIMESTAMP (UTC, the one asked for), p10_seconds
-- DOUBLE, p25_seconds DOUBLE, p75_seconds DOUBLE (as the others)
-- In a window: of the lives whose first event lies in it.
WITH endings AS (
    SELECT * FROM told -- as in parts/endings.sql
), aged AS (
    SELECT m.type, m.field, m.to_state AS state, e.state IS NOT NULL AS ended, m.began_at AS start_at,
        CASE WHEN e.state IS NOT NULL THEN coalesce(m.entered_at, m.began_at) ELSE $instant::TIMESTAMP END AS seen_until
    FROM moves AS m
    LEFT JOIN endings AS e ON e.type = m.type AND e.field = m.field AND e.state = m.to_state
    WHERE ($since::TIMESTAMP IS NULL OR m.began_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.began_at < $before::TIMESTAMP)
        AND coalesce(m.entered_at, m.began_at) <= $instant::TIMESTAMP
        AND (m.left_at IS NULL OR m.left_at > $instant::TIMESTAMP)
), counted AS (
    SELECT type, field, state, ended, count(*) AS aggregates,
        avg(date_diff('microsecond', start_at, seen_until)) AS mean,
        quantile_cont(date_diff('microsecond', start_at, seen_until), [0.5, 0.9, 1, 0.1, 0.25, 0.75]) AS spent
    FROM aged
    GROUP BY type, field, state, ended
)
SELECT type, field, state, ended, aggregates, mean / 1e6 AS mean_seconds, spent[1] / 1e6 AS median_seconds,
    spent[2] / 1e6 AS p90_seconds, spent[3] / 1e6 AS max_seconds, $instant::TIMESTAMP AS instant,
    spent[4] / 1e6 AS p10_seconds, spent[5] / 1e6 AS p25_seconds, spent[6] / 1e6 AS p75_seconds
FROM counted
ORDER BY type, field, ended DESC, aggregates DESC, state
