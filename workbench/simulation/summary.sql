-- How much was written? events BIGINT, lives BIGINT, first TIMESTAMP, last TIMESTAMP (UTC)
SELECT
    count(*),
    count(DISTINCT (machine::BIGINT << 32) + life),
    make_timestamp(min(t + skew) * 1000000::BIGINT),
    make_timestamp(max(t + skew) * 1000000::BIGINT)
FROM told WHERE fault <> 1
