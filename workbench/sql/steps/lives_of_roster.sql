-- The lives whose beginning a roster may tell.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT DISTINCT lives.aggregate_type, lives.aggregate_id, lives.type, lives.life, false AS is_new
FROM lives JOIN rosters USING (aggregate_type, aggregate_id)
WHERE rosters.import_id = $import_id
