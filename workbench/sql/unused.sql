-- Which states and transitions of the machines did history not use?
-- type VARCHAR (NULL for a machine that no life belongs to), field VARCHAR, machine VARCHAR, element VARCHAR (state,
-- transition, from-state: one of several of a transition that is used), name VARCHAR (of the state or transition),
-- from_state VARCHAR, to_state VARCHAR, times BIGINT (in all), last_used TIMESTAMP (UTC; NULL where never)
-- A move whose transition is not recorded uses every transition that leads there.
WITH elements AS (
    SELECT types.type, told.* EXCLUDE (type)
    FROM (
        SELECT unnest($elements::STRUCT(type VARCHAR, field VARCHAR, machine VARCHAR, element VARCHAR, ordinal INTEGER,
            name VARCHAR, transition VARCHAR, from_states VARCHAR[], to_state VARCHAR)[], max_depth := 2)
    ) AS told
    LEFT JOIN types -- as in parts/types_of_lives.sql
        ON types.name = told.type
), moved AS (
    SELECT type, field, from_state, to_state, transition, count(*) AS times, max(known_at) AS last_used
    FROM moves
    WHERE $before::TIMESTAMP IS NULL OR known_at < $before::TIMESTAMP
    GROUP BY ALL
), counted AS (
    SELECT e.type, e.field, e.machine, e.element, e.ordinal, e.name, e.from_states, e.to_state,
        coalesce(sum(m.times), 0)::BIGINT AS times, max(m.last_used) AS last_used
    FROM elements AS e
    LEFT JOIN moved AS m ON m.type = e.type AND m.field = e.field AND m.to_state = e.to_state
        AND (e.element = 'state' OR (list_contains(e.from_states, m.from_state)
            AND (m.transition = e.transition OR m.transition IS NULL OR e.transition IS NULL)))
    GROUP BY ALL
), idle AS (
    SELECT * FROM counted
    WHERE last_used IS NULL OR last_used < $since::TIMESTAMP
)
SELECT type, field, machine, element, name,
    CASE WHEN element = 'from-state' THEN from_states[1] END AS from_state,
    CASE WHEN element <> 'state' THEN to_state END AS to_state,
    times, last_used
FROM idle AS i
WHERE element <> 'from-state' OR NOT EXISTS (
    SELECT 1 FROM idle AS whole
    WHERE whole.element = 'transition' AND whole.ordinal = i.ordinal AND whole.machine = i.machine
        AND whole.type IS NOT DISTINCT FROM i.type AND whole.field IS NOT DISTINCT FROM i.field
)
ORDER BY type IS NULL, type, field, machine, element = 'from-state', element = 'transition', ordinal, from_state
