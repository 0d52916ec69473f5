-- How long have those in each state at an instant been there?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT (in the state then), unknown_start BIGINT (of them;
-- the other columns leave them out), oldest_since TIMESTAMP (UTC), median_seconds DOUBLE, p90_seconds DOUBLE,
-- max_seconds DOUBLE, hour BIGINT (there for less than an hour), day BIGINT (for an hour or more, less than a day),
-- week BIGINT (for a day or more, less than seven), month BIGINT (for seven days or more, less than thirty), longer
-- BIGINT, instant TIMESTAMP (UTC, the one asked for)
WITH inside AS (
    SELECT type, field, to_state AS state, entered_at, date_diff('microsecond', entered_at, $instant::TIMESTAMP) AS age
    FROM moves
    WHERE (entered_at <= $instant::TIMESTAMP OR (entered_at IS NULL AND began_at <= $instant::TIMESTAMP))
        AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
), counted AS (
    SELECT type, field, state, count(*) AS aggregates, count(*) FILTER (WHERE entered_at IS NULL) AS unknown_start,
        min(entered_at) AS oldest_since, quantile_cont(age, [0.5, 0.9, 1]) AS ages,
        count(*) FILTER (WHERE age < 3600000000) AS hour,
        count(*) FILTER (WHERE age >= 3600000000 AND age < 86400000000) AS day,
        count(*) FILTER (WHERE age >= 86400000000 AND age < 604800000000) AS week,
        count(*) FILTER (WHERE age >= 604800000000 AND age < 2592000000000) AS month,
        count(*) FILTER (WHERE age >= 2592000000000) AS longer
    FROM inside
    GROUP BY type, field, state
)
SELECT type, field, state, aggregates, unknown_start, oldest_since,
    ages[1] / 1e6 AS median_seconds,
    ages[2] / 1e6 AS p90_seconds,
    ages[3] / 1e6 AS max_seconds,
    hour, day, week, month, longer,
    $instant::TIMESTAMP AS instant
FROM counted
ORDER BY type, field, aggregates DESC, state
