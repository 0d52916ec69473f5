-- Of which lives is each rule asked?
-- rule INTEGER, type VARCHAR, field VARCHAR, life BIGINT, aggregate_id VARCHAR, first_at TIMESTAMP, is_final BOOLEAN
SELECT r.rule, l.type, r.field, l.life, l.aggregate_id, l.first_at,
    coalesce(list_contains(r.finals, l.current_state), false) AS is_final
FROM rules AS r
JOIN types -- as in parts/types_of_lives.sql
    ON types.name = r.type
JOIN lives AS l ON l.type = types.type AND (l.field IS NULL OR l.field = r.field)
