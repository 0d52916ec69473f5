-- How long do aggregates take from one state to another?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, aggregates BIGINT (distinct, that got there),
-- times BIGINT (ways from the one to the other), open BIGINT (aggregates that set out and have not got there),
-- unknown_start BIGINT (ways without a time: when they began is unknown), mean_seconds DOUBLE, min_seconds DOUBLE,
-- median_seconds DOUBLE, p90_seconds DOUBLE, p99_seconds DOUBLE, max_seconds DOUBLE, p10_seconds DOUBLE, p25_seconds
-- DOUBLE, p75_seconds DOUBLE (exact, over the other ways)
-- A way goes from the first entry of the one since the last way ended to the next entry of the other, by move. In each
-- piece of a life that an entry of the other ends, it begins with the first entry of the one. Where both are one
-- state, its entry ends a way before it begins the next. Lives that never enter the other are not followed: each that was ever in
-- the one has set out once.
WITH arriving AS (
    SELECT DISTINCT life, field FROM moves WHERE to_state = $target
), entries AS (
    SELECT m.life, m.type, m.field, m.move, m.entered_at, FALSE AS ends
    FROM moves AS m
    SEMI JOIN arriving AS a ON a.life = m.life AND a.field = m.field
    WHERE m.to_state = $origin
    UNION ALL
    SELECT life, type, field, move, entered_at, TRUE FROM moves WHERE to_state = $target
), pieces AS (
    SELECT life, type, field, move, entered_at, ends,
        count_if(ends) OVER (
            PARTITION BY life, field ORDER BY move, ends DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) - ends::INTEGER AS piece
    FROM entries
), ways AS (
    SELECT life, type, field, piece, min_by(entered_at, move) FILTER (WHERE NOT ends) AS start_at,
        max(entered_at) FILTER (WHERE ends) AS end_at, bool_or(ends) AS arrived,
        count_if(entered_at IS NULL AND NOT ends) > 0 AS blind
    FROM pieces
    GROUP BY life, type, field, piece
    HAVING count_if(NOT ends) > 0
), numbered AS (
    SELECT *, row_number() OVER (PARTITION BY life, field ORDER BY piece) AS number FROM ways
), chosen AS (
    SELECT life, type, field, arrived, blind, CASE WHEN NOT blind THEN start_at END AS start_at, end_at
    FROM numbered
    WHERE (number = 1 OR NOT coalesce($once, FALSE))
        AND ($since::TIMESTAMP IS NULL OR start_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR start_at < $before::TIMESTAMP)
), followed AS (
    SELECT type, field, count(DISTINCT life) FILTER (WHERE arrived) AS aggregates, count_if(arrived) AS times,
        count_if(NOT arrived) AS open, count_if(arrived AND blind) AS unknown_start,
        avg(date_diff('microsecond', start_at, end_at)) AS mean,
        quantile_cont(date_diff('microsecond', start_at, end_at), [0, 0.5, 0.9, 0.99, 1, 0.1, 0.25, 0.75]) AS spent
    FROM chosen
    GROUP BY type, field
), others AS (
    SELECT m.type, m.field, count(*) AS open
    FROM moves AS m
    ANTI JOIN arriving AS a ON a.life = m.life AND a.field = m.field
    WHERE m.to_state = $origin AND m.visit = 1
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
    GROUP BY m.type, m.field
)
SELECT coalesce(f.type, o.type) AS type, coalesce(f.field, o.field) AS field, $origin AS from_state,
    $target AS to_state, coalesce(f.aggregates, 0) AS aggregates, coalesce(f.times, 0)::BIGINT AS times,
    (coalesce(f.open, 0) + coalesce(o.open, 0))::BIGINT AS open, coalesce(f.unknown_start, 0)::BIGINT AS unknown_start,
    f.mean / 1e6 AS mean_seconds, f.spent[1] / 1e6 AS min_seconds, f.spent[2] / 1e6 AS median_seconds,
    f.spent[3] / 1e6 AS p90_seconds, f.spent[4] / 1e6 AS p99_seconds, f.spent[5] / 1e6 AS max_seconds,
    f.spent[6] / 1e6 AS p10_seconds, f.spent[7] / 1e6 AS p25_seconds, f.spent[8] / 1e6 AS p75_seconds
FROM followed AS f
FULL JOIN others AS o ON o.type = f.type AND o.field = f.field
ORDER BY type, field
