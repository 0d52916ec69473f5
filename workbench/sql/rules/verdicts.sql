-- How many lives wrote the same word?
-- type VARCHAR, field VARCHAR, rule INTEGER, word VARCHAR, closed BOOLEAN, unbegun BOOLEAN, holed BOOLEAN, lives BIGINT
SELECT type, field, rule, word, closed, unbegun, holed, count(*) AS lives
FROM words
GROUP BY ALL
ORDER BY ALL
