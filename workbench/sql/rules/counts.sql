-- How many lives does each rule concern, and how are they judged?
-- rule INTEGER, type VARCHAR (NULL where it is asked of no life), lives BIGINT, concerned BIGINT, satisfied BIGINT,
-- violated BIGINT, pending BIGINT, unknowable BIGINT, refused BIGINT, broken BIGINT (lives with events missing, as in words)
SELECT r.rule, j.type, count(j.life) AS lives, count(j.judgement) AS concerned,
    count(*) FILTER (j.judgement = 'satisfied') AS satisfied, count(*) FILTER (j.judgement = 'violated') AS violated,
    count(*) FILTER (j.judgement = 'pending') AS pending, count(*) FILTER (j.judgement = 'unknowable') AS unknowable,
    count(*) FILTER (j.refused) AS refused, count(*) FILTER (j.broken) AS broken
FROM rules AS r
LEFT JOIN judged AS j ON j.rule = r.rule
GROUP BY r.rule, j.type
