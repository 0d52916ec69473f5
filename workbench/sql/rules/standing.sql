-- Which of the things that a rule names stand at each position of a life, their conditions met?
-- rule INTEGER, life BIGINT, place BIGINT, instant TIMESTAMP, is_final BOOLEAN (as in positions), a BOOLEAN, b BOOLEAN (NULL
-- where the condition cannot be told)
-- A rule about the life as a whole ends where its time is over.
WITH met AS (
    SELECT i.rule, i.life, i.place, bool_or(s.answer) FILTER (i.thing = 'a') AS a,
        bool_or(s.answer) FILTER (i.thing = 'b') AS b
    FROM inputs AS i
    LEFT JOIN answers AS s ON s.rule = i.rule AND s.thing = i.thing AND s.input = i.input
    WHERE CASE WHEN s.rule IS NULL
        THEN error(format('no answer is stated for what the condition of rule {} reads at place {} of life {}: these '
            'are not the events that were judged (where the log has grown since, ask again)', i.rule, i.place, i.life))
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
)
SELECT rule, life, place, instant, is_final, a, b
FROM marked
WHERE (a IS NOT false OR b IS NOT false OR dense) AND beyond IS NOT true
