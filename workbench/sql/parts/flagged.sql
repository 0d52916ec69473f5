-- Which events are doubtful, and why?
-- finding VARCHAR, life BIGINT, type VARCHAR, aggregate_id VARCHAR, place BIGINT, detail VARCHAR
-- Versions that keep their distance from the places have no gap: only the other lives are put in order.
WITH uneven AS (
    SELECT life FROM events
    WHERE version IS NOT NULL
    GROUP BY life
    HAVING min(version - place) < max(version - place) OR min(version) > 1
), versioned AS (
    SELECT life, type, aggregate_id, place, version,
        lag(version) OVER (PARTITION BY life ORDER BY place) AS previous_version
    FROM events
    WHERE life IN (SELECT life FROM uneven)
)
SELECT 'tie decided by position' AS finding, life, type, aggregate_id, place,
    'equal times, and nothing else tells which came first' AS detail
FROM events WHERE tied
UNION ALL
SELECT 'version gap', life, type, aggregate_id, place,
    concat('version ', version, ' follows ', coalesce(previous_version::VARCHAR, 'nothing'))
FROM versioned WHERE version > previous_version + 1 OR (place = 1 AND version > 1)
UNION ALL
SELECT 'version used twice', life, type, aggregate_id, place, concat('version ', version)
FROM versioned WHERE version = previous_version
UNION ALL
SELECT 'version on some events only', life, any_value(type), any_value(aggregate_id), min(place),
    concat(count(version), ' of ', count(*), ' events have one')
FROM events GROUP BY life HAVING count(version) BETWEEN 1 AND count(*) - 1
UNION ALL
SELECT 'time running back', life, type, aggregate_id, place,
    concat(occurred_at, ' after ', effective_at)
FROM events WHERE occurred_at < effective_at
UNION ALL
SELECT 'unknown beginning', life, type, aggregate_id, place, concat('in ', to_state, ' since unknown')
FROM moves WHERE inferred AND entered_at IS NULL
UNION ALL
SELECT 'recorded from-state differs', life, type, aggregate_id, place,
    concat('recorded ', from_recorded, ', replayed ', coalesce(from_state, 'nothing'))
FROM moves WHERE NOT inferred AND from_recorded IS NOT NULL AND from_recorded IS DISTINCT FROM from_state
