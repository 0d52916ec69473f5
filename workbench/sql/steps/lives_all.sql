-- Every life: all of them are built again.
CREATE OR REPLACE TEMP TABLE seen AS
SELECT DISTINCT aggregate_type, aggregate_id, type, life, false AS is_new FROM lives
