-- Which sequence of moves did each life take, and by which transitions?
-- life BIGINT, type VARCHAR, aggregate_type VARCHAR, aggregate_id VARCHAR, field VARCHAR, path HUGEINT (the states),
-- ways HUGEINT (the transitions, where they are named, and the updates that only said the same state again)
WITH told AS (
    SELECT m.life, m.field, sum(hash(m.transition, r.move IS NOT NULL, m.move)::HUGEINT) AS ways
    FROM moves AS m
    LEFT JOIN repeated AS r ON r.life = m.life AND r.field = m.field AND r.move = m.move
    WHERE m.transition IS NOT NULL OR r.move IS NOT NULL
    GROUP BY m.life, m.field
)
SELECT l.life, l.type, l.aggregate_type, l.aggregate_id, l.field, l.path, coalesce(t.ways, 0) AS ways
FROM lives AS l
LEFT JOIN told AS t ON t.life = l.life AND t.field = l.field
WHERE l.path IS NOT NULL AND l.life NOT IN (SELECT unnest(from_json($changed, '["BIGINT"]')))
