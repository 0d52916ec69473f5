-- How many aggregates are in each state at every calendar instant of a zone?
-- type VARCHAR, field VARCHAR, instant TIMESTAMP (UTC), state VARCHAR, aggregates BIGINT (never 0: a state that
-- holds nobody at an instant has no row there)
-- A sweep: each stay adds one to its state at the first calendar instant that is not before its beginning, and takes
-- one at the first not before its end. Stays are first counted in steps of $grain microseconds, which the instants
-- are multiples of: only these few are then looked up in the calendar. Year 1 began on a Monday, so weeks do too.
-- What comes before a window has come about where it begins, and what comes after it where it ends: no instant outside
-- is looked up.
-- The next instant of a calendar is as far ahead as the zone's clock says; where clocks change on the way, it is
-- where they show its time, or pass over it.
WITH spans AS (
    SELECT type, field, to_state AS state,
        (date_diff('microsecond', TIMESTAMP '0001-01-01', coalesce(entered_at, began_at)) - 1)
            // $grain + 1 AS first_slot,
        (date_diff('microsecond', TIMESTAMP '0001-01-01', left_at) - 1) // $grain + 1 AS last_slot,
        count(*) AS stays
    FROM moves
    GROUP BY ALL
), steps AS (
    SELECT type, field, state, first_slot AS slot, sum(stays) AS moved FROM spans GROUP BY ALL
    UNION ALL
    SELECT type, field, state, last_slot, -sum(stays) FROM spans WHERE last_slot IS NOT NULL GROUP BY ALL
), ends AS (
    SELECT date_diff('microsecond', TIMESTAMP '0001-01-01', $since::TIMESTAMP) // $grain AS since_slot,
        (date_diff('microsecond', TIMESTAMP '0001-01-01', $before::TIMESTAMP) - 1) // $grain + 1 AS before_slot
), latest AS (
    SELECT max(slot) AS slot FROM steps
), cut AS (
    SELECT s.type, s.field, s.state, sum(s.moved) AS moved,
        least(greatest(s.slot, CASE WHEN e.since_slot IS NOT NULL THEN least(e.since_slot, l.slot) END), e.before_slot)
            AS slot
    FROM steps AS s
    CROSS JOIN latest AS l
    CROSS JOIN ends AS e
    GROUP BY ALL
), slots AS (
    SELECT slot, TIMESTAMP '0001-01-01' + to_microseconds(slot * $grain - 1) AS just_before
    FROM (SELECT unnest(range(min(slot), max(slot) + 1)) AS slot FROM cut)
), clocks AS (
    SELECT slot, just_before, timezone($zone, timezone('UTC', just_before)) AS shown FROM slots
), ahead AS (
    SELECT slot, time_bucket($step::INTERVAL, shown) + $step::INTERVAL AS due, just_before + (due - shown) AS straight
    FROM clocks
), calendar AS (
    SELECT slot,
        CASE WHEN time_bucket($step::INTERVAL, timezone($zone, timezone('UTC', straight)))
            = timezone($zone, timezone('UTC', straight))
            THEN straight ELSE timezone('UTC', timezone($zone, due)) END AS instant,
        dense_rank() OVER (ORDER BY instant) AS tick
    FROM ahead
), summed AS (
    SELECT s.type, s.field, s.state, c.tick, sum(s.moved) AS moved
    FROM cut AS s
    JOIN calendar AS c ON c.slot = s.slot
    GROUP BY s.type, s.field, s.state, c.tick
), running AS (
    SELECT type, field, state, tick,
        sum(moved) OVER (PARTITION BY type, field, state ORDER BY tick) AS aggregates,
        coalesce(lead(tick) OVER (PARTITION BY type, field, state ORDER BY tick), max(tick) OVER () + 1) AS next_tick
    FROM summed
), filled AS (
    SELECT type, field, state, aggregates, unnest(range(tick, next_tick)) AS tick
    FROM running
    WHERE aggregates > 0
), dates AS (
    SELECT DISTINCT tick, instant FROM calendar
)
SELECT f.type, f.field, d.instant, f.state, f.aggregates::BIGINT AS aggregates
FROM filled AS f
JOIN dates AS d ON d.tick = f.tick
WHERE d.instant < TIMESTAMP '10000-01-01' -- no Python datetime is later
    AND ($since::TIMESTAMP IS NULL OR d.instant >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR d.instant < $before::TIMESTAMP)
ORDER BY f.type, f.field, d.instant, f.state
