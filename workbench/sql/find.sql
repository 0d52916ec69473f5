-- Which aggregates have this text in their id, or in their events?
-- type VARCHAR, aggregate_id VARCHAR, found_in VARCHAR (of id, event id, data, metadata, correlation, causation, actor;
-- joined by a comma), events BIGINT (that hold the text; 0 where only the id does), first TIMESTAMP (UTC, of these
-- events), exact BOOLEAN (the aggregate's id, an event's id or a correlation id is the text and nothing more)
-- JSON is stored with quotes and backslashes escaped, so the text is looked for in that spelling there.
WITH spelled AS (
    SELECT lower($needle) AS plain, lower(substr(to_json($needle)::VARCHAR, 2, length(to_json($needle)::VARCHAR) - 2))
        AS escaped
), looked AS (
    SELECT e.life, e.type, e.aggregate_id, e.occurred_at,
        contains(lower(e.aggregate_id), s.plain) AS in_id,
        coalesce(contains(lower(e.event_id), s.plain), FALSE) AS in_event_id,
        coalesce(contains(lower(e.data::VARCHAR), s.escaped), FALSE) AS in_data,
        coalesce(contains(lower(e.metadata::VARCHAR), s.escaped), FALSE) AS in_metadata,
        coalesce(contains(lower(e.correlation_id), s.plain), FALSE) AS in_correlation,
        coalesce(contains(lower(e.causation_id), s.plain), FALSE) AS in_causation,
        coalesce(lower(e.actor) = s.plain, FALSE) AS in_actor,
        e.aggregate_id = $needle OR coalesce(e.event_id = $needle, FALSE)
            OR coalesce(e.correlation_id = $needle, FALSE) AS exact,
        in_event_id OR in_data OR in_metadata OR in_correlation OR in_causation OR in_actor AS in_event
    FROM events AS e
    CROSS JOIN spelled AS s
)
SELECT type, aggregate_id,
    concat_ws(', ', CASE WHEN bool_or(in_id) THEN 'id' END, CASE WHEN bool_or(in_event_id) THEN 'event id' END,
        CASE WHEN bool_or(in_data) THEN 'data' END, CASE WHEN bool_or(in_metadata) THEN 'metadata' END,
        CASE WHEN bool_or(in_correlation) THEN 'correlation' END,
        CASE WHEN bool_or(in_causation) THEN 'causation' END, CASE WHEN bool_or(in_actor) THEN 'actor' END) AS found_in,
    count_if(in_event)::BIGINT AS events,
    min(occurred_at) FILTER (WHERE in_event) AS first,
    bool_or(exact) AS exact
FROM looked
WHERE in_id OR in_event
GROUP BY life, type, aggregate_id
ORDER BY bool_and(aggregate_id <> $needle), NOT bool_or(exact), type, length(aggregate_id), aggregate_id
