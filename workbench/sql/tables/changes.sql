-- What did each event make of its aggregate's attributes? One row a change of an attribute.
-- life BIGINT, type VARCHAR, aggregate_id VARCHAR, place BIGINT (of the event; 0: the state before the first move),
-- path VARCHAR (name of the attribute), old JSON, new JSON (both NULL where absent), effective_at TIMESTAMP (UTC),
-- replaced_at TIMESTAMP (UTC, NULL while it holds), known_at TIMESTAMP (UTC, later than effective_at only at place 0),
-- snapshot VARCHAR (NULL, or the event's model_snapshot was taken over: 'before' or 'after' its move, or 'unknown')
WITH rules AS (
    SELECT i.import_id, r.id AS step, r.value ->> 'event_type' AS event_type, r.value ->> 'verb' AS verb,
        r.value ->> 'name' AS name, r.value ->> 'column' AS source, r.value ->> 'path' AS path,
        r.value -> 'value' AS told
    FROM imports AS i, json_each(i.reducers) AS r
), kinds AS (
    SELECT DISTINCT import_id, event_type FROM events WHERE import_id IN (SELECT import_id FROM rules)
), applied AS (
    SELECT k.import_id, k.event_type, r.step, r.verb, r.name, r.source, r.path, r.told
    FROM kinds AS k JOIN rules AS r ON r.import_id = k.import_id AND (r.event_type = k.event_type OR (
        r.event_type = '*' AND k.event_type NOT IN ('model_created', 'model_updated', 'state_transitioned')
        AND (k.import_id, k.event_type) NOT IN (SELECT (import_id, event_type) FROM rules)
    ))
), created AS (
    SELECT life, min(place) AS place FROM events WHERE event_type = 'model_created' GROUP BY life
), payloads AS (
    SELECT e.life, e.place, e.effective_at,
        CASE WHEN c.place <= e.place THEN NULL ELSE e.data -> 'model_snapshot' END AS snapshot,
        CASE WHEN a.event_type IS NOT NULL THEN NULL
            WHEN e.event_type = 'model_created' THEN e.data -> 'attributes'
            WHEN e.event_type = 'model_updated' THEN e.data -> 'new_attributes' END AS patch
    FROM events AS e LEFT JOIN created AS c USING (life)
    LEFT JOIN (SELECT DISTINCT import_id, event_type FROM applied) AS a
        ON a.import_id = e.import_id AND a.event_type = e.event_type
), sides AS (
    SELECT p.life, p.place, CASE
        WHEN json_extract_string(p.snapshot, e.pointer) = e.to_state AND e.to_state IS DISTINCT FROM e.from_recorded THEN 'after'
        WHEN json_extract_string(p.snapshot, e.pointer) = e.from_recorded AND e.to_state <> e.from_recorded THEN 'before'
        ELSE 'unknown' END AS side
    FROM payloads AS p JOIN (
        SELECT life, place, to_state, from_recorded, '/' || replace(replace(field, '~', '~0'), '/', '~1') AS pointer
        FROM events
    ) AS e ON e.life = p.life AND e.place = p.place
    WHERE p.snapshot IS NOT NULL
), ruled AS (
    SELECT e.life, e.place, e.effective_at, a.step + 2 AS step, a.verb, a.name,
        CASE WHEN a.verb = 'remove' THEN NULL WHEN a.path IS NULL THEN a.told
            ELSE json_extract(CASE a.source WHEN 'metadata' THEN e.metadata ELSE e.data END, a.path) END AS doc
    FROM events AS e JOIN applied AS a ON a.import_id = e.import_id AND a.event_type = e.event_type
), documents AS (
    SELECT life, place, effective_at, 0 AS step, snapshot AS doc FROM payloads WHERE snapshot IS NOT NULL
    UNION ALL
    SELECT life, place, effective_at, 1, patch FROM payloads WHERE patch IS NOT NULL
    UNION ALL
    SELECT life, place, effective_at, step, doc FROM ruled WHERE verb = 'merge'
), told AS (
    SELECT life, place, effective_at, step, unnest(generate_series(1, len(json_keys(doc)))) AS nth,
        unnest(json_keys(doc)) AS name, unnest(json_extract(doc, '$.*')) AS value, NULL AS state
    FROM documents
    UNION ALL
    SELECT life, place, effective_at, step, 1, name, doc, NULL FROM ruled
    WHERE verb = 'remove' OR (verb = 'set' AND doc IS NOT NULL)
    UNION ALL
    SELECT life, place, effective_at, -1, 1, field, NULL, to_state FROM events WHERE to_state IS NOT NULL
    UNION ALL
    SELECT life, place, effective_at, -1, 1, entry.key, NULL, entry.value
    FROM (SELECT life, place, effective_at, unnest(map_entries(also)) AS entry FROM events)
    WHERE entry.value IS NOT NULL
), openings AS (
    -- A state that only its first move tells of, unless the attribute was told before it.
    SELECT life, least(coalesce(entered_at, began_at), began_at) AS effective_at, known_at, field, to_state
    FROM moves AS m WHERE inferred AND NOT EXISTS (
        FROM told AS t WHERE t.life = m.life AND t.name = m.field AND t.place < m.place AND t.value IS NOT NULL
    )
), last_told AS (
    SELECT life, place, effective_at, name, max(state) AS state,
        arg_max({value: value}, (step, nth)) FILTER (step >= 0) AS given
    FROM told
    GROUP BY life, place, effective_at, name
), stated AS (
    SELECT life, place, effective_at, name, given IS NULL AS by_state, state,
        CASE WHEN state IS NULL OR (given.value ->> '$') = state THEN given.value ELSE to_json(state) END AS value
    FROM last_told
    UNION ALL
    SELECT life, 0, effective_at, field, TRUE, to_state, to_json(to_state) FROM openings
), compared AS (
    SELECT *, lag(value) OVER (PARTITION BY life, name ORDER BY place) AS before_it
    FROM stated
), altered AS (
    SELECT life, place, effective_at, name, value
    FROM compared
    WHERE value::VARCHAR IS DISTINCT FROM before_it::VARCHAR AND NOT (by_state AND coalesce((before_it ->> '$') = state, FALSE))
), chained AS (
    SELECT life, place, name, lag(value) OVER w AS old, value AS new, effective_at, lead(effective_at) OVER w AS replaced_at
    FROM altered
    WINDOW w AS (PARTITION BY life, name ORDER BY place)
)
SELECT c.life, l.type, l.aggregate_id, c.place, c.name AS path, c.old, c.new, c.effective_at, c.replaced_at,
    coalesce(o.known_at, c.effective_at) AS known_at, s.side AS snapshot
FROM chained AS c JOIN (SELECT DISTINCT life, type, aggregate_id FROM lives) AS l ON l.life = c.life
LEFT JOIN openings AS o ON c.place = 0 AND o.life = c.life AND o.field = c.name
LEFT JOIN sides AS s ON s.life = c.life AND s.place = c.place
ORDER BY c.life, c.place, c.name
