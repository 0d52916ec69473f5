-- How many lives wrote the same word?
-- type VARCHAR, field VARCHAR, rule INTEGER, word VARCHAR, closed BOOLEAN, unbegun BOOLEAN, refused BOOLEAN, broken
-- BOOLEAN, lives BIGINT
SELECT type, field, rule, word, closed, unbegun, refused, broken, count(*) AS lives
FROM words
GROUP BY ALL
ORDER BY ALL
