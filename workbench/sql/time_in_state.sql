-- How long do aggregates stay in each state?
-- type VARCHAR, field VARCHAR, state VARCHAR, stays BIGINT, open BIGINT (not left), unknown_start BIGINT (entered
-- before anything is known), mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE (exact, over the other
-- stays: those left, with a known beginning), reentries BIGINT (stays of an aggregate that had been there before),
-- km_median_seconds DOUBLE (Kaplan-Meier, exact: the time after which half have left, open stays counted as not yet
-- left; NULL where fewer than half ever do)
-- Between two interruptions (a stay that ends open, or one entered before the log began) the estimate falls by exits
-- alone: n at risk lose d of n. So it is worked out over interruptions, which are few, and no stay but the median's
-- is looked at. An age is a number of microseconds times 4, plus 0 for an exit, 1 for an open end, 2 for a stay
-- first seen at that age: sorted, exits come before what interrupts at the same age.
WITH observed AS (
    SELECT min(effective_at) AS first_at, max(effective_at) AS last_at FROM events
), stays AS (
    SELECT type, field, to_state AS state, entered_at, left_at, visit,
        date_diff('microsecond', entered_at, left_at) AS spent,
        date_diff('microsecond', entered_at, coalesce(left_at, last_at)) AS age,
        CASE WHEN entered_at < first_at THEN date_diff('microsecond', entered_at, first_at) END AS age_at_first
    FROM moves CROSS JOIN observed
    WHERE ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), aged AS (
    SELECT *, age * 4 + (left_at IS NULL)::INTEGER AS leaving, age_at_first * 4 + 2 AS joining,
        coalesce(age > age_at_first, age IS NOT NULL) AS seen
    FROM stays
), counted AS MATERIALIZED (
    SELECT type, field, state, row_number() OVER () AS number, count(*) AS stays,
        count_if(left_at IS NULL) AS open,
        count_if(entered_at IS NULL) AS unknown_start,
        count_if(visit > 1) AS reentries,
        avg(spent) AS mean,
        quantile_cont(spent, [0.5, 0.9]) AS spent,
        count_if(seen AND joining IS NULL) AS at_first,
        count_if(seen) + count_if(seen AND joining IS NOT NULL) AS last_n
    FROM aged
    GROUP BY type, field, state
), ordered AS MATERIALIZED (
    SELECT number, age, row_number() OVER (PARTITION BY number ORDER BY age) AS n
    FROM (
        SELECT type, field, state, leaving AS age FROM aged WHERE seen
        UNION ALL
        SELECT type, field, state, joining FROM aged WHERE seen AND joining IS NOT NULL
    ) AS points
    JOIN (SELECT type, field, state, number FROM counted WHERE spent IS NOT NULL) AS left_ones USING (type, field, state)
), breaks AS (
    SELECT o.number, c.at_first, c.last_n, o.n, (o.age % 4 = 2)::INTEGER AS joined
    FROM ordered AS o
    JOIN counted AS c ON c.number = o.number
    WHERE o.age % 4 > 0
    UNION ALL
    SELECT number, at_first, last_n, 0, 0 FROM counted WHERE spent IS NOT NULL
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
SELECT c.type, c.field, c.state, c.stays, c.open::BIGINT AS open, c.unknown_start::BIGINT AS unknown_start,
    c.mean / 1e6 AS mean_seconds,
    c.spent[1] / 1e6 AS median_seconds,
    c.spent[2] / 1e6 AS p90_seconds,
    c.reentries::BIGINT AS reentries,
    (o.age // 4) / 1e6 AS km_median_seconds
FROM counted AS c
LEFT JOIN halved AS h ON h.number = c.number
LEFT JOIN ordered AS o ON o.number = h.number AND o.n = h.n
ORDER BY c.type, c.field, c.stays DESC, c.state
