-- How do the lives $first to $last of every machine go, from their first instant to their last step?
-- The only source of chance is md5 over (seed, machine, life, step): the same on every machine, in every order.
INSERT INTO walked
WITH RECURSIVE lives AS (
    SELECT
        w.machine, w.name, w.initial, w.late, r.life,
        md5_number_lower(concat_ws('/', $seed, CASE WHEN w.shared THEN '' ELSE w.name END, r.life)) AS dice,
        md5_number_lower(concat_ws('/', $seed, w.name, r.life, 'lag')) AS lag_dice
    FROM walkers AS w CROSS JOIN range($first, $last + 1) AS r(life)
),
arrivals AS (
    -- One arrival in each of $lives equal slots, so that ids rise with time.
    SELECT *, $span * (life - 1 + (dice >> 32) / 4294967296.0) / $lives / 86400.0 AS day
    FROM lives
),
begun AS (
    -- Few arrive at night: the fraction of the day is bent towards the afternoon.
    SELECT
        machine, name, initial, life,
        ($begin + floor(86400 * (floor(day) + bent)))::BIGINT
        + CASE WHEN late THEN 1 + (lag_dice & 65535) * (lag_dice >> 48) // 400000 ELSE 0 END AS born
    FROM (
        SELECT *, (day - floor(day)) + 0.11 * sin(2 * pi() * (day - floor(day) - 0.1)) + 0.06466 AS rough
        FROM arrivals
    ) CROSS JOIN LATERAL (SELECT least(0.99999, greatest(0.0, rough)) AS bent)
),
walk AS (
    SELECT
        machine, name, life, 0 AS step, NULL::USMALLINT AS from_no, initial AS to_no, NULL::USMALLINT AS edge,
        false AS person, born AS t, born, 0 AS priority, false AS updated,
        md5_number_lower(concat_ws('/', $seed, name, life, 0)) AS dice
    FROM begun
    UNION ALL
    SELECT
        machine, name, life, step, from_no, to_no, edge, person,
        -- A person's step waits for the next office hour.
        CASE
            WHEN NOT person THEN rough
            WHEN (rough // 86400 + 3) % 7 >= 5 OR rough % 86400 >= 61200
                THEN (rough // 86400 + CASE (rough // 86400 + 3) % 7 WHEN 4 THEN 3 WHEN 5 THEN 2 ELSE 1 END) * 86400
                + 32400 + jitter
            WHEN rough % 86400 < 32400 THEN rough // 86400 * 86400 + 32400 + jitter
            ELSE rough
        END AS t,
        born, priority,
        (dice & 65535) % 100 < $update_percent AS updated,
        dice
    FROM (
        SELECT
            w.machine, w.name, w.life, w.step + 1 AS step, w.to_no AS from_no, e.to_no, e.edge, e.person, w.born,
            CASE WHEN w.updated THEN 1 + w.step % 2 ELSE w.priority END AS priority,
            -- Box and Muller; a long wait is cut at 45 days.
            w.t + CASE WHEN $ties AND (w.dice & 7) = 0 THEN 0 ELSE least(3888000, greatest(3, round(exp(
                e.mu + e.sigma * sqrt(-2 * ln((((w.dice >> 32) & 65535) + 0.5) / 65536))
                * cos(2 * pi() * ((w.dice >> 16) & 65535) / 65536)
            ))))::BIGINT END AS rough,
            ((w.dice >> 16) & 65535) % 7200 AS jitter,
            md5_number_lower(concat_ws('/', $seed, w.name, w.life, w.step + 1)) AS dice
        FROM walk AS w
        INNER JOIN edges AS e
            ON w.to_no = e.from_no AND (w.dice >> 48) / 65536.0 >= e.low AND (w.dice >> 48) / 65536.0 < e.high
        WHERE w.step < $steps AND w.t < $finish
    )
)
SELECT
    machine, life, 2 * step, CASE WHEN step = 0 THEN 0 ELSE 1 END, from_no, to_no, edge, person,
    t, 0, born, priority, dice & 65535, 0
FROM walk
WHERE t < $finish AND (step > 0 OR NOT $only_transitions)
UNION ALL
SELECT
    machine, life, 2 * step + 1, 2, to_no, to_no, NULL, true,
    t + CASE WHEN $ties THEN 0 ELSE 1 END, 0, born, 1 + step % 2, dice & 65535, 0
FROM walk
WHERE updated AND step > 0 AND t < $finish AND NOT $only_transitions;
