-- The sequence behind each path that some life has now: of those touched, some have a new one.
DELETE FROM variants WHERE path IN (FROM paths_before ANTI JOIN lives USING (path));
INSERT INTO variants
SELECT p.path, list(s.to_state ORDER BY s.ordinal)
FROM (
    SELECT path, min({life: life, field: field}) AS one FROM lives
    WHERE path IS NOT NULL AND life IN (SELECT life FROM seen) AND path NOT IN (SELECT path FROM variants)
    GROUP BY path
) AS p
JOIN stays AS s ON s.life = p.one.life AND s.field = p.one.field
GROUP BY p.path
