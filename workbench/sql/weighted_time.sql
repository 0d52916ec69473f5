-- What do the hours in each state add up to, weighted by a number of the machine's state?
-- type VARCHAR, field VARCHAR, state VARCHAR, weight DOUBLE (the machine's number), aggregates BIGINT (distinct, ever
-- in the state), hours DOUBLE (until the instant where open; of unknown beginning from the life's first event on),
-- weighted_hours DOUBLE (weight times hours), share DOUBLE (0 to 1, of the type's weighted hours), instant TIMESTAMP
-- (UTC)
WITH weights AS (
    SELECT types.type, told.field, told.state, told.weight
    FROM (
        SELECT unnest($weights::STRUCT(type VARCHAR, field VARCHAR, state VARCHAR, weight DOUBLE)[], max_depth := 2)
    ) AS told
    JOIN types -- as in parts/types_of_moves.sql
        ON types.name = told.type
), stays AS (
    SELECT m.life, m.type, m.field, m.to_state AS state,
        greatest($since::TIMESTAMP, coalesce(m.entered_at, m.began_at)) AS from_at,
        least(coalesce(m.left_at, $instant::TIMESTAMP), $instant::TIMESTAMP) AS upto_at
    FROM moves AS m
    WHERE coalesce(m.entered_at, m.began_at) <= $instant::TIMESTAMP
        AND ($since::TIMESTAMP IS NULL OR $since::TIMESTAMP <= $instant::TIMESTAMP)
        AND ($since::TIMESTAMP IS NULL OR m.left_at IS NULL OR m.left_at > $since::TIMESTAMP)
), summed AS (
    SELECT s.type, s.field, s.state, any_value(w.weight) AS weight, count(DISTINCT s.life) AS aggregates,
        sum(date_diff('microsecond', s.from_at, s.upto_at)) / 36e8 AS hours
    FROM stays AS s
    JOIN weights AS w ON w.type = s.type AND w.field = s.field AND w.state = s.state
    GROUP BY s.type, s.field, s.state
)
SELECT type, field, state, weight, aggregates, hours, weight * hours AS weighted_hours,
    weight * hours / nullif(sum(weight * hours) OVER (PARTITION BY type, field), 0) AS share,
    $instant::TIMESTAMP AS instant
FROM summed
ORDER BY type, field, weighted_hours DESC, state
