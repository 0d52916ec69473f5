-- Which words did lives write at all?
-- rule INTEGER, word VARCHAR, closed BOOLEAN, unbegun BOOLEAN, holed BOOLEAN (as in words)
SELECT DISTINCT rule, word, closed, unbegun, holed
FROM words
ORDER BY ALL
