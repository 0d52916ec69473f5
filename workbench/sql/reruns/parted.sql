-- Where does each life part first from what it was, and where does it end up?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, place BIGINT, entered_at TIMESTAMP (UTC, NULL where unknown),
-- transition VARCHAR, from_state VARCHAR, to_state VARCHAR (the move, as recorded), before VARCHAR, after VARCHAR (the
-- states then), refused_before BIGINT, refused_after BIGINT (of all its moves), state_before VARCHAR, state_after
-- VARCHAR (at the end)
SELECT k.type, k.field, k.aggregate_id, m.place, m.entered_at, m.transition, m.from_state, m.to_state,
    r.before, r.after, r.refused_before, r.refused_after, r.state_before, r.state_after
FROM runs AS r
JOIN keyed AS k ON k.path = r.path AND k.ways = r.ways AND k.type = r.type AND k.field = r.field
JOIN moves AS f ON f.life = k.life AND f.field = k.field AND f.from_state IS NULL
JOIN moves AS m ON m.life = k.life AND m.field = k.field AND m.move = f.move + r.parts_at
UNION ALL
SELECT type, field, aggregate_id, place, entered_at, transition, from_state, to_state,
    before, after, refused_before, refused_after, state_before, state_after
FROM changed_runs
ORDER BY type, field, length(aggregate_id), aggregate_id
