-- What do the lives of one part have, do or meet that those of another do not?
-- type VARCHAR, field VARCHAR (of states and transitions), kind VARCHAR (actor, attribute, event_type, state,
-- transition), name VARCHAR (of an attribute; the state left by a transition), value VARCHAR, in_a BIGINT (lives of a
-- that have it), of_a BIGINT (lives of a), in_b BIGINT, of_b BIGINT, share_a DOUBLE, share_b DOUBLE (0 to 1),
-- difference DOUBLE (share_a - share_b), low DOUBLE, high DOUBLE (its 95 % interval, Newcombe's from two of Wilson's),
-- lift DOUBLE (share_a / share_b), p_value DOUBLE, test VARCHAR (chi_square; fisher where a count expected is under 5),
-- q_value DOUBLE (Benjamini and Hochberg over all tested), tested BIGINT
-- A candidate is tested when at least $support lives have it and not all do: both are told without looking at the
-- sides, so that the choice does not favour a difference. `a` and `b` are tables of lives.
WITH sides AS MATERIALIZED (
    SELECT DISTINCT l.type, l.life, s.side
    FROM lives AS l
    JOIN (SELECT life, 'a' AS side FROM a UNION ALL SELECT life, 'b' AS side FROM b) AS s ON s.life = l.life
), totals AS (
    SELECT type, count_if(side = 'a')::BIGINT AS of_a, count_if(side = 'b')::BIGINT AS of_b FROM sides GROUP BY type
), stated AS (
    SELECT life, actor, event_type FROM events WHERE life IN (SELECT life FROM sides)
), facts AS (
    SELECT DISTINCT life, NULL::VARCHAR AS field, 'actor' AS kind, NULL::VARCHAR AS name, actor AS value
    FROM stated WHERE actor IS NOT NULL
    UNION ALL
    SELECT DISTINCT life, NULL, 'event_type', NULL, event_type FROM stated
    UNION ALL
    SELECT DISTINCT life, field, 'state', NULL, to_state FROM moves WHERE life IN (SELECT life FROM sides)
    UNION ALL
    SELECT DISTINCT life, field, 'transition', from_state, to_state
    FROM moves WHERE from_state IS NOT NULL AND life IN (SELECT life FROM sides)
    UNION ALL
    SELECT DISTINCT c.life, NULL, 'attribute', c.path, c.new ->> '$'
    FROM changes AS c
    ANTI JOIN lives AS l ON l.life = c.life AND l.field = c.path
    WHERE c.life IN (SELECT life FROM sides) AND (c.new ->> '$') IS NOT NULL
), counted AS (
    SELECT s.type, f.field, f.kind, f.name, f.value,
        count_if(s.side = 'a')::BIGINT AS in_a, count_if(s.side = 'b')::BIGINT AS in_b
    FROM facts AS f
    JOIN sides AS s ON s.life = f.life
    GROUP BY s.type, f.field, f.kind, f.name, f.value
), tried AS MATERIALIZED (
    SELECT c.*, t.of_a, t.of_b, row_number() OVER () AS candidate
    FROM counted AS c
    JOIN totals AS t ON t.type = c.type
    WHERE in_a + in_b BETWEEN $support AND of_a + of_b - 1 AND of_a > 0 AND of_b > 0
)
SELECT type, field, kind, name, value, in_a, of_a, in_b, of_b, share_a, share_b, difference, low, high, lift, p_value,
    test, q_value, tested
FROM judged -- as in comparing/judged.sql
ORDER BY p_value, abs(difference) DESC, type, field, kind, name, value
