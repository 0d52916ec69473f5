-- Who hands aggregates over to whom, and how long does it take?
-- type VARCHAR, actor VARCHAR, next_actor VARCHAR (of the life's next event that names an actor; may be the same),
-- times BIGINT, aggregates BIGINT (distinct), share DOUBLE (0 to 1, of the type's pairs), median_seconds DOUBLE
WITH pairs AS (
    SELECT type, life, actor, effective_at, lead(actor) OVER w AS next_actor, lead(effective_at) OVER w AS next_at
    FROM events
    WHERE actor IS NOT NULL
    WINDOW w AS (PARTITION BY life ORDER BY place)
)
SELECT type, actor, next_actor, count(*) AS times, count(DISTINCT life) AS aggregates,
    count(*) / sum(count(*)) OVER (PARTITION BY type) AS share,
    median(date_diff('microsecond', effective_at, next_at)) / 1e6 AS median_seconds
FROM pairs
WHERE next_actor IS NOT NULL
    AND ($since::TIMESTAMP IS NULL OR next_at >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR next_at < $before::TIMESTAMP)
GROUP BY type, actor, next_actor
ORDER BY type, times DESC, actor, next_actor
