-- Which sequences of states did the lives of each track go through?
-- type VARCHAR, field VARCHAR, path VARCHAR, states VARCHAR[]
SELECT l.type, l.field, l.path::VARCHAR AS path, v.states
FROM (SELECT DISTINCT type, field, path FROM lives) AS l
JOIN variants AS v ON v.path = l.path
ORDER BY l.type, l.field, v.states
