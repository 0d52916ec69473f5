-- Of which lives is each rule asked?
-- rule INTEGER, type VARCHAR, field VARCHAR, life BIGINT, aggregate_id VARCHAR, first_at TIMESTAMP, is_final BOOLEAN
-- A type may be a group, a STRUCT that holds the type's name: machines speak for the name.
WITH types AS (
    SELECT type, coalesce(to_json(type) ->> '/type', type::VARCHAR) AS name FROM (SELECT DISTINCT type FROM lives)
)
SELECT r.rule, l.type, r.field, l.life, l.aggregate_id, l.first_at,
    coalesce(list_contains(r.finals, l.current_state), false) AS is_final
FROM rules AS r
JOIN types AS t ON t.name = r.type
JOIN lives AS l ON l.type = t.type AND (l.field IS NULL OR l.field = r.field)
