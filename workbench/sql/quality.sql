-- What about the log itself should be known before its answers are trusted?
-- type VARCHAR (NULL where the whole store is meant), check VARCHAR, count BIGINT, example VARCHAR (the first),
-- explanation VARCHAR. A check that found nothing has no row.
-- Rejected rows, rosters and doubtful hours belong to imports, not to lives: they are told when the log is whole,
-- that is when it holds as many events as its imports loaded.
WITH stepped AS (
    SELECT i.system, e.global_position,
        lag(e.global_position) OVER (PARTITION BY i.system ORDER BY e.global_position) AS previous_position
    FROM events AS e
    LEFT JOIN imports AS i ON i.import_id = e.import_id
    WHERE e.global_position IS NOT NULL
), whole AS (
    SELECT (SELECT count(*) FROM events) = (
        SELECT coalesce(sum(loaded), 0) FROM imports WHERE import_id NOT IN (SELECT import_id FROM rosters)
    ) AS is_whole
), flagged AS (
    SELECT * FROM flagged -- as in parts/flagged.sql
), found AS (
    SELECT type, finding, count(*) AS found,
        arg_min(concat(type, ' ', aggregate_id, ', place ', place, ': ', detail),
            (length(aggregate_id), aggregate_id, place, detail)) AS example
    FROM flagged
    GROUP BY type, finding
    UNION ALL
    SELECT NULL, 'hole in the positions', sum(global_position - previous_position - 1)::BIGINT,
        arg_min(concat(previous_position + 1, CASE WHEN global_position - previous_position > 2
            THEN concat(' to ', global_position - 1) ELSE '' END, ' missing'), (previous_position, system))
    FROM stepped WHERE global_position > previous_position + 1
    HAVING count(*) > 0
    UNION ALL
    SELECT NULL, concat('rejected: ', reason), count(DISTINCT (source, position, raw)),
        arg_min(concat(source, ', row ', position), (source, position))
    FROM rejected, whole WHERE is_whole GROUP BY reason
    UNION ALL
    SELECT r.type, 'in the roster without events', count(*),
        arg_min(concat(r.type, ' ', r.aggregate_id), (length(r.aggregate_id), r.aggregate_id))
    FROM rosters AS r ANTI JOIN lives AS l ON l.aggregate_type = r.aggregate_type AND l.aggregate_id = r.aggregate_id
    CROSS JOIN whole WHERE is_whole GROUP BY r.type
    UNION ALL
    SELECT r.type, 'roster in another state', count(*),
        arg_min(concat(r.type, ' ', r.aggregate_id, ': roster ', r.state, ', log ', l.current_state),
            (length(r.aggregate_id), r.aggregate_id))
    FROM (SELECT aggregate_type, type, aggregate_id, arg_max(state, import_id) AS state
        FROM rosters GROUP BY aggregate_type, type, aggregate_id) AS r
    JOIN (SELECT aggregate_type, aggregate_id, any_value(current_state) AS current_state
        FROM lives GROUP BY aggregate_type, aggregate_id HAVING count(*) = 1) AS l
        ON l.aggregate_type = r.aggregate_type AND l.aggregate_id = r.aggregate_id AND l.current_state <> r.state
    CROSS JOIN whole WHERE is_whole GROUP BY r.type
    UNION ALL
    SELECT NULL, 'hour twice or not at all', sum(ambiguous_hours)::BIGINT,
        arg_min(concat(source, ' in ', zone), source)
    FROM imports, whole WHERE is_whole AND ambiguous_hours > 0
    HAVING count(*) > 0
)
SELECT type, finding AS "check", found::BIGINT AS count, example,
    CASE finding
        WHEN 'tie decided by position' THEN 'events of one life at the same time: the order of the source decided, '
            'another export may say otherwise'
        WHEN 'version gap' THEN 'events are missing from the life, or were never exported'
        WHEN 'version used twice' THEN 'two writers met, or two stores were mixed'
        WHEN 'version on some events only' THEN 'such a life is ordered by time: a beginning of it in which every '
            'event has a version is ordered by version when it is imported by itself'
        WHEN 'time running back' THEN 'the event says an earlier time than one before it: its effective time is the later'
        WHEN 'unknown beginning' THEN 'the first event names a state entered before it: since when is not known, '
            'unless a roster tells'
        WHEN 'recorded from-state differs' THEN 'the event says it left another state than the replay was in: an event '
            'is missing, twice there, or out of order'
        WHEN 'hole in the positions' THEN 'ids the store gave and the export lacks: deleted rows, rolled back '
            'writes or a filtered export'
        WHEN 'in the roster without events' THEN 'the application has it, the log does not'
        WHEN 'roster in another state' THEN 'the application says another state than the last event: later events '
            'are missing, or the state was set without one'
        WHEN 'hour twice or not at all' THEN 'local times that their zone has twice or skips when clocks change'
        ELSE 'the row is kept in the table rejected, with its bytes'
    END AS explanation
FROM found
ORDER BY type IS NULL, type, finding
