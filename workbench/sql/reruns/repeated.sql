-- Which moves are attribute updates that said the same state again? No machine is asked for them.
SELECT m.life, m.field, m.move
FROM moves AS m
JOIN events AS e ON e.life = m.life AND e.place = m.place
WHERE m.from_state = m.to_state AND m.transition IS NULL AND NOT m.inferred
    AND (e.import_id, e.event_type) IN (SELECT import_id, unnest(hand_set) FROM imports)
