-- Which state comes, sooner or later, after which, and how often?
-- type VARCHAR, field VARCHAR, from_state VARCHAR, to_state VARCHAR, times BIGINT (pairs of entries of the same life,
-- the one before the other, others between them or not), aggregates BIGINT (lives with such a pair), share DOUBLE (0
-- to 1, of the lives that were in from_state)
-- In a window: pairs whose first entry lies in it, and the lives that entered from_state in it.
-- Counted once a sequence, not once a life. How often each state came before grows along a sequence, so that one of n
-- entries and s states costs n times s, where pairing its entries would cost n times n.
WITH spans AS (
    -- Entries follow each other in time, so those in a window are some in a row; an unknown one is in none.
    SELECT l.type, l.field, l.path,
        1 + count_if(m.entered_at IS NULL OR coalesce(m.entered_at < $since::TIMESTAMP, FALSE)) AS earliest,
        count_if(coalesce(m.entered_at < $before::TIMESTAMP, TRUE)) AS latest
    FROM lives AS l
    JOIN moves AS m ON m.life = l.life AND m.field = l.field
    WHERE $since::TIMESTAMP IS NOT NULL OR $before::TIMESTAMP IS NOT NULL
    GROUP BY l.life, l.type, l.field, l.path
), cut AS (
    SELECT *, dense_rank() OVER (ORDER BY path, earliest, latest)::HUGEINT AS way FROM spans WHERE earliest <= latest
), walked AS (
    SELECT type, field, path AS way, count(*) AS lives
    FROM lives
    WHERE path IS NOT NULL AND $since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL
    GROUP BY type, field, path
    UNION ALL
    SELECT type, field, way, count(*) FROM cut GROUP BY type, field, way
), entries AS (
    SELECT path AS way, unnest(states) AS state, generate_subscripts(states, 1) AS ordinal, TRUE AS inside
    FROM variants
    WHERE $since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL
    UNION ALL
    SELECT w.way, unnest(v.states[w.earliest:]), generate_subscripts(v.states[w.earliest:], 1) AS nth,
        nth <= w.latest - w.earliest + 1
    FROM (SELECT DISTINCT way, path, earliest, latest FROM cut) AS w
    JOIN variants AS v ON v.path = w.path
), entered AS (
    SELECT way, state, min(ordinal) AS first, row_number() OVER () AS number
    FROM entries
    WHERE inside
    GROUP BY way, state
), before AS (
    SELECT f.way, f.state AS from_state, e.state AS to_state,
        count_if(e.state = f.state AND e.inside) OVER (
            PARTITION BY f.number ORDER BY e.ordinal ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS earlier
    FROM entered AS f
    JOIN entries AS e ON e.way = f.way AND e.ordinal >= f.first
), pairs AS (
    SELECT way, from_state, to_state, sum(earlier) AS times
    FROM before
    WHERE earlier > 0
    GROUP BY way, from_state, to_state
), visited AS (
    SELECT w.type, w.field, e.state AS from_state, sum(w.lives) AS lives
    FROM walked AS w
    JOIN entered AS e ON e.way = w.way
    GROUP BY w.type, w.field, e.state
), counted AS (
    SELECT w.type, w.field, p.from_state, p.to_state, sum(w.lives * p.times) AS times, sum(w.lives) AS aggregates
    FROM walked AS w
    JOIN pairs AS p ON p.way = w.way
    GROUP BY w.type, w.field, p.from_state, p.to_state
)
SELECT c.type, c.field, c.from_state, c.to_state, c.times::BIGINT AS times, c.aggregates::BIGINT AS aggregates,
    c.aggregates / v.lives AS share
FROM counted AS c
JOIN visited AS v ON v.type = c.type AND v.field = c.field AND v.from_state = c.from_state
ORDER BY c.type, c.field, c.times DESC, c.from_state, c.to_state
