-- Which states do aggregates come back to, through whom, and what does it cost?
-- type VARCHAR, field VARCHAR, state VARCHAR, aggregates BIGINT (distinct, that came again), share DOUBLE (0 to 1, of
-- those ever in the state; NULL in a window, and where groups tear lives apart), times BIGINT (stays of those that had
-- been there before), self_loops BIGINT (of them: the same state stated again), returns BIGINT (after leaving it),
-- repeats BIGINT (by the actor who had brought it there before), redos BIGINT (by another), unknown_actor BIGINT,
-- away_seconds DOUBLE (from leaving the state to the return, summed), median_away_seconds DOUBLE (of the returns),
-- again_seconds DOUBLE (stays after the first that are over, summed)
-- Of a whole life each state has one first stay and, if it was come back to, one second: that counts lives.
WITH lived AS (
    SELECT type, field, to_state AS state, count_if(visit = 2) AS aggregates, count_if(visit = 1) AS ever
    FROM moves
    WHERE visit <= 2 AND $since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL AND NOT coalesce($by_move, FALSE)
    GROUP BY type, field, to_state
    UNION ALL
    SELECT type, field, to_state, count(DISTINCT life), NULL
    FROM moves
    WHERE visit > 1
        AND ($since::TIMESTAMP IS NOT NULL OR $before::TIMESTAMP IS NOT NULL OR coalesce($by_move, FALSE))
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    GROUP BY type, field, to_state
), again AS (
    SELECT m.type, m.field, m.to_state AS state, m.from_state = m.to_state AS looped, m.actor = p.actor AS same,
        date_diff('microsecond', p.left_at, m.entered_at) AS away,
        date_diff('microsecond', m.entered_at, m.left_at) AS spent
    FROM moves AS m
    JOIN moves AS p ON p.life = m.life AND p.field = m.field AND p.to_state = m.to_state AND p.visit = m.visit - 1
    WHERE m.visit > 1
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
), counted AS (
    SELECT type, field, state, count(*) AS times, count_if(looped) AS self_loops, count(same) AS known_actor,
        count_if(same) AS repeats, sum(away) AS away, median(CASE WHEN NOT looped THEN away END) AS median_away,
        sum(spent) AS spent
    FROM again
    GROUP BY type, field, state
)
SELECT c.type, c.field, c.state, l.aggregates, l.aggregates / l.ever AS share, c.times,
    c.self_loops::BIGINT AS self_loops, (c.times - c.self_loops)::BIGINT AS returns, c.repeats::BIGINT AS repeats,
    (c.known_actor - c.repeats)::BIGINT AS redos, c.times - c.known_actor AS unknown_actor,
    c.away / 1e6 AS away_seconds, c.median_away / 1e6 AS median_away_seconds,
    coalesce(c.spent, 0) / 1e6 AS again_seconds
FROM counted AS c
JOIN lived AS l ON l.type = c.type AND l.field = c.field AND l.state = c.state
ORDER BY c.type, c.field, l.aggregates DESC, c.state
