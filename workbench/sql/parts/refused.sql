-- Which moves does no transition of their machine allow? Each with its event, and with what its machine declares, as the
-- table `tracks` of the question has it.
-- Where the log names a move's transition and the machine its transitions, it is that one which must allow it.
-- An attribute update that says the same state again is no move a machine could refuse.
WITH allowed AS (
    SELECT type, field, pair.from_state, pair.to_state, list(pair.transition) AS names,
        bool_or(pair.transition IS NULL) AS any_name
    FROM (SELECT type, field, unnest(pairs) AS pair FROM tracks)
    GROUP BY ALL
), refused AS (
    SELECT m.life, m.type, m.field, m.place, m.entered_at, m.transition, m.from_state, m.to_state, m.from_recorded,
        m.actor, m.inferred, t.machine, t.states, t.finals, t.pairs
    FROM moves AS m
    JOIN tracks AS t ON t.type = m.type AND t.field = m.field
    LEFT JOIN allowed AS a ON a.type = m.type AND a.field = m.field AND a.to_state = m.to_state
        AND a.from_state IS NOT DISTINCT FROM m.from_state
    WHERE t.machine IS NOT NULL AND (a.to_state IS NULL
        OR NOT (a.any_name OR m.transition IS NULL OR list_contains(a.names, m.transition)))
        AND ($since::TIMESTAMP IS NULL OR m.entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR m.entered_at < $before::TIMESTAMP)
), told AS (
    SELECT r.*, e.aggregate_id, e.version, e.occurred_at, e.event_type,
        (e.import_id, e.event_type) IN (SELECT import_id, unnest(hand_set) FROM imports)
            AND r.transition IS NULL AND NOT r.inferred AS hand_set
    FROM refused AS r
    JOIN events AS e ON e.life = r.life AND e.place = r.place
)
SELECT * FROM told WHERE NOT (hand_set AND from_state IS NOT DISTINCT FROM to_state)
