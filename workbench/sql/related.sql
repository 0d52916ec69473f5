-- Which events concern one aggregate, over all aggregates, and by which link?
-- type VARCHAR, field VARCHAR (of the move), aggregate_id VARCHAR, place BIGINT, occurred_at TIMESTAMP (UTC, as the
-- event says), event_type VARCHAR, from_state VARCHAR (replayed), to_state VARCHAR, actor VARCHAR, event_id VARCHAR,
-- cause VARCHAR (id of the event that caused it), link VARCHAR (itself, else causation, else a link that the mapping
-- declares, else correlation), distance BIGINT (steps from the aggregate's own events), broken BOOLEAN (no event has
-- the id that one names as its cause: all but event_id, link and distance is NULL)
-- Causes of causes, effects of effects; what names the aggregate and what it names, up to three links away. Not the
-- other effects of a cause, nor what else names something that the aggregate names. Ids that one system numbers are
-- causes in that system only.
WITH RECURSIVE own AS (
    SELECT DISTINCT life, aggregate_type, aggregate_id
    FROM lives
    WHERE aggregate_type = $fulltype::VARCHAR AND aggregate_id = $whose::VARCHAR
), stores AS (
    SELECT import_id, min(import_id) OVER (PARTITION BY system) AS store FROM imports
), told AS (
    SELECT e.life, e.place, e.event_id, e.causation_id, s.store,
        coalesce(e.event_id = e.global_position::VARCHAR, FALSE) AS numbered
    FROM events AS e
    JOIN stores AS s ON s.import_id = e.import_id
    WHERE e.event_id IS NOT NULL OR e.causation_id IS NOT NULL
), start AS (
    SELECT t.*, way, 0::BIGINT AS distance, NULL::VARCHAR AS via
    FROM told AS t
    CROSS JOIN (SELECT unnest(['up', 'down']) AS way) AS ways
    WHERE t.life IN (SELECT life FROM own)
), traced(life, place, event_id, causation_id, store, numbered, way, distance, via) USING KEY (life, place, way) AS (
    FROM start
    UNION
    SELECT * FROM (
        SELECT e.*, 'up' AS way, t.distance + 1 AS distance, min(coalesce(t.event_id, 'place ' || t.place)) AS via
        FROM traced AS t
        JOIN told AS e ON e.event_id = t.causation_id AND (e.store = t.store OR NOT e.numbered)
        WHERE t.way = 'up'
        GROUP BY ALL
        UNION ALL
        SELECT e.*, 'down' AS way, t.distance + 1 AS distance, min(coalesce(t.event_id, 'place ' || t.place)) AS via
        FROM traced AS t
        JOIN told AS e ON e.causation_id = t.event_id AND (e.store = t.store OR NOT t.numbered)
        WHERE t.way = 'down'
        GROUP BY ALL
    ) AS found
    WHERE NOT EXISTS (
        SELECT 1 FROM recurring.traced AS r WHERE r.life = found.life AND r.place = found.place AND r.way = found.way
    )
), broken AS (
    SELECT event_id, nearest.distance + 1 AS distance, nearest.via AS via, nearest.life AS life, nearest.place AS place
    FROM (
        SELECT t.causation_id AS event_id, min({
            distance: t.distance, via: coalesce(t.event_id, 'place ' || t.place), life: t.life, place: t.place
        }) AS nearest
        FROM traced AS t
        WHERE t.way = 'up' AND t.causation_id IS NOT NULL
            AND NOT EXISTS (
                SELECT 1 FROM told AS e WHERE e.event_id = t.causation_id AND (e.store = t.store OR NOT e.numbered)
            )
        GROUP BY t.causation_id
    )
), naming AS (
    SELECT life, aggregate_type, aggregate_id, unnest(links) AS link FROM events WHERE links IS NOT NULL
), kin(life, aggregate_type, aggregate_id, way, name, other, distance) AS (
    SELECT o.*, way, NULL::VARCHAR, NULL::VARCHAR, 0::BIGINT
    FROM own AS o
    CROSS JOIN (SELECT unnest(['in', 'out']) AS way) AS ways
    UNION
    SELECT * FROM (
        SELECT DISTINCT n.life, n.aggregate_type, n.aggregate_id, 'in', n.link.name, k.aggregate_id, k.distance + 1
        FROM kin AS k
        JOIN naming AS n ON n.link.aggregate_id = k.aggregate_id
            AND n.link.type IN (k.aggregate_type, regexp_extract(k.aggregate_type, '[^\\./:]*$'))
        WHERE k.way = 'in' AND k.distance < 3 AND n.life <> k.life
        UNION ALL
        SELECT DISTINCT l.life, l.aggregate_type, l.aggregate_id, 'out', n.link.name, l.aggregate_id, k.distance + 1
        FROM kin AS k
        JOIN naming AS n ON n.life = k.life
        JOIN lives AS l ON l.aggregate_id = n.link.aggregate_id
            AND n.link.type IN (l.aggregate_type, regexp_extract(l.aggregate_type, '[^\\./:]*$'))
        WHERE k.way = 'out' AND k.distance < 3 AND l.life <> k.life
    )
), carried AS (
    -- An event that names nothing by that link still has what the events before it named.
    SELECT e.life, e.place, k.name, k.other, k.distance,
        last_value(nullif(
            [link.aggregate_id FOR link IN e.links IF link.name = k.name], []::VARCHAR[]
        ) IGNORE NULLS) OVER (
            PARTITION BY e.life, k.name, k.other, k.distance ORDER BY e.place ROWS UNBOUNDED PRECEDING
        ) AS named
    FROM events AS e
    JOIN kin AS k ON k.life = e.life
    WHERE k.way = 'in' AND k.distance > 0
), reasons AS (
    SELECT life, place, 0 AS rank, 0::BIGINT AS distance, 'itself' AS link FROM events
    WHERE life IN (SELECT life FROM own)
    UNION ALL
    SELECT life, place, 1, distance, CASE way WHEN 'up' THEN 'cause of ' ELSE 'caused by ' END || via FROM traced
    WHERE distance > 0
    UNION ALL
    SELECT life, place, 2, distance, name || ' = ' || other FROM carried WHERE list_contains(named, other)
    UNION ALL
    SELECT e.life, e.place, 2, k.distance, k.name || ' = ' || k.other
    FROM events AS e
    JOIN kin AS k ON k.life = e.life
    WHERE k.way = 'out' AND k.distance > 0
    UNION ALL
    SELECT life, place, 3, 1, 'correlation ' || correlation_id FROM events
    WHERE correlation_id IN (SELECT correlation_id FROM events WHERE life IN (SELECT life FROM own))
), chosen AS MATERIALIZED (
    SELECT life, place, min({rank: rank, distance: distance, link: link}) AS best FROM reasons GROUP BY life, place
)
SELECT type, field, aggregate_id, place, occurred_at, event_type, from_state, to_state, actor, event_id, cause,
    link, distance, broken
FROM (
    SELECT e.type, m.field, e.aggregate_id, e.place, e.occurred_at, e.event_type, m.from_state, m.to_state, e.actor,
        e.event_id, e.causation_id AS cause, c.best.link AS link, c.best.distance AS distance, FALSE AS broken, e.effective_at,
        e.global_position, e.aggregate_type
    FROM events AS e
    JOIN chosen AS c ON c.life = e.life AND c.place = e.place
    LEFT JOIN (
        SELECT * FROM moves WHERE NOT inferred AND life IN (SELECT life FROM chosen)
    ) AS m ON m.life = e.life AND m.place = e.place
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, b.event_id, NULL, 'cause of ' || b.via, b.distance, TRUE,
        e.effective_at, NULL, NULL
    FROM broken AS b
    JOIN events AS e ON e.life = b.life AND e.place = b.place
)
ORDER BY effective_at, NOT broken, global_position, aggregate_type, length(aggregate_id), aggregate_id, place, field,
    event_id
