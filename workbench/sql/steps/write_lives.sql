-- One row an aggregate (a track of it): first and last instant, first and current state.
INSERT INTO lives
SELECT
    p.life, seen.aggregate_type, seen.type, seen.aggregate_id, m.field, p.first_at, p.last_at, p.events,
    m.first_state, m.current_state, coalesce(m.moves, 0), m.path
FROM (
    SELECT life, min(effective_at) AS first_at, max(effective_at) AS last_at, count(*) AS events
    FROM placed GROUP BY life
) AS p
JOIN seen USING (life)
LEFT JOIN (
    SELECT m.life, m.field, s.first_state, m.to_state AS current_state, m.move AS moves, m.path
    FROM moves AS m JOIN stays AS s ON s.life = m.life AND s.field = m.field AND s.left_at IS NULL
    WHERE m.left_at IS NULL
) AS m ON m.life = p.life
ORDER BY p.life
