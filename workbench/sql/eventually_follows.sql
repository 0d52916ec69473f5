-- Which state comes, sooner or later, after which, and how often?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, times BIGINT (pairs of entries of the same life,
-- the one before the other, others between them or not), aggregates BIGINT (lives with such a pair), share DOUBLE (0
-- to 1, of the lives that were in from_state)
-- Counted once a sequence, not once a life. How often each state came before grows along a sequence, so that one of n
-- entries and s states costs n times s, where pairing its entries would cost n times n.
WITH walked AS (
    SELECT type, field, path, count(*) AS lives
    FROM lives
    WHERE path IS NOT NULL
    GROUP BY type, field, path
), entries AS (
    SELECT path, unnest(states) AS state, generate_subscripts(states, 1) AS ordinal
    FROM variants
), entered AS (
    SELECT path, state, min(ordinal) AS first, row_number() OVER () AS number FROM entries GROUP BY path, state
), before AS (
    SELECT f.path, f.state AS from_state, e.state AS to_state,
        count_if(e.state = f.state) OVER (
            PARTITION BY f.number ORDER BY e.ordinal ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS earlier
    FROM entered AS f
    JOIN entries AS e ON e.path = f.path AND e.ordinal >= f.first
), pairs AS (
    SELECT path, from_state, to_state, sum(earlier) AS times
    FROM before
    WHERE earlier > 0
    GROUP BY path, from_state, to_state
), visited AS (
    SELECT w.type, w.field, e.state AS from_state, sum(w.lives) AS lives
    FROM walked AS w
    JOIN entered AS e ON e.path = w.path
    GROUP BY w.type, w.field, e.state
), counted AS (
    SELECT w.type, w.field, p.from_state, p.to_state, sum(w.lives * p.times) AS times, sum(w.lives) AS aggregates
    FROM walked AS w
    JOIN pairs AS p ON p.path = w.path
    GROUP BY w.type, w.field, p.from_state, p.to_state
)
SELECT c.type, c.field, c.from_state, c.to_state, c.times::BIGINT AS times, c.aggregates::BIGINT AS aggregates,
    c.aggregates / v.lives AS share
FROM counted AS c
JOIN visited AS v ON v.type = c.type AND v.field = c.field AND v.from_state = c.from_state
ORDER BY c.type, c.field, c.times DESC, c.from_state, c.to_state
