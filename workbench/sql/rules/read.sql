-- What did the conditions of the rules read?
-- rule INTEGER, thing VARCHAR, input VARCHAR[]
SELECT DISTINCT rule, thing, input
FROM inputs
ORDER BY ALL
