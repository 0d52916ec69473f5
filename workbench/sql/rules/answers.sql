-- What does a condition say of what it read? Stated: conditions are CEL, which SQL does not speak.
-- rule INTEGER, thing VARCHAR (a, b: the first or second that the rule names), input VARCHAR[] (as in inputs), answer
-- BOOLEAN (NULL: it cannot be told), why VARCHAR (it cannot be told)
SELECT unnest(from_json($answers, '[{"rule":"INTEGER","thing":"VARCHAR","input":["VARCHAR"],"answer":"BOOLEAN",
    "why":"VARCHAR"}]'), max_depth := 2)
