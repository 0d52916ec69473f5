-- Which life does each aggregate of the import belong to? Known ones keep their key, new ones get the next.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT
    new.aggregate_type, new.aggregate_id, names.type,
    coalesce(known.life, $next_life + row_number() OVER (
        PARTITION BY known.life IS NULL ORDER BY new.aggregate_type, new.aggregate_id
    ) - 1) AS life,
    known.life IS NULL AS is_new
FROM (SELECT DISTINCT aggregate_type, aggregate_id FROM stage WHERE reason IS NULL) AS new
JOIN names USING (aggregate_type)
LEFT JOIN (
    SELECT DISTINCT life, aggregate_type, aggregate_id
    FROM lives SEMI JOIN stage USING (aggregate_type, aggregate_id)
) AS known USING (aggregate_type, aggregate_id)
