-- How often a day do aggregates move from one state to another, in each period, and more often than before?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, period TIMESTAMP (UTC, its beginning), times
-- BIGINT, days DOUBLE (of the period that were observed), per_day DOUBLE, low DOUBLE, high DOUBLE (its 95 % interval,
-- Byar's), trend DOUBLE (per_day in the second half of all that was observed, over that in the first), trend_low
-- DOUBLE, trend_high DOUBLE (its 95 % interval, from Wilson's of the later moves among all)
-- Observed is from the log's first event to its last, or the window's part of it: the same for all, so that the rates
-- of groups add up. Without a step ($every) all of it is one period.
WITH told AS (
    SELECT min(effective_at) AS first_at, max(effective_at) AS last_at FROM events
), observed AS (
    SELECT greatest(first_at, $since::TIMESTAMP) AS begins, least(last_at, $before::TIMESTAMP) AS ends,
        make_timestamp((epoch_us(begins) + epoch_us(ends)) // 2) AS middle
    FROM told
), moved AS (
    SELECT type, field, from_state, to_state, entered_at,
        time_bucket($every::INTERVAL, timezone($zone, timezone('UTC', entered_at))) AS shown
    FROM moves
    WHERE from_state IS NOT NULL
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), ticked AS (
    SELECT type, field, from_state, to_state, shown, count(*) AS times FROM moved GROUP BY ALL
), pairs AS (
    SELECT m.type, m.field, m.from_state, m.to_state, count(*) AS total, count_if(m.entered_at >= o.middle) AS later,
        any_value(nullif(date_diff('microsecond', o.begins, o.middle), 0)
            / nullif(date_diff('microsecond', o.middle, o.ends), 0)) AS halves
    FROM moved AS m
    CROSS JOIN observed AS o
    GROUP BY m.type, m.field, m.from_state, m.to_state
), steps AS (
    SELECT begins, ends,
        unnest(CASE WHEN $every::INTERVAL IS NULL THEN [NULL::TIMESTAMP] ELSE generate_series(
            time_bucket($every::INTERVAL, timezone($zone, timezone('UTC', begins))),
            timezone($zone, timezone('UTC', ends)), $every::INTERVAL) END) AS shown
    FROM observed
), periods AS (
    SELECT begins, ends, shown, coalesce(timezone('UTC', timezone($zone, shown)), begins) AS period
    FROM steps
), ended AS (
    SELECT *, least(ends, lead(period) OVER (ORDER BY period)) AS over_at
    FROM periods
    WHERE (shown IS NULL OR time_bucket($every::INTERVAL, timezone($zone, timezone('UTC', period))) = shown)
        AND ($before::TIMESTAMP IS NULL OR period < $before::TIMESTAMP)
), lasting AS (
    SELECT shown, period,
        date_diff('microsecond', coalesce(lag(over_at) OVER (ORDER BY period), begins), over_at) / 86400e6 AS days
    FROM ended
), measured AS (
    SELECT p.type, p.field, p.from_state, p.to_state, l.period, coalesce(t.times, 0) AS times, l.days,
        p.total, p.later, p.halves,
        1.959963984540054 AS w,
        p.later / p.total AS share,
        (share + w * w / (2 * p.total)) / (1 + w * w / p.total) AS center,
        w * sqrt(share * (1 - share) / p.total + w * w / (4 * p.total * p.total)) / (1 + w * w / p.total) AS half
    FROM pairs AS p
    CROSS JOIN lasting AS l
    LEFT JOIN ticked AS t ON t.type = p.type AND t.field = p.field AND t.from_state = p.from_state
        AND t.to_state = p.to_state AND t.shown IS NOT DISTINCT FROM l.shown
)
SELECT type, field, from_state, to_state, period, times::BIGINT AS times, days,
    times / nullif(days, 0) AS per_day,
    CASE WHEN times = 0 THEN 0 ELSE times * (1 - 1 / (9 * times) - w / (3 * sqrt(times))) ** 3 END
        / nullif(days, 0) AS low,
    (times + 1) * (1 - 1 / (9 * (times + 1)) + w / (3 * sqrt(times + 1))) ** 3 / nullif(days, 0) AS high,
    halves * later / nullif(total - later, 0) AS trend,
    halves * greatest(0, center - half) / (1 - center + half) AS trend_low,
    CASE WHEN later < total THEN halves * (center + half) / (1 - center - half) END AS trend_high
FROM measured
ORDER BY type, field, total DESC, from_state, to_state, period
