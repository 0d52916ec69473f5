-- Which steps did lives take, and how often?
-- from_state VARCHAR (NULL: a beginning), to_state VARCHAR, transition VARCHAR (as recorded), times BIGINT, aggregates
-- BIGINT (lives that took it)
-- An attribute update that says the same state again is no step.
SELECT m.from_state, m.to_state, m.transition, count(*) AS times, count(DISTINCT m.life) AS aggregates
FROM moves AS m
JOIN events AS e ON e.life = m.life AND e.place = m.place
WHERE m.field = $field AND NOT ((e.import_id, e.event_type) IN (SELECT import_id, unnest(hand_set) FROM imports)
    AND m.transition IS NULL AND NOT m.inferred AND m.from_state IS NOT DISTINCT FROM m.to_state)
GROUP BY ALL
ORDER BY aggregates DESC, times DESC, m.from_state, m.to_state, m.transition
