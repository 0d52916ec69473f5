-- What is not known of the lives that a rule is asked of, in words?
-- rule INTEGER, type VARCHAR, doubt VARCHAR (NULL: all is known)
WITH reasons AS (
    SELECT i.rule, a.type, s.why, count(*) AS times, min((i.thing, i.input)) AS earliest,
        min((length(a.aggregate_id), a.aggregate_id, i.place)) AS example
    FROM inputs AS i
    JOIN answers AS s ON s.rule = i.rule AND s.thing = i.thing AND s.input = i.input
    JOIN asked AS a ON a.rule = i.rule AND a.life = i.life
    WHERE s.why IS NOT NULL
    GROUP BY i.rule, a.type, s.why
), untold AS (
    SELECT rule, type, sum(times)::BIGINT AS times,
        first({why: why, times: times, example: example} ORDER BY times DESC, earliest) AS most
    FROM reasons
    GROUP BY rule, type
), nameless AS (
    SELECT count(*) AS refused
    FROM rejected
    WHERE (aggregate_type IS NULL OR aggregate_id IS NULL) AND import_id NOT IN (SELECT import_id FROM rosters)
)
SELECT c.rule, c.type, nullif(concat_ws('; ',
    CASE WHEN c.refused > 0 THEN format('rows of {:,} {} were rejected', c.refused, if(c.refused = 1, 'life', 'lives')) END,
    CASE WHEN c.broken > 0 THEN format('the moves of {:,} {} do not follow on one another', c.broken,
        if(c.broken = 1, 'life', 'lives')) END,
    CASE WHEN u.times > 0 THEN format('{}: `when` cannot be told of {:,} {}, such as place {} of {}: {}{}', r.place,
        u.times, if(u.times = 1, 'event', 'events'), u.most.example[3], u.most.example[2], u.most.why,
        if(u.times = u.most.times, '', format(' (and {:,} for another reason)', u.times - u.most.times))) END,
    CASE WHEN n.refused > 0 THEN format('whose life {:,} rejected {} would have told of is not known', n.refused,
        if(n.refused = 1, 'row', 'rows')) END
), '') AS doubt
FROM counts AS c
JOIN rules AS r ON r.rule = c.rule
CROSS JOIN nameless AS n
LEFT JOIN untold AS u ON u.rule = c.rule AND u.type = c.type
