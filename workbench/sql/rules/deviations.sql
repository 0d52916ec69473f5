-- Which steps were not allowed, by what would allow them?
-- type VARCHAR, field VARCHAR, machine VARCHAR, from_state VARCHAR, to_state VARCHAR, transition VARCHAR
SELECT DISTINCT type, field, machine, from_state, to_state, transition
FROM off
ORDER BY ALL
