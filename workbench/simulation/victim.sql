-- Which $count lives bear the fault $kind? One a life, where it cannot pass unseen.
INSERT INTO victims
SELECT
    $kind, b.machine, b.life,
    CASE WHEN $kind IN ('illegal_move', 'hand_set_state', 'unknown_state') THEN b.last_seq + 1 ELSE b.seq END,
    b.next_seq,
    CASE WHEN $kind = 'unknown_state' THEN $limbo ELSE f.to_no END,
    b.next_t - b.t
FROM bearers AS b
LEFT JOIN (
    SELECT from_no, list(to_no ORDER BY to_no) AS options FROM forbidden GROUP BY from_no
) AS o ON b.last_no = o.from_no
CROSS JOIN LATERAL (SELECT o.options[1 + b.dice % len(o.options)] AS to_no) AS f
WHERE CASE $kind
    -- The row after the missing one still names the state that was left out.
    WHEN 'gap' THEN b.next_seq IS NOT NULL AND b.from_no <> b.to_no AND (b.seq > 2 OR NOT $only_transitions)
    WHEN 'swapped_times' THEN b.next_t > b.t AND b.from_no <> b.to_no AND b.from_no <> b.next_no
    WHEN 'broken_json' THEN b.seq = b.last_seq
    WHEN 'illegal_move' THEN f.to_no IS NOT NULL
    WHEN 'hand_set_state' THEN f.to_no IS NOT NULL
    ELSE true
END
AND NOT EXISTS (SELECT 1 FROM victims AS v WHERE v.machine = b.machine AND v.life = b.life)
QUALIFY row_number() OVER (PARTITION BY b.machine, b.life ORDER BY b.seq DESC) = 1
ORDER BY b.chance, b.machine, b.life
LIMIT $count;
