-- What does the word that each life wrote mean under its rule?
-- type VARCHAR, rule INTEGER, life BIGINT, refused BOOLEAN, broken BOOLEAN, judgement VARCHAR, breaches STRUCT(at INTEGER,
-- why VARCHAR)[] (as in words and meanings)
SELECT w.type, w.rule, w.life, w.refused, w.broken, m.judgement, m.breaches
FROM words AS w
LEFT JOIN meanings AS m ON m.rule = w.rule AND m.word = w.word AND m.closed = w.closed AND m.unbegun = w.unbegun
    AND m.holed = w.holed
WHERE CASE WHEN m.rule IS NULL
    THEN error(format('no meaning is stated for the word "{}" of life {} under rule {}: these are not the events that '
        'were judged (where the log has grown since, ask again)', w.word, w.life, w.rule))
    ELSE true END
