-- By which name do machines, and who asks, speak of each type of the lives?
-- type VARCHAR (or a group, a STRUCT that holds the type's name), name VARCHAR
SELECT type, coalesce(to_json(type) ->> '/type', type::VARCHAR) AS name FROM (SELECT DISTINCT type FROM lives)
