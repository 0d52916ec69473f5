-- How many aggregates are in each state at every calendar instant (UTC), before and after?
-- type VARCHAR, field VARCHAR, instant TIMESTAMP (UTC), state VARCHAR, before BIGINT, after BIGINT, difference BIGINT
-- A sweep, as in states_over_time: a refused move takes an aggregate from a state into the same.
WITH stays AS (
    SELECT m.type, m.field, least(coalesce(m.entered_at, m.began_at), m.known_at) AS entered_at,
        r.before[m.move - f.move] AS left_before, r.before[m.move - f.move + 1] AS entered_before,
        r.after[m.move - f.move] AS left_after, r.after[m.move - f.move + 1] AS entered_after
    FROM runs AS r
    JOIN keyed AS k ON k.path = r.path AND k.ways = r.ways AND k.type = r.type AND k.field = r.field
    JOIN moves AS f ON f.life = k.life AND f.field = k.field AND f.from_state IS NULL
    JOIN moves AS m ON m.life = k.life AND m.field = k.field
    UNION ALL
    SELECT type, field, entered_at, left_before, entered_before, left_after, entered_after FROM changed_stays
), counted AS (
    SELECT type, field, left_before, entered_before, left_after, entered_after,
        date_trunc($unit, entered_at - INTERVAL 1 MICROSECOND) + $step::INTERVAL AS instant, count(*) AS lives
    FROM stays
    GROUP BY ALL
), deltas AS (
    SELECT type, field, instant, entered_before AS state, lives AS before, 0 AS after FROM counted
    UNION ALL
    SELECT type, field, instant, left_before, -lives, 0 FROM counted
    UNION ALL
    SELECT type, field, instant, entered_after, 0, lives FROM counted
    UNION ALL
    SELECT type, field, instant, left_after, 0, -lives FROM counted
), summed AS (
    SELECT type, field, instant, state, sum(before) AS before, sum(after) AS after
    FROM deltas
    WHERE state IS NOT NULL
    GROUP BY type, field, instant, state
), running AS (
    SELECT type, field, instant, state, sum(before) OVER w AS before, sum(after) OVER w AS after,
        coalesce(lead(instant) OVER w, max(instant) OVER () + $step::INTERVAL) AS until
    FROM summed
    WINDOW w AS (PARTITION BY type, field, state ORDER BY instant)
), filled AS (
    SELECT type, field, state, before, after, unnest(range(instant, until, $step::INTERVAL)) AS instant
    FROM running
    WHERE before > 0 OR after > 0
)
SELECT type, field, instant, state, before::BIGINT AS before, after::BIGINT AS after,
    (after - before)::BIGINT AS difference
FROM filled
ORDER BY type, field, instant, state
