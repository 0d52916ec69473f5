-- Which events meet every condition, in order of time: $size of them, $skip after the first at $from?
-- type VARCHAR, aggregate_id VARCHAR, place BIGINT, occurred_at TIMESTAMP (UTC, as the
-- event says), event_type VARCHAR, from_state VARCHAR (replayed), to_state VARCHAR (of several moves of one event the
-- first), actor VARCHAR, event_id VARCHAR
WITH page AS MATERIALIZED (
    SELECT life, place, effective_at
    FROM asked -- as in parts/asked_events.sql
    WHERE effective_at >= $from::TIMESTAMP
    ORDER BY effective_at, life, place
    LIMIT $size OFFSET $skip
), moved AS (
    SELECT life, place, arg_min(from_state, coalesce(field, '')) AS from_state,
        arg_min(to_state, coalesce(field, '')) AS to_state
    FROM moves
    WHERE NOT inferred AND life IN (SELECT life FROM page)
    GROUP BY life, place
)
SELECT e.type, e.aggregate_id, e.place, e.occurred_at, e.event_type, m.from_state, m.to_state, e.actor, e.event_id
FROM page AS p
JOIN events AS e ON e.life = p.life AND e.place = p.place
LEFT JOIN moved AS m ON m.life = p.life AND m.place = p.place
ORDER BY p.effective_at, p.life, p.place
