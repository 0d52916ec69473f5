-- At which positions of its lives does a rule find something that it speaks of?
-- rule INTEGER, life BIGINT, place BIGINT (0: the state before the first recorded move), instant TIMESTAMP, from_state
-- VARCHAR, to_state VARCHAR (of the move, where it is one), a BOOLEAN, b BOOLEAN (the first thing the rule names is there,
-- or the second), first_at TIMESTAMP, is_final BOOLEAN (as in asked)
-- A position is a move where a rule speaks of states or transitions, else an event. A transition without a name bears
-- that of the only one that leads there. A rule that is dense reads the other positions too.
WITH named AS (
    SELECT rule, unnest(named, max_depth := 2) FROM rules
), read AS (
    SELECT a.*, CASE WHEN m.inferred THEN 0 ELSE m.place END AS place, coalesce(m.entered_at, m.began_at) AS instant,
        m.from_state, m.to_state, m.transition, NULL AS event_type
    FROM asked AS a
    JOIN rules AS r ON r.rule = a.rule
    JOIN moves AS m ON m.life = a.life AND m.field = a.field
    WHERE r.reads = 'states' OR (r.reads = 'transitions' AND m.from_state IS NOT NULL)
        OR (r.reads = 'events' AND m.inferred)
    UNION ALL
    SELECT a.*, e.place, e.effective_at, m.from_state, m.to_state, m.transition, e.event_type
    FROM asked AS a
    JOIN rules AS r ON r.rule = a.rule
    JOIN events AS e ON e.life = a.life
    LEFT JOIN moves AS m ON m.life = e.life AND m.place = e.place AND m.field = a.field AND NOT m.inferred
    WHERE r.reads = 'events'
)
SELECT * EXCLUDE (dense)
FROM (
    SELECT p.rule, p.life, p.place, p.instant, p.from_state, p.to_state, p.first_at, p.is_final, r.dense,
        coalesce(list_contains(r.a, CASE r.a_on WHEN 'state' THEN p.to_state WHEN 'event' THEN p.event_type
            ELSE coalesce(p.transition, n.transition) END), false) AS a,
        coalesce(list_contains(r.b, CASE r.b_on WHEN 'state' THEN p.to_state WHEN 'event' THEN p.event_type
            ELSE coalesce(p.transition, n.transition) END), false) AS b
    FROM read AS p
    JOIN rules AS r ON r.rule = p.rule
    LEFT JOIN named AS n ON n.rule = p.rule AND n.from_state = p.from_state AND n.to_state = p.to_state
)
WHERE a OR b OR dense
