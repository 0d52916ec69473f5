-- Which word did each life write in the letters of a rule?
-- type VARCHAR, field VARCHAR, rule INTEGER, life BIGINT, word VARCHAR (a character a position: chr(48 + code), so
-- that '1' is the first thing of the rule and '2' the second), closed BOOLEAN (nothing
-- can follow that counts), unbegun BOOLEAN (what came before its first recorded move is unknown), refused BOOLEAN (a row
-- of it was rejected), broken BOOLEAN (a move says it left another state than the one before it entered), holed BOOLEAN
-- (one of both: events of it are missing)
WITH written AS (
    SELECT rule, life, string_agg(chr(48 + code), '' ORDER BY place) AS word
    FROM letters
    GROUP BY rule, life
), unbegun AS (
    SELECT life, field, to_state FROM moves WHERE inferred
), broken AS (
    SELECT DISTINCT life, field FROM moves
    WHERE NOT inferred AND from_recorded IS NOT NULL AND from_recorded IS DISTINCT FROM from_state
), refused AS (
    SELECT DISTINCT l.life
    FROM rejected AS x
    JOIN lives AS l ON l.aggregate_type = x.aggregate_type AND l.aggregate_id = x.aggregate_id
)
SELECT a.type, a.field, a.rule, a.life, coalesce(w.word, '') AS word,
    a.is_final OR coalesce(len(r.halves) = 0 AND a.first_at + to_microseconds(r.within) < $now::TIMESTAMP, false) AS closed,
    u.life IS NOT NULL AND NOT coalesce(list_contains(r.entries, u.to_state), true) AS unbegun,
    x.life IS NOT NULL AS refused, b.life IS NOT NULL AS broken, x.life IS NOT NULL OR b.life IS NOT NULL AS holed
FROM asked AS a
JOIN rules AS r ON r.rule = a.rule
LEFT JOIN written AS w ON w.rule = a.rule AND w.life = a.life
LEFT JOIN unbegun AS u ON u.life = a.life AND u.field = a.field
LEFT JOIN refused AS x ON x.life = a.life
LEFT JOIN broken AS b ON b.life = a.life AND b.field = a.field
