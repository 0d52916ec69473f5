-- How far did each life get in a funnel, where did it go from there, and where is it now?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, step BIGINT (from 1), state VARCHAR, started_at TIMESTAMP (entry
-- of the first step), entered_at TIMESTAMP (of this one), next_state VARCHAR (NULL: it never left), current_state VARCHAR
SELECT f.type, f.field, l.aggregate_id, f.step, ($steps::VARCHAR[])[f.step] AS state, f.started_at, f.entered_at,
    n.to_state AS next_state, l.current_state
FROM (
    SELECT type, field, life, max(step) AS step, arg_max(move, step) AS move,
        arg_max_null(entered_at, step) AS entered_at, arg_min_null(entered_at, step) AS started_at
    FROM reached -- as in parts/reached.sql
    GROUP BY type, field, life
) AS f
JOIN lives AS l ON l.life = f.life AND l.field = f.field
LEFT JOIN moves AS n ON n.life = f.life AND n.field = f.field AND n.move = f.move + 1
