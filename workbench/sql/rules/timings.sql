-- Where a rule sets a time, did what must follow (or be before) come in time?
-- rule INTEGER, life BIGINT, place BIGINT, timing INTEGER: 4 where it came too late or, where it must not come, in time; 8
-- where it may still come; 64 where that depends on a condition that cannot be told; else 0
-- Where conditions cannot be told, times are told twice: as if each such thing were there, and as if none were.
WITH halved AS (
    SELECT s.*, r.within, r.a_when OR r.b_when AS unsure, unnest(r.halves, recursive := true)
    FROM standing AS s
    JOIN rules AS r ON r.rule = s.rule
    WHERE r.within IS NOT NULL
), asking AS (
    SELECT *, CASE given WHEN 'A' THEN a ELSE b END AS asks,
        coalesce(CASE wanted WHEN 'A' THEN a ELSE b END, counted) AS is_there
    FROM (SELECT *, unnest(CASE WHEN unsure THEN [true, false] ELSE [true] END) AS counted FROM halved)
), partnered AS (
    SELECT *, lead(place) OVER step IS NULL AS is_last,
        CASE
            WHEN "where" IN ('later', 'anywhere') THEN min(instant) FILTER (WHERE is_there) OVER from_here
            WHEN "where" = 'after' THEN min(instant) FILTER (WHERE is_there) OVER from_next
            WHEN "where" = 'next' AND lead(is_there) OVER step THEN lead(instant) OVER step
        END - instant AS ahead,
        instant - CASE
            WHEN "where" IN ('earlier', 'since', 'anywhere') THEN max(instant) FILTER (WHERE is_there) OVER to_here
            WHEN "where" = 'previous' AND lag(is_there) OVER step THEN lag(instant) OVER step
        END AS behind
    FROM asking
    WINDOW step AS (PARTITION BY rule, given, counted, life ORDER BY place),
        from_here AS (step ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
        from_next AS (step ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING),
        to_here AS (step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
), timed AS (
    SELECT *, least(ahead, behind) AS distance, coalesce(least(ahead, behind) <= to_microseconds(within), false) AS in_time,
        is_final OR instant + to_microseconds(within) < $now::TIMESTAMP AS is_over
    FROM partnered
), told AS (
    SELECT rule, life, place, given, asks, CASE
        WHEN asks IS false OR in_time <> forbidden THEN 0
        WHEN forbidden THEN 4
        -- What is not there at all is told by the automaton; that it came too late is not.
        WHEN distance IS NOT NULL AND "where" <> 'anywhere' THEN 4
        WHEN "where" IN ('earlier', 'since', 'previous') OR ("where" = 'next' AND NOT is_last) THEN 0
        WHEN is_over THEN 4
        ELSE 8
    END AS timing
    FROM timed
)
SELECT rule, life, place, bit_or(timing) AS timing
FROM (
    SELECT rule, life, place, given, CASE
        WHEN min(timing) = max(timing) AND (asks OR max(timing) = 0) THEN max(timing) ELSE 64
    END AS timing
    FROM told
    GROUP BY rule, life, place, given, asks
)
GROUP BY rule, life, place
