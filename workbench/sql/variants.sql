-- Which sequences of states do lives take, the most frequent first?
-- type VARCHAR, field VARCHAR, variant BIGINT (rank within the type, from 1), states VARCHAR[] (empty for lives that
-- were never in a state), aggregates BIGINT, share DOUBLE (0 to 1, of the type's lives), median_seconds DOUBLE
-- (from a life's first event to its last; exact)
WITH counted AS (
    SELECT type, field, path, count(*) AS aggregates,
        median(date_diff('microsecond', first_at, last_at)) / 1e6 AS median_seconds
    FROM lives
    GROUP BY type, field, path
), told AS (
    SELECT c.type, coalesce(c.field, min(c.field) OVER (PARTITION BY c.type)) AS field, coalesce(v.states, []) AS states, c.aggregates, c.median_seconds
    FROM counted AS c
    LEFT JOIN variants AS v ON v.path = c.path
)
SELECT type, field,
    row_number() OVER (PARTITION BY type, field ORDER BY aggregates DESC, states) AS variant,
    states, aggregates,
    aggregates / sum(aggregates) OVER (PARTITION BY type, field) AS share,
    median_seconds
FROM told
ORDER BY type, field, variant
