-- Which sequences of states do lives take, the most frequent first?
-- type VARCHAR, field VARCHAR, variant BIGINT (rank within the type, from 1), states VARCHAR[] (empty for lives that
-- were never in a state), aggregates BIGINT, share DOUBLE (0 to 1, of the type's lives), median_seconds DOUBLE
-- (from a life's first event to its last; exact), coverage DOUBLE (0 to 1, share of this variant and all before it),
-- fitting BIGINT (aggregates whose every step the machine allows; NULL without a machine), happy BOOLEAN (the most
-- frequent sequence; with a machine, of those that fit and end in a final state)
-- In a window: of the lives whose first event lies in it. With $collapse a block of states that follows itself is told
-- once. A type may be a group, a STRUCT that holds the type's name: machines speak for the name.
WITH told AS (
    SELECT path, states FROM variants WHERE NOT coalesce($collapse, false)
    UNION ALL
    -- State by state; whenever the last block equals the one before it, the last is taken off again.
    SELECT path, list_reduce(
            list_transform(states, lambda state: [state]),
            lambda walked, reached: list_transform(
                [list_concat(walked, reached)],
                lambda way: list_slice(way, 1, len(way) - coalesce(list_filter(
                    range(1, len(way) // 2 + 1),
                    lambda block: list_slice(way, len(way) - block + 1, len(way))
                        = list_slice(way, len(way) - 2 * block + 1, len(way) - block)
                )[1], 0))
            )[1]
        )
    FROM variants
    WHERE coalesce($collapse, false)
), begun AS (
    SELECT type, field, path, first_at, last_at
    FROM lives
    WHERE ($since::TIMESTAMP IS NULL OR first_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR first_at < $before::TIMESTAMP)
), placed AS (
    SELECT type, field, path AS sequence, path, first_at, last_at FROM begun WHERE NOT coalesce($collapse, false)
    UNION ALL
    SELECT l.type, l.field, s.sequence, l.path, l.first_at, l.last_at
    FROM begun AS l
    LEFT JOIN (SELECT path, min(path) OVER (PARTITION BY states) AS sequence FROM told) AS s ON s.path = l.path
    WHERE coalesce($collapse, false)
), counted AS (
    SELECT type, field, sequence, count(*) AS aggregates,
        median(date_diff('microsecond', first_at, last_at)) / 1e6 AS median_seconds
    FROM placed
    GROUP BY type, field, sequence
), tracks AS (
    SELECT types.type, told.* EXCLUDE (type)
    FROM told -- as in parts/machines.sql
    JOIN (
        SELECT type, coalesce(to_json(type) ->> '/type', type::VARCHAR) AS name FROM (SELECT DISTINCT type FROM counted)
    ) AS types ON types.name = told.type
    WHERE told.machine IS NOT NULL AND len($machines) > 0
), walked AS (
    SELECT p.type, p.field, p.sequence, p.path, p.aggregates, v.states,
        t.pairs::STRUCT(from_state VARCHAR, to_state VARCHAR)[] AS pairs
    FROM (
        SELECT type, field, sequence, path, count(*) AS aggregates
        FROM placed
        WHERE len($machines) > 0 -- else the lives need not be read twice
        GROUP BY type, field, sequence, path
    ) AS p
    JOIN tracks AS t ON t.type = p.type AND t.field = p.field
    JOIN variants AS v ON v.path = p.path
), fit AS (
    SELECT type, field, sequence,
        sum(CASE WHEN len(list_filter(range(1, len(states) + 1), lambda spot: NOT list_contains(
            pairs, {'from_state': states[spot - 1], 'to_state': states[spot]}))) = 0 THEN aggregates ELSE 0 END)::BIGINT
            AS fitting
    FROM walked
    GROUP BY type, field, sequence
), known AS (
    SELECT c.type, coalesce(c.field, min(c.field) OVER (PARTITION BY c.type)) AS field,
        coalesce(v.states, []) AS states, c.aggregates, c.median_seconds, f.fitting,
        coalesce(v.states IS NOT NULL AND (t.finals IS NULL
            OR (f.fitting > 0 AND list_contains(t.finals, v.states[-1]))), false) AS may_be_happy
    FROM counted AS c
    LEFT JOIN told AS v ON v.path = c.sequence
    LEFT JOIN tracks AS t ON t.type = c.type AND t.field = c.field
    LEFT JOIN fit AS f ON f.type = c.type AND f.field = c.field AND f.sequence = c.sequence
)
SELECT type, field,
    row_number() OVER w AS variant,
    states, aggregates,
    aggregates / sum(aggregates) OVER (PARTITION BY type, field) AS share,
    median_seconds,
    sum(aggregates) OVER (w ROWS UNBOUNDED PRECEDING) / sum(aggregates) OVER (PARTITION BY type, field) AS coverage,
    fitting,
    may_be_happy AND count_if(may_be_happy) OVER (w ROWS UNBOUNDED PRECEDING) = 1 AS happy
FROM known
WINDOW w AS (PARTITION BY type, field ORDER BY aggregates DESC, states)
ORDER BY type, field, variant
