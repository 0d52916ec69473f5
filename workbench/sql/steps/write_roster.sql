-- The roster's new rows; one that says nothing new is a duplicate.
INSERT INTO rosters
SELECT $import_id, s.aggregate_type, names.type, s.aggregate_id, s.created_at, s.to_state, s.data
FROM (SELECT DISTINCT aggregate_type, aggregate_id, created_at, to_state, data FROM stage WHERE reason IS NULL) AS s
JOIN names USING (aggregate_type)
WHERE NOT EXISTS (
    FROM rosters AS r
    WHERE r.aggregate_type = s.aggregate_type AND r.aggregate_id = s.aggregate_id
        AND r.created_at IS NOT DISTINCT FROM s.created_at AND r.state IS NOT DISTINCT FROM s.to_state
        AND r.attributes::VARCHAR IS NOT DISTINCT FROM s.data::VARCHAR
)
