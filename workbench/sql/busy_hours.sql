-- At which hours of the week do events happen?
-- type VARCHAR, weekday BIGINT (1 is Monday, 7 is Sunday), hour BIGINT (0 to 23, of the zone's clock), events BIGINT,
-- aggregates BIGINT (distinct), share DOUBLE (0 to 1, of the type's events); every hour of the week has a row
WITH placed AS (
    SELECT type, life, timezone(coalesce($zone, 'UTC'), timezone('UTC', effective_at)) AS local
    FROM events
    WHERE ($since::TIMESTAMP IS NULL OR effective_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR effective_at < $before::TIMESTAMP)
), counted AS (
    SELECT type, isodow(local) AS weekday, hour(local) AS hour, count(*) AS events, count(DISTINCT life) AS aggregates
    FROM placed
    GROUP BY type, weekday, hour
), week AS (
    SELECT type, day AS weekday, clock AS hour
    FROM (SELECT DISTINCT type FROM counted)
    CROSS JOIN (SELECT unnest(range(1, 8)) AS day)
    CROSS JOIN (SELECT unnest(range(24)) AS clock)
)
SELECT w.type, w.weekday, w.hour, coalesce(c.events, 0) AS events, coalesce(c.aggregates, 0) AS aggregates,
    coalesce(c.events, 0) / sum(c.events) OVER (PARTITION BY w.type) AS share
FROM week AS w
LEFT JOIN counted AS c ON c.type = w.type AND c.weekday = w.weekday AND c.hour = w.hour
ORDER BY w.type, w.weekday, w.hour
