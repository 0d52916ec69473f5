-- What stands at each position of a life in the letters of a rule, and did what must follow come in time?
-- rule INTEGER, life BIGINT, place BIGINT (0: the state before the first recorded move), code INTEGER: the sum of 1 (the
-- first thing that the rule names is there), 2 (the second is), 4 (something came too late or, where it must not come, in
-- time), 8 (it may still come), 16 and 32 (a condition cannot be told: the first thing, or the second, may be there),
-- 64 (whether it came too late depends on such a condition).
-- Positions where nothing stands are left out of rules that pass over them. Where a condition cannot be told, a thing
-- is NULL; times are then told twice, as if each such thing were there, and as if none were.
WITH met AS (
    SELECT i.rule, i.life, i.place, bool_or(s.answer) FILTER (i.thing = 'a') AS a,
        bool_or(s.answer) FILTER (i.thing = 'b') AS b
    FROM inputs AS i
    LEFT JOIN answers AS s ON s.rule = i.rule AND s.thing = i.thing AND s.input = i.input
    WHERE CASE WHEN s.rule IS NULL
        THEN error(format('no answer is stated for what the condition of rule {} reads at place {} of life {}: these '
            'are not the events that were judged', i.rule, i.place, i.life))
        ELSE true END
    GROUP BY i.rule, i.life, i.place
), marked AS (
    SELECT p.rule, p.life, p.place, p.instant, p.is_final, r.dense,
        CASE WHEN p.a AND r.a_when THEN m.a ELSE p.a END AS a,
        CASE WHEN p.b AND r.b_when THEN m.b ELSE p.b END AS b,
        len(r.halves) = 0 AND p.instant > p.first_at + to_microseconds(r.within) AS beyond
    FROM positions AS p
    JOIN rules AS r ON r.rule = p.rule
    LEFT JOIN met AS m ON m.rule = p.rule AND m.life = p.life AND m.place = p.place
), kept AS (
    SELECT * FROM marked WHERE (a IS NOT false OR b IS NOT false OR dense) AND beyond IS NOT true
), halved AS (
    SELECT k.*, r.within, r.a_when OR r.b_when AS unsure, unnest(r.halves, recursive := true)
    FROM kept AS k
    JOIN rules AS r ON r.rule = k.rule
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
), timings AS (
    SELECT rule, life, place, bit_or(timing) AS timing
    FROM (
        SELECT rule, life, place, given, CASE
            WHEN min(timing) = max(timing) AND (asks OR max(timing) = 0) THEN max(timing) ELSE 64
        END AS timing
        FROM told
        GROUP BY rule, life, place, given, asks
    )
    GROUP BY rule, life, place
)
SELECT k.rule, k.life, k.place,
    CASE WHEN k.a IS NULL THEN 16 ELSE k.a::INTEGER END + CASE WHEN k.b IS NULL THEN 32 ELSE 2 * k.b::INTEGER END
        + coalesce(t.timing, 0) AS code
FROM kept AS k
LEFT JOIN timings AS t ON t.rule = k.rule AND t.life = k.life AND t.place = k.place
