-- Each suspect against the first of its identity: the same content is a duplicate, another one a conflict.
INSERT INTO verdicts
SELECT position, CASE
    WHEN content = first_content THEN 'duplicate'
    WHEN life <> first_life THEN 'conflict with another aggregate that has an event of this id (name the source system with --system)'
    ELSE 'conflict with an event of the same identity and other content'
END AS verdict
FROM (
    SELECT *,
        row_number() OVER w AS nth,
        first_value(content) OVER w AS first_content,
        first_value(life) OVER w AS first_life
    FROM suspects
    WINDOW w AS (PARTITION BY identity ORDER BY is_new, import_id, position ROWS UNBOUNDED PRECEDING)
)
WHERE nth > 1 AND is_new
