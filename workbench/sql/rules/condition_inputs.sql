-- What did the conditions of the rules read, and how often?
-- type VARCHAR, field VARCHAR, rule INTEGER, thing VARCHAR, input VARCHAR[], times BIGINT, first STRUCT(aggregate_id
-- VARCHAR, place BIGINT)
SELECT a.type, a.field, i.rule, i.thing, i.input, count(*) AS times,
    arg_min({aggregate_id: l.aggregate_id, place: i.place}, (length(l.aggregate_id), l.aggregate_id, i.place)) AS first
FROM inputs AS i
JOIN asked AS a ON a.rule = i.rule AND a.life = i.life
JOIN (SELECT DISTINCT life, aggregate_id FROM lives) AS l ON l.life = i.life
GROUP BY ALL
ORDER BY ALL
