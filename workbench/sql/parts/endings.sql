-- In which states do lives end?
-- type VARCHAR (or a group), field VARCHAR, state VARCHAR
SELECT types.type, told.field, told.state
FROM (
    SELECT unnest($endings::STRUCT(type VARCHAR, field VARCHAR, state VARCHAR)[], max_depth := 2)
) AS told
JOIN types -- as in parts/types_of_lives.sql
    ON types.name = told.type
