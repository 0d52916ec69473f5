-- What differs between two instants, of the states and attributes of each aggregate?
-- type VARCHAR, aggregate_id VARCHAR, what VARCHAR ('state' or 'attribute'), path VARCHAR (the state field; the attribute
-- or a path into it), old JSON (at $was), new JSON (at $instant; both NULL where absent), place BIGINT, version BIGINT,
-- event_type VARCHAR, actor VARCHAR (of the event that made it what it is at $instant; NULL where none did), set_at
-- TIMESTAMP (UTC, since when it is so), instant TIMESTAMP (UTC)
-- What differs is taken apart level by level: objects by key, lists by place. A null is not told from what is absent.
WITH RECURSIVE stays AS (
    SELECT life, field, to_json(to_state) AS state, entered_at, left_at, CASE WHEN NOT inferred THEN place END AS place,
        coalesce(entered_at, began_at) AS since
    FROM moves
), moved AS (
    SELECT coalesce(o.life, n.life) AS life, coalesce(o.field, n.field) AS path, o.state AS old, n.state AS new, n.place,
        n.entered_at AS set_at
    FROM (SELECT * FROM stays WHERE since <= $was::TIMESTAMP AND (left_at IS NULL OR left_at > $was::TIMESTAMP)) AS o
    FULL JOIN (
        SELECT * FROM stays WHERE since <= $instant::TIMESTAMP AND (left_at IS NULL OR left_at > $instant::TIMESTAMP)
    ) AS n ON n.life = o.life AND n.field = o.field
    WHERE o.state IS DISTINCT FROM n.state
), altered AS (
    SELECT coalesce(o.life, n.life) AS life, coalesce(o.path, n.path) AS name, o.new AS old, n.new AS new,
        nullif(n.place, 0) AS place, n.effective_at AS set_at
    FROM (
        SELECT life, path, new FROM changes
        WHERE effective_at <= $was::TIMESTAMP AND (replaced_at IS NULL OR replaced_at > $was::TIMESTAMP)
    ) AS o
    FULL JOIN (
        SELECT life, path, new, place, effective_at FROM changes
        WHERE effective_at <= $instant::TIMESTAMP AND (replaced_at IS NULL OR replaced_at > $instant::TIMESTAMP)
    ) AS n ON n.life = o.life AND n.path = o.path
    WHERE coalesce(o.new::VARCHAR, 'null') <> coalesce(n.new::VARCHAR, 'null')
), parted(life, path, old, new, place, set_at) AS (
    -- An attribute that merely holds the state is the state's row.
    SELECT a.life, CASE WHEN a.name = '' OR contains(a.name, '.') THEN '"' || a.name || '"' ELSE a.name END, a.old, a.new,
        a.place, a.set_at
    FROM altered AS a
    ANTI JOIN moved AS m ON m.life = a.life AND m.path = a.name
        AND (m.old ->> '$') IS NOT DISTINCT FROM (a.old ->> '$') AND (m.new ->> '$') IS NOT DISTINCT FROM (a.new ->> '$')
    UNION ALL
    SELECT life, path || '.' || CASE WHEN key = '' OR contains(key, '.') THEN '"' || key || '"' ELSE key END,
        json_extract(old, pointer), json_extract(new, pointer), place, set_at
    FROM (
        SELECT *, '/' || replace(replace(key, '~', '~0'), '/', '~1') AS pointer
        FROM (
            SELECT *, unnest(CASE json_type(old)
                WHEN 'OBJECT' THEN list_distinct(list_concat(json_keys(old), json_keys(new)))
                ELSE range(greatest(json_array_length(old), json_array_length(new))::BIGINT)::VARCHAR[] END) AS key
            FROM parted
            WHERE json_type(old) = json_type(new) AND json_type(old) IN ('OBJECT', 'ARRAY')
        )
    )
    WHERE coalesce(json_extract(old, pointer)::VARCHAR, 'null') <> coalesce(json_extract(new, pointer)::VARCHAR, 'null')
), told AS (
    SELECT life, 'state' AS what, path, old, new, place, set_at FROM moved
    UNION ALL
    SELECT life, 'attribute', path, old, new, place, set_at FROM parted
    WHERE NOT coalesce(json_type(old) = json_type(new) AND json_type(old) IN ('OBJECT', 'ARRAY'), FALSE)
)
SELECT l.type, l.aggregate_id, t.what, t.path, t.old, t.new, t.place, e.version, e.event_type, e.actor, t.set_at,
    $instant::TIMESTAMP AS instant
FROM told AS t
JOIN (SELECT life, min(type) AS type, aggregate_id FROM lives GROUP BY life, aggregate_id) AS l ON l.life = t.life
LEFT JOIN events AS e ON e.life = t.life AND e.place = t.place
ORDER BY l.type, length(l.aggregate_id), l.aggregate_id, t.what DESC, t.path
