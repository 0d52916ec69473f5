-- Of how many lives does the log show that they keep a rule, or break it?
-- type VARCHAR, field VARCHAR, machine VARCHAR, property VARCHAR, asked_of VARCHAR (machine, log), verdict VARCHAR, lives
-- BIGINT, concerned BIGINT, satisfied BIGINT, violated BIGINT, pending BIGINT, unknowable BIGINT, rule VARCHAR, doubt
-- VARCHAR
WITH proofs AS (
    SELECT unnest(from_json($proofs, '[{"rule":"INTEGER","verdict":"VARCHAR"}]'), max_depth := 2)
), told AS (
    SELECT c.rule, c.type, 'machine' AS asked_of, p.verdict
    FROM counts AS c
    JOIN proofs AS p ON p.rule = c.rule
    UNION ALL BY NAME
    SELECT c.* EXCLUDE (refused, broken), d.doubt, 'log' AS asked_of, CASE
        WHEN c.violated > 0 THEN 'violated'
        WHEN c.unknowable > 0 THEN 'unknowable'
        WHEN c.pending > 0 THEN 'pending'
        WHEN c.satisfied > 0 THEN 'holds'
        WHEN r.shows_only THEN 'unknowable'
        ELSE 'vacuous'
    END AS verdict
    FROM counts AS c
    JOIN rules AS r ON r.rule = c.rule
    JOIN doubts AS d ON d.rule = c.rule AND d.type IS NOT DISTINCT FROM c.type
)
SELECT t.type, r.field, r.machine, r.property, t.asked_of, t.verdict, t.lives, t.concerned, t.satisfied, t.violated,
    t.pending, t.unknowable, r.words AS rule, t.doubt
FROM told AS t
JOIN rules AS r ON r.rule = t.rule
ORDER BY t.rule, t.type, t.asked_of DESC
