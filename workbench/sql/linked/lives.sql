-- Which cases are there, and in which state is each, of all that its moves tell?
-- type, field VARCHAR, life BIGINT, aggregate_id VARCHAR, current_state VARCHAR, path HUGEINT: as in lives
SELECT m.type, m.field, m.life, l.aggregate_id, arg_max(m.to_state, m.move) AS current_state, max(m.move) AS moves,
    arg_max(m.path, m.move) AS path
FROM moves AS m
JOIN (SELECT DISTINCT life, aggregate_id FROM lives) AS l ON l.life = m.life
GROUP BY m.type, m.field, m.life, l.aggregate_id
