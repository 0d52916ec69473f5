-- The lives that an import has a part in.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT DISTINCT aggregate_type, aggregate_id, type, life, false AS is_new
FROM lives
WHERE life IN (SELECT life FROM events WHERE import_id = $import_id)
    OR (aggregate_type, aggregate_id) IN (
        SELECT (aggregate_type, aggregate_id) FROM rosters WHERE import_id = $import_id
    )
