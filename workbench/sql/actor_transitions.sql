-- Who moves aggregates from which state to which?
-- type VARCHAR, field VARCHAR, actor VARCHAR (NULL: the event names none), from_state VARCHAR (NULL: a beginning),
-- to_state VARCHAR, times BIGINT, aggregates BIGINT (distinct), of_actor DOUBLE (0 to 1, of the actor's moves),
-- of_transition DOUBLE (0 to 1, of these moves by anybody)
SELECT type, field, actor, from_state, to_state, count(*) AS times, count(DISTINCT life) AS aggregates,
    count(*) / sum(count(*)) OVER (PARTITION BY type, field, actor) AS of_actor,
    count(*) / sum(count(*)) OVER (PARTITION BY type, field, from_state, to_state) AS of_transition
FROM moves
WHERE NOT inferred
    AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
    AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
GROUP BY type, field, actor, from_state, to_state
ORDER BY type, field, times DESC, actor NULLS LAST, from_state NULLS FIRST, to_state
