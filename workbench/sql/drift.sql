-- Where does what events add up to part from the application's current rows, and from its live counters?
-- type VARCHAR (of a counter its model's, else the model: several types may share its name), aggregate_id VARCHAR (NULL: a
-- counter), what VARCHAR (attribute, 'state', 'no events', 'no row', 'counter states pending' or 'counter transitions
-- pending:paid'), replayed JSON, given JSON, place BIGINT, event_id VARCHAR, event_type VARCHAR, set_at TIMESTAMP (UTC),
-- actor VARCHAR (of the event that last touched it)
WITH given_rows AS (
    SELECT type, aggregate_type, aggregate_id, arg_max({state: state, attributes: attributes}, import_id) AS row
    FROM rosters
    GROUP BY type, aggregate_type, aggregate_id
), one_state AS (
    SELECT life, aggregate_type, aggregate_id, any_value(type) AS type, any_value(field) AS field,
        any_value(current_state) AS state, count(*) AS tracks
    FROM lives
    GROUP BY life, aggregate_type, aggregate_id
), paired AS (
    SELECT l.life, l.type, l.aggregate_id, l.field, l.state, l.tracks, g.row
    FROM one_state AS l JOIN given_rows AS g ON g.aggregate_type = l.aggregate_type AND g.aggregate_id = l.aggregate_id
), cells AS (
    SELECT life, unnest(json_keys(row.attributes)) AS path, unnest(json_extract(row.attributes, '$.*')) AS given
    FROM paired
), held AS (
    SELECT life, type, aggregate_id, path, new AS replayed, place FROM changes WHERE replaced_at IS NULL AND new IS NOT NULL
), parted AS (
    SELECT p.type, p.aggregate_id, 'state' AS what, to_json(p.state) AS replayed, to_json(p.row.state) AS given, p.life,
        m.place
    FROM paired AS p LEFT JOIN moves AS m ON m.life = p.life AND m.field = p.field AND m.left_at IS NULL
    WHERE p.tracks = 1 AND p.row.state IS NOT NULL AND p.state IS DISTINCT FROM p.row.state
    UNION ALL
    SELECT h.type, h.aggregate_id, h.path, h.replayed, c.given, h.life, h.place
    FROM held AS h JOIN cells AS c ON c.life = h.life AND c.path = h.path
    JOIN paired AS p ON p.life = h.life
    WHERE (p.tracks > 1 OR h.path IS DISTINCT FROM p.field)
        AND NOT coalesce(list_contains($ignored::VARCHAR[], h.path), FALSE)
        -- A row may come as text alone: numbers and times are compared as what they say, an empty cell is null.
        AND nullif(h.replayed ->> '$', '') IS DISTINCT FROM nullif(c.given ->> '$', '')
        AND NOT coalesce(TRY_CAST(h.replayed ->> '$' AS DOUBLE) = TRY_CAST(c.given ->> '$' AS DOUBLE), FALSE)
        AND NOT coalesce(TRY_CAST(h.replayed ->> '$' AS TIMESTAMPTZ) = TRY_CAST(c.given ->> '$' AS TIMESTAMPTZ), FALSE)
    UNION ALL
    SELECT g.type, g.aggregate_id, 'no events', NULL, to_json(g.row.state), NULL, NULL
    FROM given_rows AS g ANTI JOIN one_state AS l ON l.aggregate_type = g.aggregate_type AND l.aggregate_id = g.aggregate_id
    UNION ALL
    SELECT l.type, l.aggregate_id, 'no row', to_json(l.state), NULL, l.life, NULL
    FROM one_state AS l ANTI JOIN given_rows AS g ON g.aggregate_type = l.aggregate_type AND g.aggregate_id = l.aggregate_id
    WHERE l.aggregate_type IN (SELECT aggregate_type FROM given_rows)
), counters AS (
    SELECT unnest($counters::STRUCT(kind VARCHAR, model VARCHAR, name VARCHAR, number DOUBLE)[]) AS c
), counted AS (
    -- As the application counts: by the last name of a class, for whatever namespaces it is in.
    SELECT 'states' AS kind, regexp_extract(aggregate_type, '[^\\/.:]+$') AS model, current_state AS name,
        count(*) AS number
    FROM lives WHERE current_state IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT 'transitions', regexp_extract(l.aggregate_type, '[^\\/.:]+$'), concat(m.from_state, ':', m.to_state), count(*)
    FROM moves AS m JOIN lives AS l ON l.life = m.life AND l.field = m.field
    WHERE NOT m.inferred AND m.from_state IS NOT NULL GROUP BY ALL
), models AS (
    SELECT regexp_extract(aggregate_type, '[^\\/.:]+$') AS model, CASE WHEN min(type) = max(type) THEN min(type) END AS type
    FROM lives
    GROUP BY ALL
)
SELECT p.type, p.aggregate_id, p.what, p.replayed, p.given, p.place, e.event_id, e.event_type, e.effective_at AS set_at,
    e.actor
FROM parted AS p LEFT JOIN events AS e ON e.life = p.life AND e.place = p.place
UNION ALL
SELECT coalesce(o.type, n.model, g.c.model), NULL,
    concat('counter ', coalesce(n.kind, g.c.kind), ' ', coalesce(n.name, g.c.name)),
    to_json(coalesce(n.number, 0)), to_json(g.c.number), NULL, NULL, NULL, NULL, NULL
FROM counters AS g FULL JOIN (
    SELECT * FROM counted WHERE (kind, model) IN (SELECT (c.kind, c.model) FROM counters)
) AS n ON n.kind = g.c.kind AND n.model = g.c.model AND n.name = g.c.name
LEFT JOIN models AS o ON o.model = coalesce(n.model, g.c.model)
WHERE coalesce(n.number, 0) <> coalesce(g.c.number, 0)
ORDER BY 1, 2 NULLS LAST, 3
