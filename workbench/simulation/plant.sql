-- The rows of the bearers are marked, given wrong clocks, or followed by a row that should not be.
UPDATE walked SET fault = CASE v.kind WHEN 'gap' THEN 1 WHEN 'duplicate' THEN 2 ELSE 7 END
FROM victims AS v
WHERE walked.machine = v.machine AND walked.life = v.life AND walked.seq = v.seq
AND v.kind IN ('gap', 'duplicate', 'broken_json');
UPDATE walked SET skew = CASE WHEN walked.seq = v.seq THEN v.late ELSE -v.late END
FROM victims AS v
WHERE walked.machine = v.machine AND walked.life = v.life AND walked.seq IN (v.seq, v.other_seq)
AND v.kind = 'swapped_times';
INSERT INTO walked
SELECT
    b.machine, b.life, v.seq, CASE v.kind WHEN 'hand_set_state' THEN 3 ELSE 1 END, b.last_no, v.to_no, NULL, true,
    b.last_t + 60 + b.dice % 3600, 0, b.born, b.last_priority, b.dice, 0
FROM victims AS v
INNER JOIN bearers AS b ON v.machine = b.machine AND v.life = b.life AND b.next_seq IS NULL
WHERE v.kind IN ('illegal_move', 'hand_set_state', 'unknown_state');
