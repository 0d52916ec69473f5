-- Which stays have lasted longer than their state may?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, state VARCHAR, since TIMESTAMP (UTC), exited_at TIMESTAMP (UTC,
-- NULL while open at the instant), seconds DOUBLE (until then, or until the instant), limit_seconds DOUBLE,
-- over_seconds DOUBLE (longer than the limit by so much), instant TIMESTAMP (UTC, the one asked for)
WITH limits AS (
    SELECT * FROM told -- as in parts/limits.sql
), stays AS (
    SELECT m.type, m.field, m.aggregate_id, m.to_state AS state, m.entered_at, limits.microseconds AS allowed,
        CASE WHEN m.left_at <= $instant::TIMESTAMP THEN m.left_at END AS exited_at,
        CASE WHEN m.left_at <= $instant::TIMESTAMP THEN m.left_at ELSE $instant::TIMESTAMP END AS seen_until
    FROM moves AS m
    JOIN limits ON limits.type = m.type AND limits.field = m.field AND limits.state = m.to_state
    WHERE m.entered_at <= $instant::TIMESTAMP
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
), timed AS (
    SELECT *, date_diff('microsecond', entered_at, seen_until) AS age FROM stays
)
SELECT type, field, aggregate_id, state, entered_at AS since, exited_at, age / 1e6 AS seconds,
    allowed / 1e6 AS limit_seconds, (age - allowed) / 1e6 AS over_seconds, $instant::TIMESTAMP AS instant
FROM timed
WHERE age > allowed
ORDER BY type, field, over_seconds DESC, length(aggregate_id), aggregate_id, entered_at
