-- The moves of the touched lives, sorted; visits are only counted where a state comes again.
INSERT INTO moves
WITH again AS (
    SELECT DISTINCT life, field FROM (
        SELECT life, field FROM stays GROUP BY life, field, to_state HAVING count(*) > 1
    )
),
counted AS (
    SELECT s.life, s.field, s.ordinal,
        row_number() OVER visits AS visit,
        row_number() OVER (PARTITION BY s.life, s.field, s.from_state, s.to_state ORDER BY s.ordinal) AS nth,
        lag(s.left_at) OVER visits AS last_left_at, lag(s.actor) OVER visits AS last_actor
    FROM stays AS s SEMI JOIN again USING (life, field)
    WINDOW visits AS (PARTITION BY s.life, s.field, s.to_state ORDER BY s.ordinal)
)
SELECT
    s.life, seen.type, seen.aggregate_id, s.field, s.ordinal - s.has_inferred, s.place, s.version, s.transition, s.from_state,
    s.from_recorded, s.to_state, s.entered_at, s.left_at, s.from_entered_at, s.known_at, s.began_at,
    coalesce(c.visit, 1), coalesce(c.nth, 1), c.last_left_at, c.last_actor,
    sum(hash(s.to_state, s.ordinal)::HUGEINT) OVER (PARTITION BY s.life, s.field ORDER BY s.ordinal),
    s.actor, s.inferred
FROM stays AS s JOIN seen USING (life)
LEFT JOIN counted AS c ON c.life = s.life AND c.field = s.field AND c.ordinal = s.ordinal
ORDER BY s.life, s.place, s.ordinal
