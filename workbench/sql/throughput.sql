-- How long do aggregates take from one state to another?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, aggregates BIGINT (distinct, that got there),
-- times BIGINT (ways from the one to the other), open BIGINT (aggregates that set out and have not got there),
-- unknown_start BIGINT (ways without a time: when they began is unknown), mean_seconds DOUBLE, min_seconds DOUBLE,
-- median_seconds DOUBLE, p90_seconds DOUBLE, p99_seconds DOUBLE, max_seconds DOUBLE (exact, over the other ways)
-- A way goes from the first entry of the one since the last way ended to the next entry of the other, by move. In each
-- piece of a life that an entry of the other ends, it begins with the first entry of the one. Where both are one
-- state, its entry ends a way before it begins the next.
WITH entries AS (
    SELECT life, type, field, move, entered_at, FALSE AS ends FROM moves WHERE to_state = $origin
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
), counted AS (
    SELECT type, field, count(DISTINCT life) FILTER (WHERE arrived) AS aggregates, count_if(arrived) AS times,
        count_if(NOT arrived) AS open, count_if(arrived AND blind) AS unknown_start,
        avg(date_diff('microsecond', start_at, end_at)) AS mean,
        quantile_cont(date_diff('microsecond', start_at, end_at), [0, 0.5, 0.9, 0.99, 1]) AS spent
    FROM chosen
    GROUP BY type, field
)
SELECT type, field, $origin AS from_state, $target AS to_state, aggregates, times::BIGINT AS times,
    open::BIGINT AS open, unknown_start::BIGINT AS unknown_start, mean / 1e6 AS mean_seconds,
    spent[1] / 1e6 AS min_seconds, spent[2] / 1e6 AS median_seconds, spent[3] / 1e6 AS p90_seconds,
    spent[4] / 1e6 AS p99_seconds, spent[5] / 1e6 AS max_seconds
FROM counted
ORDER BY type, field
