-- Which moves does no transition of the machine allow, and why not?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, machine VARCHAR, place BIGINT, version BIGINT (the store's),
-- occurred_at TIMESTAMP (UTC, as the event says), entered_at TIMESTAMP (UTC, NULL where unknown), event_type VARCHAR,
-- transition VARCHAR (as recorded), from_state VARCHAR (replayed; NULL at the beginning), to_state VARCHAR,
-- from_recorded VARCHAR (as the event says), actor VARCHAR, why VARCHAR, inferred BOOLEAN (the move is a beginning
-- that the first event only speaks of)
-- Where the log names a move's transition and the machine its transitions, it is that one which must allow it.
-- An attribute update that says the same state again is no move a machine could refuse.
-- A type may be a group, a STRUCT that holds the type's name: machines speak for the name.
WITH types AS (
    SELECT type, coalesce(to_json(type) ->> '/type', type::VARCHAR) AS name FROM (SELECT DISTINCT type FROM moves)
), tracks AS (
    SELECT types.type, told.* EXCLUDE (type)
    FROM (
        SELECT unnest($machines::STRUCT(type VARCHAR, field VARCHAR, machine VARCHAR, states VARCHAR[],
            finals VARCHAR[], pairs STRUCT(from_state VARCHAR, to_state VARCHAR, transition VARCHAR)[])[], max_depth := 2)
    ) AS told
    JOIN types ON types.name = told.type
), allowed AS (
    SELECT type, field, pair.from_state, pair.to_state, list(pair.transition) AS names,
        bool_or(pair.transition IS NULL) AS any_name
    FROM (SELECT type, field, unnest(pairs) AS pair FROM tracks)
    GROUP BY ALL
), refused AS (
    SELECT m.life, m.type, m.field, m.place, m.entered_at, m.transition, m.from_state, m.to_state, m.from_recorded,
        m.actor, m.inferred, t.machine, t.states, t.finals, t.pairs,
        list_filter(list_transform(t.pairs, lambda pair: pair.transition), lambda name: name IS NOT NULL) AS names
    FROM moves AS m
    JOIN tracks AS t ON t.type = m.type AND t.field = m.field
    LEFT JOIN allowed AS a ON a.type = m.type AND a.field = m.field AND a.to_state = m.to_state
        AND a.from_state IS NOT DISTINCT FROM m.from_state
    WHERE (a.to_state IS NULL
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
SELECT type, field, aggregate_id, machine, place, version, occurred_at, entered_at, event_type, transition, from_state,
    to_state, from_recorded, actor,
    CASE
        WHEN NOT list_contains(states, to_state) THEN 'unknown state'
        WHEN from_state IS NULL THEN 'starts off the initial state'
        WHEN hand_set THEN 'state set without a transition'
        WHEN from_recorded <> from_state AND len(list_filter(pairs, lambda pair: pair.from_state = from_recorded
                AND pair.to_state = to_state AND coalesce(pair.transition = transition, true))) > 0
            THEN 'recorded from-state differs from the replayed one'
        WHEN list_contains(finals, from_state) THEN 'event after a final state'
        WHEN transition IS NOT NULL AND len(names) > 0 AND NOT list_contains(names, transition)
            THEN 'no transition of that name'
        WHEN list_contains(names, transition) THEN 'that transition does not lead there'
        ELSE 'no such transition'
    END AS why,
    inferred
FROM told
WHERE NOT (hand_set AND from_state IS NOT DISTINCT FROM to_state)
ORDER BY type, field, length(aggregate_id), aggregate_id, place, inferred DESC
