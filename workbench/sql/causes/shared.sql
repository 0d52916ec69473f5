-- How many other lives of the type share the cause of one event, and how many could?
-- lives BIGINT (other ones of the type), alike BIGINT (of those, that an event of the same kind put through the same:
-- the same event type and move, or the same value of the attribute), same_event BIGINT, same_root BIGINT, same_kind
-- BIGINT (of the ones alike: caused by the very event, by the same root, by an event of the same kind)
WITH RECURSIVE stores AS (
    SELECT import_id, min(import_id) OVER (PARTITION BY system) AS store FROM imports
), mine AS (
    SELECT e.*, s.store, m.from_state, m.to_state AS entered, coalesce(e.data -> 'new_attributes' -> $attribute::VARCHAR,
        e.data -> 'attributes' -> $attribute::VARCHAR)::VARCHAR AS value
    FROM events AS e
    JOIN stores AS s ON s.import_id = e.import_id
    LEFT JOIN moves AS m ON m.life = e.life AND m.place = e.place AND NOT m.inferred AND m.field = $track::VARCHAR
    WHERE e.life = $life::BIGINT AND e.place = $place::BIGINT
), alike AS (
    SELECT e.life, e.place, e.causation_id, s.store
    FROM events AS e
    JOIN mine AS i ON i.aggregate_type = e.aggregate_type AND i.event_type = e.event_type AND i.life <> e.life
        AND i.transition IS NOT DISTINCT FROM e.transition
    JOIN stores AS s ON s.import_id = e.import_id
    LEFT JOIN (
        SELECT * FROM moves WHERE field = $track::VARCHAR AND NOT inferred
    ) AS m ON m.life = e.life AND m.place = e.place
    WHERE m.to_state IS NOT DISTINCT FROM i.entered AND m.from_state IS NOT DISTINCT FROM i.from_state
        AND ($attribute::VARCHAR IS NULL OR coalesce(e.data -> 'new_attributes' -> $attribute::VARCHAR,
            e.data -> 'attributes' -> $attribute::VARCHAR)::VARCHAR IS NOT DISTINCT FROM i.value)
), cause AS (
    SELECT e.event_id, e.type, e.event_type, s.store, coalesce(e.event_id = e.global_position::VARCHAR, FALSE) AS numbered
    FROM events AS e
    JOIN stores AS s ON s.import_id = e.import_id
    WHERE e.life = $cause_life::BIGINT AND e.place = $cause_place::BIGINT
), effects(life, place, event_id, store, numbered) USING KEY (life, place) AS (
    SELECT e.life, e.place, e.event_id, s.store, coalesce(e.event_id = e.global_position::VARCHAR, FALSE) AS numbered
    FROM events AS e
    JOIN stores AS s ON s.import_id = e.import_id
    WHERE e.life = $root_life::BIGINT AND e.place = $root_place::BIGINT
    UNION
    SELECT e.life, e.place, e.event_id, s.store, coalesce(e.event_id = e.global_position::VARCHAR, FALSE)
    FROM effects AS f
    JOIN events AS e ON e.causation_id = f.event_id
    JOIN stores AS s ON s.import_id = e.import_id AND (s.store = f.store OR NOT f.numbered)
    WHERE NOT EXISTS (SELECT 1 FROM recurring.effects AS r WHERE r.life = e.life AND r.place = e.place)
), caused AS (
    SELECT a.life,
        bool_or(a.causation_id = i.causation_id AND (a.store = i.store OR NOT c.numbered)) AS by_the_event,
        bool_or(e.event_id IS NOT NULL) AS by_the_kind
    FROM alike AS a
    CROSS JOIN mine AS i
    LEFT JOIN cause AS c ON TRUE
    LEFT JOIN events AS e ON e.event_id = a.causation_id AND e.event_type = c.event_type AND e.type = c.type
    GROUP BY a.life
)
SELECT
    (SELECT count(DISTINCT life) FROM lives WHERE aggregate_type IN (SELECT aggregate_type FROM mine)
        AND life <> $life::BIGINT) AS lives,
    (SELECT count(DISTINCT life) FROM alike) AS alike,
    (SELECT count(*) FROM caused WHERE by_the_event) AS same_event,
    (SELECT count(DISTINCT a.life) FROM alike AS a SEMI JOIN effects AS f ON f.life = a.life AND f.place = a.place)
        AS same_root,
    (SELECT count(*) FROM caused WHERE by_the_kind) AS same_kind
ORDER BY ALL
