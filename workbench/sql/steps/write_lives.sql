-- One row an aggregate (a track of it): first and last instant, first and current state.
INSERT INTO lives
SELECT
    p.life, seen.aggregate_type, seen.type, seen.aggregate_id, t.field, p.first_at, p.last_at, p.events,
    t.first_state, t.current_state, coalesce(t.moves, 0), t.path
FROM (
    SELECT life, min(effective_at) AS first_at, max(effective_at) AS last_at, count(*) AS events
    FROM placed GROUP BY life
) AS p
JOIN seen USING (life)
LEFT JOIN (
    SELECT life, field, any_value(first_state) AS first_state, arg_max(to_state, ordinal) AS current_state,
        max(ordinal) - any_value(has_inferred) AS moves, sum(hash(to_state, ordinal)::HUGEINT) AS path
    FROM stays GROUP BY life, field
) AS t ON t.life = p.life
ORDER BY p.life
