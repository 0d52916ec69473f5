-- Which aggregates stand behind the numbers of a funnel?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, step BIGINT (the furthest it reached, from 1), state VARCHAR,
-- started_at TIMESTAMP (entry of the first step), entered_at TIMESTAMP (of the furthest), next_state VARCHAR (the
-- state right after it; NULL: never left), current_state VARCHAR
SELECT type, field, aggregate_id, step, state, started_at, entered_at, next_state, current_state
FROM furthest -- as in parts/furthest.sql
WHERE $lost_after::BIGINT IS NULL OR step = $lost_after::BIGINT
ORDER BY type, field, step, aggregate_id
