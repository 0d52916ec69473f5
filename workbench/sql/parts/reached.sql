-- Which steps of a funnel did each life reach, and by which move?
-- type VARCHAR, field VARCHAR, life BIGINT, step BIGINT (from 1), move INTEGER, entered_at TIMESTAMP,
-- previous_at TIMESTAMP (entry of the step before; NULL for the first)
-- How far a life gets follows from its sequence of states, so it is worked out once a variant: a way is an attempt
-- that begins at a spot of the sequence. The stays that make a step are then those whose path is the beginning of
-- such a sequence, read off the moves without looking at one life after the other.
WITH RECURSIVE ways AS (
    SELECT path, states, unnest(
            CASE WHEN $strict THEN list_filter(range(1, len(states) + 1), lambda spot: states[spot] = ($steps::VARCHAR[])[1])
                ELSE [list_position(states, ($steps::VARCHAR[])[1])] END
        ) AS start, 1::BIGINT AS step, NULL::BIGINT AS spot_of_last, start::BIGINT AS spot
    FROM variants
    WHERE list_contains(states, ($steps::VARCHAR[])[1])
    UNION ALL
    SELECT path, states, start, step + 1, spot, spot + ahead
    FROM (
        SELECT *, CASE WHEN coalesce($strict, false) THEN (states[spot + 1] = ($steps::VARCHAR[])[step + 1])::BIGINT
            ELSE list_position(states[spot + 1:], ($steps::VARCHAR[])[step + 1]) END AS ahead
        FROM ways
        WHERE step < len($steps::VARCHAR[])
    )
    WHERE ahead > 0
), shown AS (
    SELECT path, min((life, field)) AS one FROM lives GROUP BY path
), sequences AS MATERIALIZED (
    SELECT s.path, m.path AS beginning, row_number() OVER (PARTITION BY m.life, m.field ORDER BY m.move) AS spot
    FROM moves AS m
    JOIN shown AS s ON s.one[1] = m.life AND s.one[2] = m.field
), beginnings AS MATERIALIZED (
    SELECT DISTINCT here.beginning AS path, w.start, w.step, w.spot_of_last = w.spot - 1 AS adjacent,
        CASE WHEN w.spot_of_last < w.spot - 1 THEN last.beginning END AS last_path, first.beginning AS first_path
    FROM ways AS w
    JOIN sequences AS here ON here.path = w.path AND here.spot = w.spot
    JOIN sequences AS first ON first.path = w.path AND first.spot = w.start
    LEFT JOIN sequences AS last ON last.path = w.path AND last.spot = w.spot_of_last
), followed AS (
    SELECT * FROM moves WHERE $since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL
    UNION ALL
    SELECT m.*
    FROM moves AS m
    SEMI JOIN (
        SELECT life, field FROM moves
        WHERE to_state = ($steps::VARCHAR[])[1] AND visit = 1
            AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
            AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    ) AS entered ON entered.life = m.life AND entered.field = m.field
    WHERE $since::TIMESTAMP IS NOT NULL OR $before::TIMESTAMP IS NOT NULL
), reached AS (
    SELECT m.type, m.field, m.life, b.step, m.move, m.entered_at,
        CASE WHEN b.adjacent THEN m.from_entered_at ELSE last.entered_at END AS previous_at
    FROM followed AS m
    JOIN beginnings AS b ON b.path = m.path
    LEFT JOIN (SELECT * FROM moves WHERE path IN (SELECT last_path FROM beginnings)) AS last
        ON last.life = m.life AND last.field = m.field AND last.path = b.last_path
    LEFT JOIN (
        SELECT * FROM moves WHERE $span::INTERVAL IS NOT NULL AND path IN (SELECT first_path FROM beginnings)
    ) AS first ON first.life = m.life AND first.field = m.field AND first.path = b.first_path
    WHERE $span::INTERVAL IS NULL OR b.step = 1 OR m.entered_at <= first.entered_at + $span::INTERVAL
)
SELECT type, field, life, step, move, entered_at, previous_at FROM reached WHERE NOT coalesce($strict, false)
UNION ALL
-- Of several attempts the earliest that got this far counts.
SELECT type, field, life, step, min(move) AS move, arg_min_null(entered_at, move) AS entered_at,
    arg_min_null(previous_at, move) AS previous_at
FROM reached
WHERE coalesce($strict, false)
GROUP BY type, field, life, step
