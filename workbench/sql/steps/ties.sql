-- The rows that neither version, time nor global position tell apart.
CREATE OR REPLACE TEMP TABLE ties AS
SELECT w.import_id, w.position, w.life, w.key, w.global_position, w.field, w.to_state, w.from_recorded,
    NULL::BIGINT AS rank
FROM work AS w SEMI JOIN (
    SELECT life, key, global_position FROM work GROUP BY ALL HAVING count(*) > 1
) AS t ON w.life = t.life AND w.key = t.key AND w.global_position IS NOT DISTINCT FROM t.global_position
