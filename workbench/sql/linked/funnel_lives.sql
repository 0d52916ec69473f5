-- Which cases stand behind the numbers of a funnel?
-- The columns are those of funnel_lives.sql. A case is an aggregate and all that is linked to it, told as one life.
WITH moves AS MATERIALIZED (
    SELECT * FROM told -- as in linked/moves.sql
), lives AS MATERIALIZED (
    SELECT * FROM told -- as in linked/lives.sql
), variants AS MATERIALIZED (
    SELECT * FROM told -- as in linked/variants.sql
)
SELECT * FROM asked -- as in funnel_lives.sql
