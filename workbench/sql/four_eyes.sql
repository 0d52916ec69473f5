-- Did the same actor bring an aggregate into one state and into another?
-- type VARCHAR, field VARCHAR, aggregate_id VARCHAR, verdict VARCHAR (same, unknown, different), actors VARCHAR[] (that
-- did both), first_actors VARCHAR[], second_actors VARCHAR[]; one row a life that entered both states
WITH entered AS (
    SELECT type, field, life, aggregate_id,
        list_sort(list_distinct(list(actor) FILTER (WHERE to_state = $first))) AS first_actors,
        list_sort(list_distinct(list(actor) FILTER (WHERE to_state = $second))) AS second_actors,
        bool_or(actor IS NULL) AS unknown
    FROM moves
    WHERE to_state IN ($first, $second)
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
    GROUP BY type, field, life, aggregate_id
    HAVING bool_or(to_state = $first) AND bool_or(to_state = $second)
), compared AS (
    SELECT *, list_sort(list_intersect(first_actors, second_actors)) AS actors FROM entered
)
SELECT type, field, aggregate_id,
    CASE WHEN len(actors) > 0 THEN 'same' WHEN unknown THEN 'unknown' ELSE 'different' END AS verdict,
    actors, first_actors, second_actors
FROM compared
ORDER BY type, field, array_position(['same', 'unknown', 'different'], verdict), aggregate_id
