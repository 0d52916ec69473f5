-- When does each life move, and into which state: on a raster of lives and time, how full is each cell?
-- type VARCHAR, field VARCHAR, first_life BIGINT, last_life BIGINT (ranks within the type, from 1, by the life's first
-- event or by its length), since TIMESTAMP, before TIMESTAMP (UTC, the cell's beginning and end), state VARCHAR (the
-- one entered most often in the cell; of equals the first by name), moves BIGINT (in the cell, into any state)
-- The raster of a type is 512 by 512. Where more than its part of $cells would be full, cells are put together four by
-- four, again and again, until that many are enough.
WITH ranked AS (
    SELECT life, type, field, count(*) OVER (PARTITION BY type, field) AS lives,
        row_number() OVER (
            PARTITION BY type, field
            ORDER BY CASE WHEN $by_length THEN -date_diff('microsecond', first_at, last_at) END,
                first_at, aggregate_type, aggregate_id
        ) AS rank
    FROM lives
    WHERE field IS NOT NULL
), edges AS (
    SELECT type, field, min(entered_at) AS start_at,
        date_diff('microsecond', min(entered_at), max(entered_at)) // 512 + 1 AS width
    FROM moves
    WHERE entered_at IS NOT NULL
    GROUP BY type, field
), finest AS MATERIALIZED (
    SELECT m.type, m.field, (r.rank - 1) * 512 // greatest(r.lives, 512) AS line,
        date_diff('microsecond', e.start_at, m.entered_at) // e.width AS spot,
        m.to_state AS state, count(*) AS moves, any_value(r.lives) AS lives
    FROM moves AS m
    JOIN ranked AS r ON r.life = m.life AND r.field = m.field AND r.type = m.type
    JOIN edges AS e ON e.type = m.type AND e.field = m.field
    WHERE m.entered_at IS NOT NULL
    GROUP BY ALL
), sizes AS (
    SELECT type, field, shift, count(DISTINCT ((line >> shift) * 512 + (spot >> shift))) AS cells
    FROM finest
    CROSS JOIN (SELECT unnest(range(10)) AS shift)
    GROUP BY type, field, shift
), chosen AS (
    SELECT type, field, min(shift) AS shift
    FROM sizes
    WHERE cells <= greatest(1, $cells // (SELECT count(*) FROM edges))
    GROUP BY type, field
), entered AS (
    SELECT f.type, f.field, c.shift, f.line >> c.shift AS line, f.spot >> c.shift AS spot, f.state, f.lives,
        sum(f.moves)::BIGINT AS moves
    FROM finest AS f
    JOIN chosen AS c ON c.type = f.type AND c.field = f.field
    GROUP BY ALL
), cells AS (
    SELECT type, field, shift, line, spot, lives, list(state ORDER BY moves DESC, state)[1] AS state,
        sum(moves)::BIGINT AS moves
    FROM entered
    GROUP BY ALL
)
SELECT c.type, c.field,
    ((c.line << c.shift) * greatest(c.lives, 512) + 511) // 512 + 1 AS first_life,
    least(c.lives, (((c.line + 1) << c.shift) * greatest(c.lives, 512) + 511) // 512) AS last_life,
    e.start_at + to_microseconds((c.spot << c.shift) * e.width) AS since,
    e.start_at + to_microseconds(((c.spot + 1) << c.shift) * e.width) AS before,
    c.state, c.moves
FROM cells AS c
JOIN edges AS e ON e.type = c.type AND e.field = c.field
ORDER BY c.type, c.field, c.line, c.spot
