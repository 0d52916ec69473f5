-- In which state do lives spend most of their time?
-- type VARCHAR, field VARCHAR, rank BIGINT (from 1, by total_seconds, within the type; NULL for a state that nobody
-- ever left), state VARCHAR, stays BIGINT (that touch the window), entered BIGINT, exited BIGINT (within it),
-- entered_per_day DOUBLE, exited_per_day DOUBLE, mean_inside DOUBLE (aggregates in the state, over the window's time),
-- mean_stay_seconds DOUBLE (within the window), total_seconds DOUBLE (within the window, of all stays), share DOUBLE
-- (0 to 1, of the total of the states with a rank)
-- Little's law holds exactly: mean_inside = stays / window x mean_stay_seconds, for both are total_seconds / window.
WITH ends AS (
    SELECT min(effective_at) AS first_at, max(effective_at) AS last_at FROM events
), asked AS (
    SELECT greatest($since::TIMESTAMP, first_at) AS start_at, least($before::TIMESTAMP, last_at) AS end_at FROM ends
), observed AS (
    SELECT start_at, greatest(start_at, end_at) AS end_at,
        greatest(date_diff('microsecond', start_at, end_at), 0) AS observed_for
    FROM asked
), touching AS (
    SELECT m.type, m.field, m.to_state AS state, o.observed_for,
        greatest(coalesce(m.entered_at, m.began_at), o.start_at) AS from_at,
        least(coalesce(m.left_at, o.end_at), o.end_at) AS upto_at,
        coalesce(m.entered_at, m.began_at) >= o.start_at AS came,
        coalesce(m.left_at >= o.start_at AND ($before::TIMESTAMP IS NULL OR m.left_at < $before::TIMESTAMP), FALSE)
            AS went
    FROM moves AS m
    CROSS JOIN observed AS o
    WHERE ($before::TIMESTAMP IS NULL OR coalesce(m.entered_at, m.began_at) < $before::TIMESTAMP)
        AND coalesce(m.entered_at, m.began_at) <= o.end_at
        AND (m.left_at IS NULL OR m.left_at > o.start_at OR coalesce(m.entered_at, m.began_at) >= o.start_at)
), summed AS (
    SELECT type, field, state, any_value(observed_for) AS observed_for, count(*) AS stays,
        count(*) FILTER (WHERE came) AS entered, count(*) FILTER (WHERE went) AS exited,
        sum(date_diff('microsecond', from_at, upto_at)) AS total
    FROM touching
    GROUP BY type, field, state
), told AS (
    SELECT s.*, l.left_at IS NOT NULL AS is_left
    FROM summed AS s
    JOIN (
        SELECT type, field, to_state AS state, max(left_at) AS left_at FROM moves GROUP BY type, field, to_state
    ) AS l ON l.type = s.type AND l.field = s.field AND l.state = s.state
)
SELECT type, field,
    CASE WHEN is_left THEN row_number() OVER (PARTITION BY type, field, is_left ORDER BY total DESC, state) END AS rank,
    state, stays, entered, exited,
    entered / nullif(observed_for / 864e8, 0) AS entered_per_day,
    exited / nullif(observed_for / 864e8, 0) AS exited_per_day,
    total / nullif(observed_for, 0) AS mean_inside,
    total / 1e6 / stays AS mean_stay_seconds,
    total / 1e6 AS total_seconds,
    CASE WHEN is_left THEN total / nullif(sum(total) OVER (PARTITION BY type, field, is_left), 0) END AS share
FROM told
ORDER BY type, field, rank NULLS LAST, total DESC, state
