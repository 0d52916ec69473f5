-- Which moves came last up to an instant, and which come next?
-- entered_at TIMESTAMP (UTC; of a stay whose beginning is unknown: from when it is known to exist), aggregate_id VARCHAR,
-- from_state VARCHAR (replayed; NULL where a life begins), to_state VARCHAR; $most of each, fewer where there are no more
WITH entered AS (
    SELECT least(coalesce(entered_at, began_at), known_at) AS entered_at, aggregate_id, from_state, to_state, life, move
    FROM moves
    WHERE field = $field
), before AS (
    SELECT * FROM entered WHERE entered_at <= $instant::TIMESTAMP ORDER BY entered_at DESC, life DESC, move DESC LIMIT $most
), after AS (
    SELECT * FROM entered WHERE entered_at > $instant::TIMESTAMP ORDER BY entered_at, life, move LIMIT $most
)
SELECT entered_at, aggregate_id, from_state, to_state
FROM (FROM before UNION ALL FROM after)
ORDER BY entered_at, life, move
