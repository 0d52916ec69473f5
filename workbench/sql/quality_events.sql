-- Which events are doubtful, and why?
-- type VARCHAR, aggregate_id VARCHAR, place BIGINT, check VARCHAR, detail VARCHAR
SELECT type, aggregate_id, place, finding AS "check", detail
FROM flagged -- as in parts/flagged.sql
ORDER BY type, length(aggregate_id), aggregate_id, place, finding, detail
