-- The sequence behind each path that some life has now.
DELETE FROM variants WHERE path NOT IN (SELECT path FROM lives WHERE path IS NOT NULL);
INSERT INTO variants
SELECT p.path, list(m.to_state ORDER BY m.move)
FROM (
    SELECT path, min({life: life, field: field}) AS one FROM lives
    WHERE path IS NOT NULL AND path NOT IN (SELECT path FROM variants) GROUP BY path
) AS p
JOIN moves AS m ON m.life = p.one.life AND m.field = p.one.field
GROUP BY p.path
