-- Which states do aggregates come back to, through whom, and what does it cost?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT (distinct, that came again), share DOUBLE (0 to 1, of
-- those ever in the state; NULL in a window, and where groups tear lives apart), times BIGINT (stays of those that had
-- been there before), self_loops BIGINT (of them: the same state stated again), returns BIGINT (after leaving it),
-- repeats BIGINT (by the actor who had brought it there before), redos BIGINT (by another), unknown_actor BIGINT,
-- away_seconds DOUBLE (from leaving the state to the return, summed), median_away_seconds DOUBLE (of the returns),
-- again_seconds DOUBLE (stays after the first that are over, summed)
WITH again AS (
    SELECT m.life, m.type, m.field, m.to_state AS state, m.from_state = m.to_state AS looped, m.actor = p.actor AS same,
        date_diff('microsecond', p.left_at, m.entered_at) AS away,
        date_diff('microsecond', m.entered_at, m.left_at) AS spent
    FROM moves AS m
    JOIN moves AS p ON p.life = m.life AND p.field = m.field AND p.to_state = m.to_state AND p.visit = m.visit - 1
    WHERE m.visit > 1
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
), counted AS (
    SELECT type, field, state, count(DISTINCT life) AS aggregates, count(*) AS times,
        count(*) FILTER (WHERE looped) AS self_loops,
        count(*) FILTER (WHERE same) AS repeats, count(*) FILTER (WHERE NOT same) AS redos,
        count(*) FILTER (WHERE same IS NULL) AS unknown_actor,
        sum(away) AS away, median(away) FILTER (WHERE NOT looped) AS median_away, sum(spent) AS spent
    FROM again
    GROUP BY type, field, state
), ever AS (
    SELECT type, field, to_state AS state, count(*) AS aggregates
    FROM moves
    WHERE visit = 1 AND $since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL AND NOT coalesce($by_move, FALSE)
    GROUP BY type, field, to_state
)
SELECT c.type, c.field, c.state, c.aggregates, c.aggregates / e.aggregates AS share, c.times,
    c.self_loops::BIGINT AS self_loops, (c.times - c.self_loops)::BIGINT AS returns, c.repeats::BIGINT AS repeats,
    c.redos::BIGINT AS redos, c.unknown_actor::BIGINT AS unknown_actor, c.away / 1e6 AS away_seconds,
    c.median_away / 1e6 AS median_away_seconds, coalesce(c.spent, 0) / 1e6 AS again_seconds
FROM counted AS c
LEFT JOIN ever AS e ON e.type = c.type AND e.field = c.field AND e.state = c.state
ORDER BY c.type, c.field, c.aggregates DESC, c.state
