-- How long do aggregates stay in each state?
-- type VARCHAR, field VARCHAR, state VARCHAR, stays BIGINT, open BIGINT (not left), unknown_start BIGINT (entered
-- before anything is known), mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE (exact, over the other
-- stays: those left, with a known beginning), reentries BIGINT (stays of an aggregate that had been there before),
-- km_median_seconds DOUBLE (Kaplan-Meier, exact: the time after which half have left, open stays counted as not yet
-- left; NULL where fewer than half ever do), p10_seconds DOUBLE, p25_seconds DOUBLE, p75_seconds DOUBLE (as p90)
-- Between two interruptions (a stay that ends open, or one entered before the log began) the estimate falls by exits
-- alone: n at risk lose d of n. So it is worked out over interruptions, which are few, and no stay but the median's
-- is looked at. Ages are sorted as far as the latest that can be it: where half would have left even if none of the
-- open ones ever did (a quantile of those left tells such an age). An age is a number of microseconds times 4, plus 0
-- for an exit, 1 for an open end, 2 for a stay first seen at that age: sorted, exits come before what interrupts then.
WITH observed AS (
    SELECT min(effective_at) AS first_at, max(effective_at) AS last_at FROM events
), stays AS NOT MATERIALIZED (
    SELECT type, field, to_state AS state, entered_at, left_at, visit
    FROM moves
    WHERE ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), late AS MATERIALIZED (
    SELECT s.type, s.field, s.state, s.left_at,
        date_diff('microsecond', s.entered_at, coalesce(s.left_at, o.last_at)) AS age,
        date_diff('microsecond', s.entered_at, o.first_at) AS age_at_first
    FROM stays AS s
    JOIN observed AS o ON s.entered_at < o.first_at
), told AS (
    SELECT type, field, state, row_number() OVER () AS number, count(*) AS stays, count(left_at) AS gone,
        count(entered_at) AS begun, count_if(visit > 1) AS reentries, avg(spent) AS mean, count(spent) AS exits,
        quantile_cont(spent, [0.5, 0.9, 0.51, 0.53, 0.57, 0.65, 0.1, 0.25, 0.75]) AS spent
    FROM (SELECT *, date_diff('microsecond', entered_at, left_at) AS spent FROM stays)
    GROUP BY type, field, state
), counted AS MATERIALIZED (
    SELECT t.*, o.first_at, o.last_at, t.begun - coalesce(l.late, 0) AS at_first, coalesce(l.joined, 0) AS joined,
        CASE WHEN l.late IS NULL THEN ceil(list_min(list_filter(t.spent[3:6], lambda age, place:
            floor([0.51, 0.53, 0.57, 0.65][place] * (t.exits - 1)) + 1 >= t.begun / 2)))::BIGINT END AS latest
    FROM told AS t
    CROSS JOIN observed AS o
    LEFT JOIN (
        SELECT type, field, state, count(*) AS late, count_if(age > age_at_first) AS joined
        FROM late
        GROUP BY type, field, state
    ) AS l ON l.type = t.type AND l.field = t.field AND l.state = t.state
), ordered AS MATERIALIZED (
    SELECT number, age, row_number() OVER (PARTITION BY number ORDER BY age) AS n
    FROM (
        SELECT number, age * 4 + open AS age
        FROM (
            SELECT c.number, c.latest, (s.left_at IS NULL)::INTEGER AS open,
                date_diff('microsecond', s.entered_at, coalesce(s.left_at, c.last_at)) AS age
            FROM stays AS s
            JOIN counted AS c ON c.type = s.type AND c.field = s.field AND c.state = s.state
            WHERE s.entered_at >= c.first_at AND c.exits > 0
        )
        WHERE latest IS NULL OR age <= latest
        UNION ALL
        SELECT c.number, unnest([l.age * 4 + (l.left_at IS NULL)::INTEGER, l.age_at_first * 4 + 2])
        FROM late AS l
        JOIN counted AS c ON c.type = l.type AND c.field = l.field AND c.state = l.state
        WHERE l.age > l.age_at_first AND c.exits > 0
    )
), breaks AS (
    SELECT o.number, c.at_first, c.at_first + 2 * c.joined AS last_n, o.n, (o.age % 4 = 2)::INTEGER AS joined
    FROM ordered AS o
    JOIN counted AS c ON c.number = o.number
    WHERE o.age % 4 > 0
    UNION ALL
    SELECT number, at_first, at_first + 2 * joined, 0, 0 FROM counted WHERE exits > 0
), parts AS (
    SELECT number, n, at_first + 2 * sum(joined) OVER w - n AS at_risk,
        coalesce(lead(n) OVER w, last_n + 1) - n - 1 AS exits
    FROM breaks
    WINDOW w AS (PARTITION BY number ORDER BY n)
), fallen AS (
    SELECT number, n, at_risk, 1 - exits / at_risk AS kept,
        coalesce(product(1 - exits / at_risk) OVER (
            PARTITION BY number ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 1) AS before_it
    FROM parts
    WHERE exits > 0
), halved AS (
    SELECT number, min_by(n + greatest(1, ceil(at_risk * (1 - 0.5 / before_it) - 1e-4)), n)::BIGINT AS n
    FROM fallen
    WHERE kept * before_it <= 0.5 + 1e-9
    GROUP BY number
)
SELECT c.type, c.field, c.state, c.stays, c.stays - c.gone AS open, c.stays - c.begun AS unknown_start,
    c.mean / 1e6 AS mean_seconds,
    c.spent[1] / 1e6 AS median_seconds,
    c.spent[2] / 1e6 AS p90_seconds,
    c.reentries::BIGINT AS reentries,
    (o.age // 4) / 1e6 AS km_median_seconds,
    c.spent[7] / 1e6 AS p10_seconds, c.spent[8] / 1e6 AS p25_seconds, c.spent[9] / 1e6 AS p75_seconds
FROM counted AS c
LEFT JOIN halved AS h ON h.number = c.number
LEFT JOIN ordered AS o ON o.number = h.number AND o.n = h.n
ORDER BY c.type, c.field, c.stays DESC, c.state
