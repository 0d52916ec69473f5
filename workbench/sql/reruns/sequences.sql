-- Which sequences of moves are there, and how many lives took each?
-- type VARCHAR, aggregate_type VARCHAR, field VARCHAR, path HUGEINT, ways HUGEINT, lives BIGINT, transitions VARCHAR[],
-- states VARCHAR[] (entered, the beginning first), repeats BOOLEAN[]
WITH sequences AS (
    SELECT type, min(aggregate_type) AS aggregate_type, field, path, ways, count(*) AS lives, min(life) AS one
    FROM keyed
    GROUP BY type, field, path, ways
)
SELECT s.type, s.aggregate_type, s.field, s.path, s.ways, s.lives,
    list(m.transition ORDER BY m.move) AS transitions,
    list(m.to_state ORDER BY m.move) AS states,
    list(r.move IS NOT NULL ORDER BY m.move) AS repeats
FROM sequences AS s
JOIN moves AS m ON m.life = s.one AND m.field = s.field
LEFT JOIN repeated AS r ON r.life = m.life AND r.field = m.field AND r.move = m.move
GROUP BY ALL
ORDER BY s.type, s.field, s.lives DESC, states, transitions, repeats
