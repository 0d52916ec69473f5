-- What was judged of each property, as a table?
-- The columns that $columns names, of the types it gives them.
SELECT unnest(from_json($verdicts, $columns), max_depth := 2)
