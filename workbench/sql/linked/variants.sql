-- Which sequence of states is behind each path of a case?
-- path HUGEINT, states VARCHAR[]: as in variants
SELECT s.path, list(m.to_state ORDER BY m.move) AS states
FROM (SELECT path, min(life) AS one FROM lives GROUP BY path) AS s
JOIN moves AS m ON m.life = s.one
GROUP BY s.path
