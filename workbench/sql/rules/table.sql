-- What was judged of each property, as a table?
-- type VARCHAR, field VARCHAR, machine VARCHAR, property VARCHAR, asked_of VARCHAR (machine, log), verdict VARCHAR,
-- lives BIGINT, concerned BIGINT, satisfied BIGINT, violated BIGINT, pending BIGINT, unknowable BIGINT, rule VARCHAR
SELECT unnest(from_json($verdicts, '[{"type":"VARCHAR","field":"VARCHAR","machine":"VARCHAR","property":"VARCHAR",
    "asked_of":"VARCHAR","verdict":"VARCHAR","lives":"BIGINT","concerned":"BIGINT","satisfied":"BIGINT",
    "violated":"BIGINT","pending":"BIGINT","unknowable":"BIGINT","rule":"VARCHAR"}]'), max_depth := 2)
