-- How many lives begin and end in each period, and how many are under way?
-- type VARCHAR, field VARCHAR, period TIMESTAMP (UTC, its beginning), began BIGINT (got their first state), ended
-- BIGINT (entered a state where lives end), reopened BIGINT (left such a state), under_way BIGINT (at the period's
-- end), began_so_far BIGINT, ended_so_far BIGINT (less those reopened): the two lines of a cumulative flow
-- Every period of the zone's calendar from the first life on, also one in which nothing happens. An hour that a clock
-- shows twice is one period.
WITH endings AS (
    SELECT * FROM told -- as in parts/endings.sql
), steps AS (
    SELECT m.type, m.field, least(coalesce(m.entered_at, m.began_at), m.known_at) AS stepped_at,
        m.from_state IS NULL AS begins, b.state IS NOT NULL AS was_over, a.state IS NOT NULL AS is_over
    FROM moves AS m
    LEFT JOIN endings AS b ON b.type = m.type AND b.field = m.field AND b.state = m.from_state
    LEFT JOIN endings AS a ON a.type = m.type AND a.field = m.field AND a.state = m.to_state
    WHERE m.from_state IS NULL OR (b.state IS NULL) <> (a.state IS NULL)
), ticked AS (
    SELECT type, field, time_bucket($step::INTERVAL, timezone($zone, timezone('UTC', stepped_at))) AS shown,
        count_if(begins) AS began, count_if(is_over AND NOT was_over) AS ended,
        count_if(was_over AND NOT is_over) AS reopened
    FROM steps
    GROUP BY type, field, shown
), lasting AS (
    SELECT type, field, min(shown) AS first_shown, max(max(shown)) OVER () AS last_shown
    FROM ticked
    GROUP BY type, field
), filled AS (
    SELECT type, field, unnest(generate_series(first_shown, last_shown, $step::INTERVAL)) AS shown FROM lasting
), running AS (
    SELECT f.type, f.field, f.shown, timezone('UTC', timezone($zone, f.shown)) AS period,
        coalesce(t.began, 0) AS began, coalesce(t.ended, 0) AS ended, coalesce(t.reopened, 0) AS reopened,
        sum(coalesce(t.began, 0)) OVER w AS began_so_far,
        sum(coalesce(t.ended, 0) - coalesce(t.reopened, 0)) OVER w AS ended_so_far
    FROM filled AS f
    LEFT JOIN ticked AS t ON t.type = f.type AND t.field = f.field AND t.shown = f.shown
    WINDOW w AS (PARTITION BY f.type, f.field ORDER BY f.shown)
)
SELECT type, field, period, began::BIGINT AS began, ended::BIGINT AS ended, reopened::BIGINT AS reopened,
    (began_so_far - ended_so_far)::BIGINT AS under_way, began_so_far::BIGINT AS began_so_far,
    ended_so_far::BIGINT AS ended_so_far
FROM running
WHERE time_bucket($step::INTERVAL, timezone($zone, timezone('UTC', period))) = shown
    AND ($since::TIMESTAMP IS NULL OR period >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR period < $before::TIMESTAMP)
ORDER BY type, field, period
