-- At which events did lives break their rules?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, machine VARCHAR, property VARCHAR, place BIGINT, version BIGINT (the
-- store's), occurred_at TIMESTAMP (UTC, as the event says), event_type VARCHAR, from_state VARCHAR, to_state VARCHAR
-- (of the move, where it is one), actor VARCHAR, why VARCHAR
WITH broken AS (
    SELECT rule, life, unnest(breaches, max_depth := 2) FROM judged
), numbered AS (
    SELECT rule, life, place, row_number() OVER (PARTITION BY rule, life ORDER BY place) - 1 AS ordinal
    FROM letters
    SEMI JOIN broken USING (rule, life)
), placed AS (
    SELECT b.rule, b.life, coalesce(n.place, l.events) AS place, b.why
    FROM broken AS b
    JOIN (SELECT life, any_value(events) AS events FROM lives GROUP BY life) AS l ON l.life = b.life
    LEFT JOIN numbered AS n ON n.rule = b.rule AND n.life = b.life AND n.ordinal = b."at"
)
SELECT e.type, r.field, e.aggregate_id, r.machine, r.property, e.place, e.version, e.occurred_at, e.event_type,
    m.from_state, m.to_state, e.actor, p.why
FROM placed AS p
JOIN rules AS r ON r.rule = p.rule
LEFT JOIN moves AS m ON m.life = p.life AND m.field = r.field AND CASE WHEN m.inferred THEN 0 ELSE m.place END = p.place
JOIN events AS e ON e.life = p.life AND e.place = coalesce(m.place, p.place)
WHERE ($since::TIMESTAMP IS NULL OR e.effective_at >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR e.effective_at < $before::TIMESTAMP)
ORDER BY e.type, r.field, r.machine, r.rule, length(e.aggregate_id), e.aggregate_id, e.place, p.why
