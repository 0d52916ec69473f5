-- Which states do aggregates come back to, through whom, and what does it cost?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT (distinct, that came again), share DOUBLE (0 to 1, of
-- those ever in the state; NULL in a window, and where groups tear lives apart), times BIGINT (stays of those that had
-- been there before), self_loops BIGINT (of them: the same state stated again), returns BIGINT (after leaving it),
-- repeats BIGINT (by the actor who had brought it there before), redos BIGINT (by another), unknown_actor BIGINT,
-- away_seconds DOUBLE (from leaving the state to the return, summed), median_away_seconds DOUBLE (of the returns),
-- again_seconds DOUBLE (stays after the first that are over, summed)
-- Of a whole life each state has one first stay and, if it was come back to, one second: that counts lives.
WITH entered AS NOT MATERIALIZED (
    FROM moves
    WHERE ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), firsts AS (
    SELECT type, field, to_state, count(*) AS ever
    FROM entered
    WHERE visit = 1
    GROUP BY type, field, to_state
), torn AS (
    SELECT type, field, to_state, count(DISTINCT life) AS aggregates
    FROM entered
    WHERE visit > 1
        AND ($since::TIMESTAMP IS NOT NULL OR $before::TIMESTAMP IS NOT NULL OR coalesce($by_move, FALSE))
    GROUP BY type, field, to_state
), again AS (
    SELECT type, field, to_state, count_if(visit = 2) AS came_back, count(*) AS times,
        count_if(from_state = to_state) AS self_loops, count(actor = last_actor) AS known_actor,
        count_if(actor = last_actor) AS repeats,
        sum(date_diff('microsecond', last_left_at, entered_at)) AS away,
        median(CASE WHEN NOT from_state = to_state THEN date_diff('microsecond', last_left_at, entered_at) END)
            AS median_away,
        sum(date_diff('microsecond', entered_at, left_at)) AS spent
    FROM entered
    WHERE visit > 1
    GROUP BY type, field, to_state
)
SELECT a.type, a.field, a.to_state AS state, coalesce(t.aggregates, a.came_back)::BIGINT AS aggregates,
    CASE WHEN t.aggregates IS NULL THEN a.came_back / f.ever END AS share, a.times,
    a.self_loops::BIGINT AS self_loops, (a.times - a.self_loops)::BIGINT AS returns, a.repeats::BIGINT AS repeats,
    (a.known_actor - a.repeats)::BIGINT AS redos, a.times - a.known_actor AS unknown_actor,
    a.away / 1e6 AS away_seconds, a.median_away / 1e6 AS median_away_seconds,
    coalesce(a.spent, 0) / 1e6 AS again_seconds
FROM again AS a
LEFT JOIN firsts AS f ON f.type = a.type AND f.field = a.field AND f.to_state = a.to_state
LEFT JOIN torn AS t ON t.type = a.type AND t.field = a.field AND t.to_state = a.to_state
ORDER BY a.type, a.field, aggregates DESC, state
