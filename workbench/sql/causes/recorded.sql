-- How often is each of some events recorded for an aggregate, and for those related to it?
-- name VARCHAR (without namespace, and without Event at its end), own BIGINT (events), own_since BIGINT (since it
-- entered the state it is in), others BIGINT (events of the
-- other lives)
WITH named AS (
    SELECT life, effective_at, unnest(list_distinct([
        regexp_replace(regexp_extract(event_type, '[^\\./:]*$'), 'Event$', ''),
        regexp_replace(regexp_extract(
            coalesce(metadata, data -> 'context') ->> '$.triggered_by_event.class', '[^\\./:]*$'
        ), 'Event$', '')
    ])) AS name
    FROM events
    WHERE life IN (SELECT unnest($lives::BIGINT[]))
)
SELECT name, count(*) FILTER (WHERE life = $life::BIGINT) AS own,
    count(*) FILTER (WHERE life = $life::BIGINT AND effective_at > $entered::TIMESTAMP) AS own_since,
    count(*) FILTER (WHERE life <> $life::BIGINT) AS others
FROM named
WHERE name IN (SELECT unnest($names::VARCHAR[]))
GROUP BY name
ORDER BY name
