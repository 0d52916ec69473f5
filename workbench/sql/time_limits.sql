-- How many stays keep to the longest time their state may last?
-- type VARCHAR, field VARCHAR, state VARCHAR, limit_seconds DOUBLE, source VARCHAR (who says so: 'given', or the
-- machine and its key), stays BIGINT, within BIGINT (left in time), late BIGINT (left too late), waiting BIGINT (open
-- at the instant, in time so far), overdue BIGINT (open, too late already), unknown_start BIGINT (none of these),
-- late_share DOUBLE (0 to 1, late and overdue of those within, late and overdue), worst_seconds DOUBLE (longest over
-- its limit by so much, NULL where none is), instant TIMESTAMP (UTC, the one asked for)
WITH limits AS (
    SELECT * FROM told -- as in parts/limits.sql
), stays AS (
    SELECT m.type, m.field, m.to_state AS state, m.entered_at,
        coalesce(m.left_at <= $instant::TIMESTAMP, FALSE) AS closed,
        CASE WHEN m.left_at <= $instant::TIMESTAMP THEN m.left_at ELSE $instant::TIMESTAMP END AS seen_until
    FROM moves AS m
    WHERE coalesce(m.entered_at, m.began_at) <= $instant::TIMESTAMP
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
), judged AS (
    SELECT s.closed, s.entered_at, l.*, date_diff('microsecond', s.entered_at, s.seen_until) AS age
    FROM limits AS l
    JOIN stays AS s ON s.type = l.type AND s.field = l.field AND s.state = l.state
), counted AS (
    SELECT type, field, state, microseconds, source, count(*) AS stays,
        count(*) FILTER (WHERE closed AND age <= microseconds) AS within,
        count(*) FILTER (WHERE closed AND age > microseconds) AS late,
        count(*) FILTER (WHERE NOT closed AND age <= microseconds) AS waiting,
        count(*) FILTER (WHERE NOT closed AND age > microseconds) AS overdue,
        count(*) FILTER (WHERE entered_at IS NULL) AS unknown_start,
        max(age - microseconds) AS worst
    FROM judged
    GROUP BY type, field, state, microseconds, source
)
SELECT type, field, state, microseconds / 1e6 AS limit_seconds, source, stays, within,
    late, waiting, overdue, unknown_start,
    (late + overdue) / nullif(within + late + overdue, 0) AS late_share,
    CASE WHEN worst > 0 THEN worst / 1e6 END AS worst_seconds,
    $instant::TIMESTAMP AS instant
FROM counted
ORDER BY type, field, late + overdue DESC, state
