-- Each event's place in its life, and the life's clock, which never runs back.
CREATE OR REPLACE TEMP TABLE placed AS
SELECT
    work.* EXCLUDE (key),
    row_number() OVER w AS place,
    -- In a tie that the states decide, what moves nothing still stands where the source had it.
    ties.life IS NOT NULL AND (ties.rank IS NULL OR ties.to_state IS NULL) AS tied,
    max(occurred_at) OVER w AS effective_at,
    first_value(occurred_at) OVER w AS began_at
FROM work LEFT JOIN ties USING (import_id, position, life)
WINDOW w AS (
    PARTITION BY work.life
    ORDER BY work.key, work.global_position NULLS LAST, ties.rank NULLS LAST, work.import_id, work.position
    ROWS UNBOUNDED PRECEDING
)
