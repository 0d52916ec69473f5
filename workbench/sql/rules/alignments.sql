-- How far is each sequence of states from a run of its machine?
-- type VARCHAR, field VARCHAR, machine VARCHAR, states VARCHAR[], aggregates BIGINT, cost BIGINT, fitness DOUBLE (0..1),
-- moves STRUCT(move VARCHAR, state VARCHAR)[]
WITH aligned AS (
    SELECT unnest(from_json($aligned, '[{"type":"VARCHAR","field":"VARCHAR","machine":"VARCHAR","path":"VARCHAR",
        "cost":"BIGINT","longest":"BIGINT","moves":[{"move":"VARCHAR","state":"VARCHAR"}]}]'), max_depth := 2)
), counted AS (
    SELECT type, field, path, count(*) AS aggregates FROM lives WHERE path IS NOT NULL GROUP BY type, field, path
)
SELECT c.type, c.field, a.machine, v.states, c.aggregates, a.cost, 1 - a.cost / a.longest AS fitness, a.moves
FROM aligned AS a
JOIN types -- as in parts/types_of_lives.sql
    ON types.name = a.type
JOIN counted AS c ON c.type = types.type AND c.field = a.field AND c.path::VARCHAR = a.path
JOIN variants AS v ON v.path = c.path
ORDER BY c.type, c.field, c.aggregates DESC, v.states
