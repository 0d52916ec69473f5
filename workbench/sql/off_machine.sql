-- Which moves does no transition of the machine allow, and why not?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, machine VARCHAR, place BIGINT, version BIGINT (the store's),
-- occurred_at TIMESTAMP (UTC, as the event says), entered_at TIMESTAMP (UTC, NULL where unknown), event_type VARCHAR,
-- transition VARCHAR (as recorded), from_state VARCHAR (replayed; NULL at the beginning), to_state VARCHAR,
-- from_recorded VARCHAR (as the event says), actor VARCHAR, why VARCHAR, inferred BOOLEAN (the move is a beginning
-- that the first event only speaks of)
WITH tracks AS (
    SELECT types.type, told.* EXCLUDE (type)
    FROM told -- as in parts/machines.sql
    JOIN types -- as in parts/types_of_moves.sql
        ON types.name = told.type
), named AS (
    SELECT *, list_filter(list_transform(pairs, lambda pair: pair.transition), lambda name: name IS NOT NULL) AS names
    FROM refused -- as in parts/refused.sql
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
FROM named
ORDER BY type, field, length(aggregate_id), aggregate_id, place, inferred DESC
