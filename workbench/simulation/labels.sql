-- Which row of the export bears which fault?
-- kind VARCHAR, machine USMALLINT, life UINTEGER, position BIGINT (NULL for a row that is missing), id BIGINT
WITH befallen AS (
    SELECT v.kind, v.machine, v.life, t.id, max(t.rowid) + 1 AS written
    FROM victims AS v
    INNER JOIN told AS t ON v.machine = t.machine AND v.life = t.life AND v.seq = t.seq
    GROUP BY ALL
)
SELECT
    kind, machine, life,
    CASE WHEN kind <> 'gap' THEN written - (SELECT count(*) FROM befallen AS g WHERE g.kind = 'gap' AND g.id < b.id) END,
    id
FROM befallen AS b
ORDER BY kind, id
