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
    WHERE c.life IN (SELECT life FROM sides) AND c.new ->> '$' IS NOT NULL
), counted AS (
    SELECT s.type, f.field, f.kind, f.name, f.value,
        count_if(s.side = 'a')::BIGINT AS in_a, count_if(s.side = 'b')::BIGINT AS in_b
    FROM facts AS f
    JOIN sides AS s ON s.life = f.life
    GROUP BY s.type, f.field, f.kind, f.name, f.value
), tried AS MATERIALIZED (
    SELECT c.*, t.of_a, t.of_b, in_a + in_b AS have, of_a + of_b AS every,
        least(have, every - have) * least(of_a, of_b) / every < 5 AS few,
        row_number() OVER () AS candidate
    FROM counted AS c
    JOIN totals AS t ON t.type = c.type
    WHERE have >= $support AND have < every AND of_a > 0 AND of_b > 0
), tables AS (
    -- Every table with the same margins, by the logarithm of its hypergeometric probability.
    SELECT candidate, in_a, k, lgamma(of_a + 1) + lgamma(of_b + 1) + lgamma(have + 1) + lgamma(every - have + 1) - lgamma(every + 1)
            - lgamma(k + 1) - lgamma(of_a - k + 1) - lgamma(have - k + 1) - lgamma(of_b - have + k + 1) AS log_p
    FROM (SELECT *, unnest(range(greatest(0, have - of_b), least(have, of_a) + 1)) AS k FROM tried WHERE few)
), fisher AS (
    SELECT candidate, sum(exp(log_p)) AS p_value
    FROM (SELECT *, max(CASE WHEN k = in_a THEN log_p END) OVER (PARTITION BY candidate) AS own FROM tables)
    WHERE log_p <= own + 1e-7
    GROUP BY candidate
), measured AS (
    SELECT t.*, in_a / of_a AS share_a, in_b / of_b AS share_b, share_a - share_b AS difference,
        abs(difference) / sqrt(2 * (have / every) * (1 - have / every) * (1 / of_a + 1 / of_b)) AS z,
        1 / (1 + z / 2) AS u,
        -- The complementary error function of z, to 1.2e-7 of its value (Numerical Recipes, 6.2).
        u * exp(-z * z - 1.26551223 + u * (1.00002368 + u * (0.37409196 + u * (0.09678418 + u * (-0.18628806
            + u * (0.27886807 + u * (-1.13520398 + u * (1.48851587 + u * (-0.82215223 + u * 0.17087277)))))))))
            AS normal_p,
        1.959963984540054 AS w,
        (share_a + w * w / (2 * of_a)) / (1 + w * w / of_a) AS middle_a,
        w * sqrt(share_a * (1 - share_a) / of_a + w * w / (4 * of_a * of_a)) / (1 + w * w / of_a) AS half_a,
        (share_b + w * w / (2 * of_b)) / (1 + w * w / of_b) AS middle_b,
        w * sqrt(share_b * (1 - share_b) / of_b + w * w / (4 * of_b * of_b)) / (1 + w * w / of_b) AS half_b
    FROM tried AS t
), judged AS (
    SELECT m.*, least(1, coalesce(f.p_value, m.normal_p)) AS p_value
    FROM measured AS m
    LEFT JOIN fisher AS f ON f.candidate = m.candidate
), ranked AS (
    SELECT *, p_value * count(*) OVER () / count(*) OVER (ORDER BY p_value) AS raised, count(*) OVER () AS tested
    FROM judged
)
SELECT type, field, kind, name, value, in_a, of_a, in_b, of_b, share_a, share_b, difference,
    difference - sqrt((share_a - middle_a + half_a) ** 2 + (middle_b + half_b - share_b) ** 2) AS low,
    difference + sqrt((middle_a + half_a - share_a) ** 2 + (share_b - middle_b + half_b) ** 2) AS high,
    share_a / nullif(share_b, 0) AS lift,
    p_value,
    CASE WHEN few THEN 'fisher' ELSE 'chi_square' END AS test,
    least(1, min(raised) OVER (ORDER BY p_value DESC)) AS q_value,
    tested
FROM ranked
ORDER BY p_value, abs(difference) DESC, type, field, kind, name, value
