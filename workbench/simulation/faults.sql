-- Which lives may bear a fault? A few of those that moved, in an order of chance.
CREATE TEMP TABLE bearers AS
WITH pool AS (
    SELECT machine, life, md5_number_lower(concat_ws('/', $seed, 'fault', machine, life)) AS chance
    FROM walked WHERE seq = 2
    ORDER BY chance, machine, life LIMIT $pool
),
moves AS (
    SELECT
        w.*, p.chance,
        max(w.seq) OVER life AS last_seq,
        max(w.t) OVER life AS last_t,
        max_by(w.to_no, w.seq) OVER life AS last_no,
        max_by(w.priority, w.seq) OVER life AS last_priority
    FROM walked AS w INNER JOIN pool AS p ON w.machine = p.machine AND w.life = p.life
    WINDOW life AS (PARTITION BY w.machine, w.life)
)
SELECT
    *,
    lead(seq) OVER life AS next_seq,
    lead(t) OVER life AS next_t,
    lead(to_no) OVER life AS next_no
FROM moves WHERE kind = 1
WINDOW life AS (PARTITION BY machine, life ORDER BY seq);
CREATE TEMP TABLE victims (
    kind VARCHAR, machine USMALLINT, life UINTEGER, seq USMALLINT, other_seq USMALLINT, to_no USMALLINT, late INTEGER
);
