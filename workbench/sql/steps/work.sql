-- All events of the touched lives, old and new, with the first key of their order.
CREATE OR REPLACE TEMP TABLE work AS
WITH all_rows AS (
    SELECT * EXCLUDE (identity, has_id) FROM fresh
    UNION ALL BY NAME
    SELECT * EXCLUDE (place, tied, effective_at) FROM kept
)
SELECT all_rows.*, CASE WHEN versioned.life IS NULL THEN epoch_us(occurred_at) ELSE version END AS key
FROM all_rows LEFT JOIN (
    SELECT life FROM all_rows GROUP BY life HAVING count(version) = count(*)
) AS versioned USING (life)
