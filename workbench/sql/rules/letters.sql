-- What is written at each position of a life in the letters of a rule?
-- rule INTEGER, life BIGINT, place BIGINT (0: the state before the first recorded move), code INTEGER: the sum of 1 (the
-- first thing that the rule names is there), 2 (the second is), 16 and 32 (a condition cannot be told: the first thing,
-- or the second, may be there) and the timing (4, 8 or 64, as in timings)
-- Positions where nothing stands are left out of rules that pass over them.
SELECT s.rule, s.life, s.place, coalesce(s.a::INTEGER, 16) + coalesce(2 * s.b::INTEGER, 32) + coalesce(t.timing, 0) AS code
FROM standing AS s
LEFT JOIN timings AS t ON t.rule = s.rule AND t.life = s.life AND t.place = s.place
