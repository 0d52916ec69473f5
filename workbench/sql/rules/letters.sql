-- Where in each life stand the things that a rule speaks of, and did what must follow come in time?
-- rule INTEGER, life BIGINT, place BIGINT, inferred BOOLEAN (the state before the first recorded move), code INTEGER: 1
-- for the first thing, 2 for the second, 4 for too late (in time, where it must not come), 8 for not yet. One row a
-- position: a move where a rule speaks of states or transitions, else an event; positions where nothing
-- stands are left out of rules that pass over them. A transition without a name bears that of the only one that leads
-- there.
WITH rules AS (
    SELECT unnest(from_json($rules, '[{"rule":"INTEGER","type":"VARCHAR","field":"VARCHAR","reads":"VARCHAR",
        "dense":"BOOLEAN","a_on":"VARCHAR","a":["VARCHAR"],"b_on":"VARCHAR","b":["VARCHAR"],
        "named":[{"from_state":"VARCHAR","to_state":"VARCHAR","transition":"VARCHAR"}],"within":"BIGINT",
        "halves":[{"given":"VARCHAR","wanted":"VARCHAR","where":"VARCHAR","forbidden":"BOOLEAN"}],
        "finals":["VARCHAR"]}]'), max_depth := 2)
), named AS (
    SELECT rule, unnest(named, max_depth := 2) FROM rules
), positions AS (
    SELECT r.rule, m.life, m.place, m.inferred, coalesce(m.entered_at, m.began_at) AS instant,
        m.from_state, m.to_state, m.transition, NULL AS event_type
    FROM rules AS r JOIN moves AS m ON m.type = r.type AND m.field = r.field
    WHERE r.reads = 'states' OR (r.reads = 'transitions' AND m.from_state IS NOT NULL)
        OR (r.reads = 'events' AND m.inferred)
    UNION ALL
    SELECT r.rule, e.life, e.place, false, e.effective_at, m.from_state, m.to_state, m.transition, e.event_type
    FROM rules AS r JOIN events AS e ON e.type = r.type
    LEFT JOIN moves AS m ON m.life = e.life AND m.place = e.place AND m.field = r.field AND NOT m.inferred
    WHERE r.reads = 'events'
), marked AS (
    SELECT p.rule, p.life, p.place, p.inferred, p.instant, r.dense, r.within, r.halves,
        coalesce(list_contains(r.a, CASE r.a_on WHEN 'state' THEN p.to_state WHEN 'event' THEN p.event_type
            ELSE coalesce(p.transition, n.transition) END), false) AS a,
        coalesce(list_contains(r.b, CASE r.b_on WHEN 'state' THEN p.to_state WHEN 'event' THEN p.event_type
            ELSE coalesce(p.transition, n.transition) END), false) AS b
    FROM positions AS p JOIN rules AS r ON r.rule = p.rule
    LEFT JOIN named AS n ON n.rule = p.rule AND n.from_state = p.from_state AND n.to_state = p.to_state
), ending AS (
    SELECT r.rule, l.life, l.first_at + to_microseconds(r.within) AS ends
    FROM rules AS r JOIN lives AS l ON l.type = r.type
    WHERE len(r.halves) = 0 AND r.within IS NOT NULL
    GROUP BY ALL
), kept AS (
    SELECT m.* FROM marked AS m
    LEFT JOIN ending AS e ON e.rule = m.rule AND e.life = m.life
    WHERE (m.a OR m.b OR m.dense) AND (e.ends IS NULL OR m.instant <= e.ends)
), asking AS (
    SELECT k.*, h.given, h.wanted, h."where", h.forbidden,
        CASE h.given WHEN 'A' THEN k.a ELSE k.b END AS asks,
        CASE h.wanted WHEN 'A' THEN k.a ELSE k.b END AS is_there
    FROM (SELECT *, unnest(halves) AS h FROM kept WHERE within IS NOT NULL) AS k
), partnered AS (
    SELECT *,
        CASE "where"
            WHEN 'later' THEN min(instant) FILTER (WHERE is_there) OVER (onward ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) - instant
            WHEN 'after' THEN min(instant) FILTER (WHERE is_there) OVER (onward ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - instant
            WHEN 'next' THEN CASE WHEN lead(is_there) OVER onward THEN lead(instant) OVER onward - instant END
            WHEN 'previous' THEN CASE WHEN lag(is_there) OVER onward THEN instant - lag(instant) OVER onward END
            WHEN 'anywhere' THEN least(
                min(instant) FILTER (WHERE is_there) OVER (onward ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) - instant,
                instant - max(instant) FILTER (WHERE is_there) OVER (onward ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
            ELSE instant - max(instant) FILTER (WHERE is_there) OVER (onward ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        END AS distance,
        lead(place) OVER onward IS NULL AS is_last
    FROM asking
    WINDOW onward AS (PARTITION BY rule, given, life ORDER BY place, NOT inferred)
), timed AS (
    SELECT p.rule, p.life, p.place, p.inferred,
        max(CASE
            WHEN NOT p.asks THEN 0
            WHEN p.distance <= to_microseconds(p.within) THEN CASE WHEN p.forbidden THEN 4 ELSE 0 END
            WHEN p.forbidden THEN 0
            WHEN p."where" IN ('earlier', 'since', 'previous') THEN CASE WHEN p.distance IS NULL THEN 0 ELSE 4 END
            WHEN p."where" = 'next' AND p.distance IS NULL AND NOT p.is_last THEN 0
            WHEN list_contains(r.finals, l.current_state) OR p.instant + to_microseconds(p.within) < $now::TIMESTAMP
                OR (p."where" <> 'anywhere' AND p.distance IS NOT NULL) THEN 4
            ELSE 8
        END) AS timing
    FROM partnered AS p JOIN rules AS r ON r.rule = p.rule
    LEFT JOIN lives AS l ON l.life = p.life AND l.field IS NOT DISTINCT FROM r.field
    GROUP BY ALL
)
SELECT k.rule, k.life, k.place, k.inferred,
    k.a::INTEGER + 2 * k.b::INTEGER + coalesce(t.timing, 0) AS code
FROM kept AS k
LEFT JOIN timed AS t ON t.rule = k.rule AND t.life = k.life AND t.place = k.place AND t.inferred = k.inferred
ORDER BY k.rule, k.life, k.place, NOT k.inferred
