-- Which word did each life write in the letters of a rule?
-- rule INTEGER, life BIGINT, word VARCHAR (a hexadecimal digit a position), closed BOOLEAN (nothing can follow that
-- counts), unbegun BOOLEAN (what came before its first recorded move is unknown)
WITH rules AS (
    SELECT unnest(from_json($rules, '[{"rule":"INTEGER","type":"VARCHAR","field":"VARCHAR","within":"BIGINT",
        "whole":"BOOLEAN","finals":["VARCHAR"],"entries":["VARCHAR"]}]'), max_depth := 2)
), written AS (
    SELECT rule, life, string_agg(lower(to_hex(code)), '' ORDER BY place, NOT inferred) AS word
    FROM letters
    GROUP BY rule, life
), unbegun AS (
    SELECT life, field, to_state FROM moves WHERE inferred
)
SELECT r.rule, l.life, coalesce(w.word, '') AS word,
    coalesce(list_contains(r.finals, l.current_state), false)
        OR coalesce(r.whole AND l.first_at + to_microseconds(r.within) < $now::TIMESTAMP, false) AS closed,
    u.life IS NOT NULL AND NOT coalesce(list_contains(r.entries, u.to_state), true) AS unbegun
FROM rules AS r
JOIN lives AS l ON l.type = r.type AND (l.field IS NULL OR l.field = r.field)
LEFT JOIN written AS w ON w.rule = r.rule AND w.life = l.life
LEFT JOIN unbegun AS u ON u.life = l.life AND u.field = l.field
ORDER BY r.rule, l.life
