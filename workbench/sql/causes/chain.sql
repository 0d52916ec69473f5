-- Which event made it so, what caused that event, and that one, and what does each of them say?
-- event VARCHAR (its id), type VARCHAR, aggregate_id VARCHAR, at (UTC) TIMESTAMP (as the event says), event_type
-- VARCHAR, from_state VARCHAR, to_state VARCHAR (of the move of the track asked about, else of the last one), actor
-- VARCHAR, changed VARCHAR (attributes, where it moves no state; clocks tell nothing)
-- Of a cause that is not there only the id is known.
WITH RECURSIVE chain AS (
    SELECT 0 AS nth, life, place, event_id, causation_id, [{life: life, place: place}] AS passed
    FROM events
    WHERE type = $type AND aggregate_id = $id AND place = $place
    UNION ALL
    SELECT c.nth + 1, e.life, e.place, c.causation_id, e.causation_id,
        list_append(c.passed, {life: e.life, place: e.place})
    FROM chain AS c
    LEFT JOIN events AS e ON e.event_id = c.causation_id
    WHERE c.causation_id IS NOT NULL AND NOT list_contains(c.passed, {life: e.life, place: e.place})
), moved AS (
    SELECT life, place, arg_max({from_state: from_state, to_state: to_state}, (field = $track, field)) AS move
    FROM moves
    WHERE NOT inferred AND (life, place) IN (SELECT (life, place) FROM chain)
    GROUP BY life, place
), altered AS (
    SELECT life, place, string_agg(path, ', ' ORDER BY path) AS names
    FROM changes
    WHERE (life, place) IN (SELECT (life, place) FROM chain) AND path NOT IN ('created_at', 'updated_at')
        AND coalesce(old::VARCHAR, 'null') <> coalesce(new::VARCHAR, 'null')
    GROUP BY life, place
)
SELECT c.event_id AS event, e.type, e.aggregate_id, e.occurred_at AS "at (UTC)", e.event_type, m.move.from_state,
    m.move.to_state, e.actor, CASE WHEN m.move.to_state IS NULL THEN a.names END AS changed
FROM chain AS c
LEFT JOIN events AS e ON e.life = c.life AND e.place = c.place
LEFT JOIN moved AS m ON m.life = c.life AND m.place = c.place
LEFT JOIN altered AS a ON a.life = c.life AND a.place = c.place
ORDER BY c.nth
