-- The stays of the touched lives, the inferred one before a first recorded move included, numbered in order.
CREATE OR REPLACE TEMP TABLE stays AS
WITH recorded AS (
    SELECT life, field, place, version, transition, from_recorded, to_state, effective_at, began_at, actor
    FROM placed WHERE to_state IS NOT NULL
    UNION ALL
    SELECT life, track.key, place, version, transition, NULL, track.value, effective_at, began_at, actor
    FROM (SELECT *, unnest(map_entries(also)) AS track FROM placed WHERE also IS NOT NULL)
),
firsts AS (
    SELECT life, field, min(place) AS place, arg_min({
        version: version, from_recorded: from_recorded, effective_at: effective_at, began_at: began_at
    }, place) AS first
    FROM recorded GROUP BY life, field
),
unbegun AS (
    SELECT * FROM firsts WHERE first.from_recorded IS NOT NULL
),
created AS (
    SELECT u.life, u.field, arg_min(p.created_at, p.place) AS created_at
    FROM unbegun AS u JOIN placed AS p ON p.life = u.life AND p.place <= u.place
    WHERE p.created_at IS NOT NULL GROUP BY ALL
),
rostered AS (
    SELECT seen.life, min(r.created_at) AS created_at
    FROM rosters AS r JOIN seen USING (aggregate_type, aggregate_id) GROUP BY ALL
),
inferred AS (
    SELECT u.life, u.field, u.place, u.first.version, NULL AS transition, NULL AS from_recorded,
        u.first.from_recorded AS to_state,
        CASE WHEN coalesce(c.created_at, r.created_at) IS NOT NULL
            THEN least(coalesce(c.created_at, r.created_at), u.first.effective_at) END AS entered_at,
        u.first.effective_at AS known_at, u.first.began_at, NULL AS actor, true AS inferred
    FROM unbegun AS u LEFT JOIN created AS c ON c.life = u.life AND c.field = u.field
    LEFT JOIN rostered AS r ON r.life = u.life
),
every AS (
    SELECT life, field, place, version, transition, from_recorded, to_state, effective_at AS entered_at,
        effective_at AS known_at, began_at, actor, false AS inferred
    FROM recorded
    UNION ALL
    SELECT * FROM inferred
)
SELECT *,
    row_number() OVER w AS ordinal,
    (first_value(inferred) OVER w)::INTEGER AS has_inferred,
    first_value(to_state) OVER w AS first_state,
    lag(to_state) OVER w AS from_state,
    lag(entered_at) OVER w AS from_entered_at,
    lead(known_at) OVER w AS left_at
FROM every
WINDOW w AS (PARTITION BY life, field ORDER BY place, NOT inferred)
