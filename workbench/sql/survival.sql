-- Which share of the stays in a state lasts longer than a time?
-- type VARCHAR, field VARCHAR, state VARCHAR, seconds DOUBLE (an age at which a stay ended, or was last seen), at_risk
-- BIGINT (stays seen just before that age), exits BIGINT (left at that age), censored BIGINT (open, last seen at that
-- age), surviving DOUBLE (0 to 1, longer than that: Kaplan-Meier), lower DOUBLE, upper DOUBLE (95 in 100 intervals of
-- Greenwood's variance on the log-log scale; NULL before the first exit and once nobody is left)
-- A stay entered before the log's first event is at risk from the age it had then; one of unknown beginning never is.
WITH observed AS (
    SELECT min(effective_at) AS first_at, max(effective_at) AS last_at FROM events
), stays AS (
    SELECT type, field, to_state AS state, entered_at, coalesce(left_at, last_at) AS seen_until,
        left_at IS NOT NULL AS gone, CASE WHEN entered_at < first_at THEN first_at END AS seen_from
    FROM moves CROSS JOIN observed
    WHERE entered_at IS NOT NULL AND (entered_at >= first_at OR coalesce(left_at, last_at) > first_at)
        AND ($since::TIMESTAMP IS NULL OR entered_at >= $since::TIMESTAMP)
        AND ($before::TIMESTAMP IS NULL OR entered_at < $before::TIMESTAMP)
), ages AS (
    SELECT type, field, state, date_diff('microsecond', entered_at, seen_until) AS age,
        count_if(gone) AS exits, count_if(NOT gone) AS censored, count_if(seen_from IS NULL) AS seen_at_once,
        0 AS joined
    FROM stays
    GROUP BY type, field, state, age
    UNION ALL
    SELECT type, field, state, date_diff('microsecond', entered_at, seen_from), 0, 0, 0, count(*)
    FROM stays
    WHERE seen_from IS NOT NULL
    GROUP BY ALL
), changes AS (
    SELECT type, field, state, age, sum(exits) AS exits, sum(censored) AS censored, sum(seen_at_once) AS seen_at_once,
        sum(joined) AS joined
    FROM ages
    GROUP BY type, field, state, age
), risk AS (
    SELECT type, field, state, age, exits, censored,
        sum(seen_at_once) OVER (PARTITION BY type, field, state)
            + sum(joined - exits - censored) OVER (PARTITION BY type, field, state ORDER BY age)
            - joined + exits + censored AS at_risk
    FROM changes
), estimated AS (
    SELECT type, field, state, age, at_risk, exits, censored,
        product(1 - exits / at_risk) OVER w AS surviving,
        sum(exits / nullif(at_risk * (at_risk - exits), 0)) OVER w AS variance
    FROM risk
    WHERE exits + censored > 0
    WINDOW w AS (PARTITION BY type, field, state ORDER BY age)
), spread AS (
    SELECT *, CASE WHEN surviving > 0 AND surviving < 1
        THEN exp(1.959963984540054 * sqrt(variance) / -ln(surviving)) END AS factor
    FROM estimated
)
SELECT type, field, state, age / 1e6 AS seconds, at_risk::BIGINT AS at_risk, exits::BIGINT AS exits,
    censored::BIGINT AS censored, surviving,
    power(surviving, factor) AS lower,
    power(surviving, 1 / factor) AS upper
FROM spread
ORDER BY type, field, state, seconds
