-- How many moves and lives would each change of a machine make fit?
-- type VARCHAR, field VARCHAR, machine VARCHAR, suggestion VARCHAR, moves BIGINT, aggregates BIGINT (lives that would fit
-- then), first_at TIMESTAMP, last_at TIMESTAMP (UTC, as the events say), actors VARCHAR[], hint VARCHAR, patch VARCHAR
-- A type may be a group, a STRUCT that holds the type's name: machines speak for the name.
WITH types AS (
    SELECT type, coalesce(to_json(type) ->> '/type', type::VARCHAR) AS name FROM (SELECT DISTINCT type FROM off)
), changes AS (
    SELECT unnest(from_json($changes, '[{"change":"INTEGER","type":"VARCHAR","field":"VARCHAR","machine":"VARCHAR",
        "from_state":"VARCHAR","to_state":"VARCHAR","transition":"VARCHAR","suggestion":"VARCHAR","hint":"VARCHAR",
        "patch":"VARCHAR"}]'), max_depth := 2)
), missing AS (
    SELECT type, field, aggregate_id, count(*) AS moves FROM off GROUP BY type, field, aggregate_id
), mended AS (
    SELECT c.change, o.type, o.field, o.aggregate_id, count(*) AS moves, min(o.occurred_at) AS first_at,
        max(o.occurred_at) AS last_at, list(DISTINCT o.actor) FILTER (WHERE o.actor IS NOT NULL) AS actors
    FROM changes AS c
    JOIN types AS t ON t.name = c.type
    JOIN off AS o ON o.type = t.type AND o.field IS NOT DISTINCT FROM c.field
        AND o.to_state = c.to_state AND o.from_state IS NOT DISTINCT FROM c.from_state
        AND (o.transition = c.transition OR o.transition IS NULL OR c.transition IS NULL)
    GROUP BY ALL
), gained AS (
    SELECT m.change, m.type, sum(m.moves)::BIGINT AS moves,
        count(*) FILTER (WHERE m.moves = w.moves) AS aggregates,
        min(m.first_at) AS first_at, max(m.last_at) AS last_at, list_sort(list_distinct(flatten(list(m.actors)))) AS actors
    FROM mended AS m
    JOIN missing AS w ON w.type = m.type AND w.field IS NOT DISTINCT FROM m.field AND w.aggregate_id = m.aggregate_id
    GROUP BY m.change, m.type
)
SELECT g.type, c.field, c.machine, c.suggestion, g.moves, g.aggregates, g.first_at, g.last_at,
    coalesce(g.actors, []) AS actors, c.hint, c.patch
FROM gained AS g
JOIN changes AS c ON c.change = g.change
ORDER BY g.aggregates DESC, g.moves DESC, c.change, g.type
