-- Which rules are asked, as their machines declare them?
-- Columns as `AskedRule.values` has them: of whom, what the rule names (a, b), and what each half of it asks where the
-- thing that is given stands: that the wanted one is there (or, forbidden, is not), before, after or next to it.
SELECT unnest(from_json($rules, '[{"rule":"INTEGER","type":"VARCHAR","field":"VARCHAR","machine":"VARCHAR",
    "property":"VARCHAR","words":"VARCHAR","place":"VARCHAR","shows_only":"BOOLEAN","reads":"VARCHAR",
    "dense":"BOOLEAN","a_on":"VARCHAR","a":["VARCHAR"],"a_when":"BOOLEAN","b_on":"VARCHAR","b":["VARCHAR"],
    "b_when":"BOOLEAN","named":[{"from_state":"VARCHAR","to_state":"VARCHAR","transition":"VARCHAR"}],
    "within":"BIGINT","halves":[{"given":"VARCHAR","wanted":"VARCHAR","where":"VARCHAR","forbidden":"BOOLEAN"}],
    "finals":["VARCHAR"],"entries":["VARCHAR"]}]'), max_depth := 2)
