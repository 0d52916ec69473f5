-- Which of the counts in `tried` differ more than by chance?
-- candidate BIGINT, share_a DOUBLE, share_b DOUBLE (0 to 1), difference DOUBLE (share_a - share_b), low DOUBLE, high
-- DOUBLE (its 95 % interval, Newcombe's from two of Wilson's), lift DOUBLE (share_a / share_b), p_value DOUBLE, test
-- VARCHAR (chi_square; fisher where a count expected is under 5), q_value DOUBLE (Benjamini and Hochberg over all
-- tried), tested BIGINT; and the columns of `tried`
-- `tried` is a table of the question around this: candidate, in_a of of_a lives, in_b of of_b, none of the four sums
-- (with and without, of a and of b) 0.
WITH counted AS (
    SELECT *, in_a + in_b AS have, of_a + of_b AS every,
        least(have, every - have) * least(of_a, of_b) / every < 5 AS few
    FROM tried
), tables AS (
    -- Every table with the same margins, by the logarithm of its hypergeometric probability.
    SELECT candidate, in_a, k,
        lgamma(of_a + 1) + lgamma(of_b + 1) + lgamma(have + 1) + lgamma(every - have + 1) - lgamma(every + 1)
            - lgamma(k + 1) - lgamma(of_a - k + 1) - lgamma(have - k + 1) - lgamma(of_b - have + k + 1) AS log_p
    FROM (SELECT *, unnest(range(greatest(0, have - of_b), least(have, of_a) + 1)) AS k FROM counted WHERE few)
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
    FROM counted AS t
), judged AS (
    SELECT m.*, least(1, coalesce(f.p_value, m.normal_p)) AS p_value
    FROM measured AS m
    LEFT JOIN fisher AS f ON f.candidate = m.candidate
), ranked AS (
    SELECT *, p_value * count(*) OVER () / count(*) OVER (ORDER BY p_value) AS raised, count(*) OVER () AS tested
    FROM judged
)
SELECT * EXCLUDE (have, every, few, z, u, normal_p, w, middle_a, half_a, middle_b, half_b, raised),
    difference - sqrt((share_a - middle_a + half_a) ** 2 + (middle_b + half_b - share_b) ** 2) AS low,
    difference + sqrt((middle_a + half_a - share_a) ** 2 + (share_b - middle_b + half_b) ** 2) AS high,
    share_a / nullif(share_b, 0) AS lift,
    CASE WHEN few THEN 'fisher' ELSE 'chi_square' END AS test,
    least(1, min(raised) OVER (ORDER BY p_value DESC)) AS q_value
FROM ranked
ORDER BY p_value
