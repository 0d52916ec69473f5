-- How long may a stay in each state last?
-- type VARCHAR (or a group), field VARCHAR, state VARCHAR, microseconds BIGINT, source VARCHAR (who says so)
SELECT types.type, told.* EXCLUDE (type)
FROM (
    SELECT unnest($bounds::STRUCT(type VARCHAR, field VARCHAR, state VARCHAR, microseconds BIGINT,
        source VARCHAR)[], max_depth := 2)
) AS told
JOIN types -- as in parts/types_of_moves.sql
    ON types.name = told.type
