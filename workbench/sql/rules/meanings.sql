-- What does a word mean under its rule? Stated: the rule's automaton has read each word once.
-- rule INTEGER, word VARCHAR, closed BOOLEAN, unbegun BOOLEAN, holed BOOLEAN (as in words), judgement VARCHAR (satisfied,
-- violated, pending, unknowable; NULL: the rule asks nothing of such a life), breaches STRUCT(at INTEGER, why VARCHAR)[]
-- (the positions of the word that break the rule, from 0; -1: the life as a whole does)
SELECT unnest(from_json($meanings, '[{"rule":"INTEGER","word":"VARCHAR","closed":"BOOLEAN","unbegun":"BOOLEAN",
    "holed":"BOOLEAN","judgement":"VARCHAR","breaches":[{"at":"INTEGER","why":"VARCHAR"}]}]'), max_depth := 2)
