-- Which moves make up each case: those of one aggregate and of all that is linked to it, in order of time?
-- type, field VARCHAR, life BIGINT (of the aggregate whose case it is), move BIGINT (from 1), to_state VARCHAR (named as
-- a step names it), entered_at TIMESTAMP, from_entered_at TIMESTAMP, visit BIGINT, path HUGEINT: as in moves
-- Linked is what names it and what it names, up to three links away, never turning; of a type that no link leads to,
-- what shares a correlation with it. Where times are equal, states come in the order of the steps, if their own
-- aggregate's order allows; a state of unknown beginning comes when its aggregate began.
WITH RECURSIVE tracks AS (
    SELECT unnest($tracks::STRUCT(aggregate_type VARCHAR, field VARCHAR, name VARCHAR, home BOOLEAN)[], max_depth := 2)
), held AS (
    SELECT DISTINCT life, aggregate_type, aggregate_id FROM lives
), cases AS (
    SELECT l.life, l.type, l.field
    FROM lives AS l
    JOIN tracks AS t ON t.home AND t.aggregate_type = l.aggregate_type AND t.field = l.field
), others AS (
    SELECT h.life, h.aggregate_type
    FROM held AS h
    WHERE h.aggregate_type IN (SELECT aggregate_type FROM tracks)
        AND h.aggregate_type NOT IN (SELECT aggregate_type FROM tracks WHERE home)
), links AS (
    SELECT DISTINCT n.life AS naming, h.life AS named
    FROM (
        SELECT DISTINCT life, link.type AS name, link.aggregate_id AS aggregate_id
        FROM (SELECT life, unnest(links) AS link FROM events WHERE links IS NOT NULL)
    ) AS n
    JOIN (
        SELECT DISTINCT aggregate_type, unnest([aggregate_type, regexp_extract(aggregate_type, '[^\\./:]*$')]) AS name
        FROM held
    ) AS t ON t.name = n.name
    JOIN held AS h ON h.aggregate_type = t.aggregate_type AND h.aggregate_id = n.aggregate_id AND h.life <> n.life
), kin(whose, life, way, distance) AS (
    SELECT c.life, c.life, w.way, 0::BIGINT
    FROM cases AS c
    CROSS JOIN (SELECT unnest(['in', 'out']) AS way) AS w
    UNION
    SELECT * FROM (
        SELECT k.whose, l.naming, k.way, k.distance + 1
        FROM kin AS k
        JOIN links AS l ON l.named = k.life
        WHERE k.way = 'in' AND k.distance < 3
        UNION ALL
        SELECT k.whose, l.named, k.way, k.distance + 1
        FROM kin AS k
        JOIN links AS l ON l.naming = k.life
        WHERE k.way = 'out' AND k.distance < 3
    )
), linked AS MATERIALIZED (
    SELECT DISTINCT k.whose, k.life, o.aggregate_type FROM kin AS k JOIN others AS o ON o.life = k.life
), threads AS (
    SELECT DISTINCT life, correlation_id FROM events WHERE correlation_id IS NOT NULL
), members AS (
    SELECT life AS whose, life FROM cases
    UNION ALL
    SELECT whose, life FROM linked
    UNION ALL
    SELECT DISTINCT c.life, o.life
    FROM (SELECT * FROM others WHERE aggregate_type NOT IN (SELECT aggregate_type FROM linked)) AS o
    JOIN threads AS t ON t.life = o.life
    JOIN threads AS same ON same.correlation_id = t.correlation_id
    JOIN cases AS c ON c.life = same.life
), entries AS (
    SELECT s.whose, m.life, m.field, m.move, m.entered_at, coalesce(m.entered_at, m.began_at) AS since_when,
        t.name || ':' || m.to_state AS to_state
    FROM members AS s
    JOIN moves AS m ON m.life = s.life
    JOIN held AS h ON h.life = m.life
    JOIN tracks AS t ON t.aggregate_type = h.aggregate_type AND t.field = m.field
), ranked AS (
    SELECT *, max(coalesce(list_position($steps::VARCHAR[], to_state), 0)) OVER (
            PARTITION BY whose, life, field, since_when ORDER BY move
        ) AS rank
    FROM entries
), placed AS (
    SELECT whose, to_state, entered_at, row_number() OVER (
            PARTITION BY whose ORDER BY since_when, rank, life, field, move
        ) AS move
    FROM ranked
)
SELECT c.type, c.field, c.life, p.move, p.to_state, p.entered_at, lag(p.entered_at) OVER w AS from_entered_at,
    row_number() OVER (PARTITION BY p.whose, p.to_state ORDER BY p.move) AS visit,
    sum(hash(p.to_state, p.move)::HUGEINT) OVER w AS path
FROM placed AS p
JOIN cases AS c ON c.life = p.whose
WINDOW w AS (PARTITION BY p.whose ORDER BY p.move)
