-- Of those who go no further in a funnel: where did they go instead, and where are they now?
-- type VARCHAR, field VARCHAR, step BIGINT (the last they reached, from 1), state VARCHAR, reached BIGINT (aggregates
-- that reached the step), lost BIGINT (of these: no further), next_state VARCHAR (right after it; NULL: never left),
-- current_state VARCHAR, aggregates BIGINT, share DOUBLE (0 to 1, of the lost)
WITH grouped AS (
    SELECT type, field, step, state, next_state, current_state, count(*) AS aggregates
    FROM furthest -- as in parts/furthest.sql
    GROUP BY type, field, step, state, next_state, current_state
), totals AS (
    SELECT type, field, step, sum(aggregates)::BIGINT AS lost,
        sum(sum(aggregates)) OVER (PARTITION BY type, field ORDER BY step DESC)::BIGINT AS reached
    FROM grouped
    GROUP BY type, field, step
)
SELECT g.type, g.field, g.step, g.state, t.reached, t.lost, g.next_state, g.current_state, g.aggregates,
    g.aggregates / t.lost AS share
FROM grouped AS g
JOIN totals AS t ON t.type = g.type AND t.field = g.field AND t.step = g.step
WHERE g.step < len($steps::VARCHAR[])
ORDER BY g.type, g.field, g.step, g.aggregates DESC, g.next_state NULLS FIRST, g.current_state
