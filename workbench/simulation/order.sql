-- In which order did the store write the rows, under which id, and which row of the same case came before?
CREATE TEMP TABLE told AS
WITH numbered AS (
    SELECT
        row_number() OVER (ORDER BY t, machine, life, seq) AS id, *,
        CASE WHEN ($cases)[machine] THEN life::BIGINT ELSE machine * 4294967296 + life END AS matter
    FROM walked
),
caused AS (
    SELECT *, lag(id) OVER (PARTITION BY matter ORDER BY id) AS cause FROM numbered
)
SELECT * FROM caused
UNION ALL
SELECT * FROM caused WHERE fault = 2
ORDER BY id;
