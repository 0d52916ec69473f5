-- How many lives wrote the same word?
-- rule INTEGER, word VARCHAR, closed BOOLEAN, unbegun BOOLEAN, lives BIGINT
SELECT rule, word, closed, unbegun, count(*) AS lives
FROM words
GROUP BY ALL
ORDER BY ALL
