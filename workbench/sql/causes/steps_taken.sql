-- Which steps did other lives take between states, and how long had they been in the one they left?
-- from_state VARCHAR, to_state VARCHAR, aggregates BIGINT (other lives), median_seconds DOUBLE (NULL where no beginning is
-- known), triggers VARCHAR[] (the events that their context names, else their types; the most frequent first; only for
-- the steps out of `$here`)
WITH taken AS (
    SELECT m.life, m.place, m.from_state, m.to_state,
        date_diff('microsecond', m.from_entered_at, m.entered_at) / 1e6 AS seconds
    FROM moves AS m
    WHERE m.field = $track::VARCHAR AND m.from_state <> m.to_state AND m.life <> $life::BIGINT
), triggered AS (
    SELECT t.from_state, t.to_state, coalesce(
        regexp_extract(coalesce(e.metadata, e.data -> 'context') ->> '$.triggered_by_event.class', '[^\\./:]*$'),
        e.event_type
    ) AS trigger, count(DISTINCT t.life) AS aggregates
    FROM taken AS t
    JOIN events AS e ON e.life = t.life AND e.place = t.place
    WHERE t.from_state = $here::VARCHAR
    GROUP BY ALL
)
SELECT t.from_state, t.to_state, count(DISTINCT t.life) AS aggregates, median(t.seconds) AS median_seconds,
    any_value(g.triggers) AS triggers
FROM taken AS t
LEFT JOIN (
    SELECT from_state, to_state, list(trigger ORDER BY aggregates DESC, trigger) AS triggers
    FROM triggered
    GROUP BY ALL
) AS g ON g.from_state = t.from_state AND g.to_state = t.to_state
GROUP BY t.from_state, t.to_state
ORDER BY t.from_state, aggregates DESC, t.to_state
