-- How far does history keep to each machine?
-- type VARCHAR (NULL for a machine that no life belongs to), field VARCHAR, machine VARCHAR (NULL for a type without
-- one), lives BIGINT (with a state), moves BIGINT (inferred beginnings included), off_machine BIGINT (moves that no
-- transition allows, as the question of that name lists them), fitness DOUBLE (0 to 1, share of moves allowed),
-- lives_fitting BIGINT (without any such move), variants BIGINT (distinct sequences of states), variants_fitting BIGINT
-- (those that only such lives went through). In a window: the moves entered in it, and the lives that made one.
WITH tracks AS (
    SELECT types.type, told.* EXCLUDE (type)
    FROM told -- as in parts/machines.sql
    LEFT JOIN types -- as in parts/types_of_lives.sql
        ON types.name = told.type
), seen AS (
    SELECT * FROM moves
    WHERE ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), off AS (
    SELECT type, field, life, count(*) AS moves
    FROM refused -- as in parts/refused.sql
    GROUP BY type, field, life
), moved AS (
    SELECT type, field, count(*) AS moves FROM seen GROUP BY type, field
), lived AS (
    SELECT l.type, l.field, count(*) AS lives, count(o.life) AS lives_off, sum(o.moves) AS off_machine,
        count(DISTINCT l.path) AS variants, count(DISTINCT l.path) FILTER (WHERE o.life IS NOT NULL) AS variants_off
    FROM lives AS l
    LEFT JOIN off AS o ON o.type = l.type AND o.field = l.field AND o.life = l.life
    WHERE l.field IS NOT NULL AND (($since::TIMESTAMP IS NULL AND $before::TIMESTAMP IS NULL)
        OR (l.life, l.field) IN (SELECT life, field FROM seen))
    GROUP BY l.type, l.field
), counted AS (
    SELECT t.type, t.field, t.machine, coalesce(l.lives, 0) AS lives, coalesce(m.moves, 0) AS moves,
        CASE WHEN t.machine IS NOT NULL THEN coalesce(l.off_machine, 0)::BIGINT END AS off_machine,
        CASE WHEN t.machine IS NOT NULL THEN coalesce(l.lives_off, 0) END AS lives_off,
        coalesce(l.variants, 0) AS variants,
        CASE WHEN t.machine IS NOT NULL THEN coalesce(l.variants_off, 0) END AS variants_off
    FROM tracks AS t
    LEFT JOIN lived AS l ON l.type = t.type AND l.field = t.field
    LEFT JOIN moved AS m ON m.type = t.type AND m.field = t.field
)
SELECT type, field, machine, lives, moves, off_machine,
    1 - off_machine / nullif(moves, 0) AS fitness,
    lives - lives_off AS lives_fitting,
    variants, variants - variants_off AS variants_fitting
FROM counted
ORDER BY machine IS NULL, type IS NULL, machine, type, field
