-- What does each row look like in the export?
-- id BIGINT, aggregate_type VARCHAR, aggregate_id BIGINT, event_type VARCHAR, event_data VARCHAR (JSON), occurred_at VARCHAR (UTC)
WITH facts AS (
    SELECT
        *,
        make_timestamp((t + skew) * 1000000::BIGINT)::VARCHAR AS clock,
        make_timestamp(born * 1000000::BIGINT)::VARCHAR AS since,
        (md5_number_lower(concat_ws('/', $seed, 'trait', life)) >> 12)::BIGINT AS trait,
        ($keys)[machine] AS key,
        ($states)[to_no] AS state,
        ($profiles)[machine] AS profile,
        CASE WHEN person THEN (1 + dice % 9)::VARCHAR ELSE 'null' END AS staff
    FROM told WHERE fault <> 1
),
texts AS (
    SELECT
        *,
        substr(clock, 1, 10) || 'T' || substr(clock, 12, 8) || '.000000Z' AS stamp,
        '{"id":' || life || ',' || key || ':' || CASE WHEN kind = 2 THEN ($states)[from_no] ELSE state END
        || CASE WHEN ($cases)[machine] AND profile <> 1 THEN ',"order_id":' || life ELSE '' END
        || CASE profile
            WHEN 1 THEN ',"customer_id":' || (1 + trait % 4000)
                || ',"total_amount":' || (5 + (trait >> 12) % 400) || '.' || ['00', '50', '90', '99'][1 + (trait >> 22) % 4]
                || ',"country":"' || ['DE', 'FR', 'FR', 'BE', 'ES', 'NL', 'IT'][1 + (trait >> 24) % 7]
                || '","payment_method":"' || ['card', 'card', 'paypal', 'invoice'][1 + (trait >> 28) % 4]
                || '","items":[{"product_id":' || (1 + (trait >> 32) % 250)
                || ',"quantity":' || (1 + (trait >> 40) % 3) || '}]'
            WHEN 2 THEN ',"product_id":' || (1 + (trait >> 32) % 250) || ',"quantity":' || (1 + (trait >> 40) % 3)
                || ',"warehouse_id":' || (1 + (trait >> 44) % 4)
            WHEN 3 THEN ',"carrier":"' || ['dhl', 'dpd', 'postnl'][1 + (trait >> 44) % 3]
                || '","shipping_method":"' || ['standard', 'express'][1 + (trait >> 47) % 2] || '"'
            WHEN 4 THEN ',"device_id":"dev-' || lpad(life::VARCHAR, 6, '0')
                || '","firmware":"2.' || (trait % 5) || '","battery_level":' || (20 + (trait >> 8) % 81)
            ELSE ',"customer_id":' || (1 + trait % 4000)
        END
        || ',"priority":"' || ['normal', 'high', 'low'][1 + CASE WHEN kind = 2 THEN 0 ELSE priority END]
        || '","created_at":"' || substr(since, 1, 10) || 'T' || substr(since, 12, 8) || '.000000Z","updated_at":"' AS model,
        '"correlation_id":"' || substr(md5(concat_ws('/', $seed, matter)), 1, 16) || '","causation_id":'
        || CASE WHEN cause IS NULL THEN 'null' ELSE '"' || cause || '"' END AS context
    FROM facts
)
SELECT
    id,
    ($types)[machine] AS aggregate_type,
    life AS aggregate_id,
    ['model_created', 'state_transitioned', 'model_updated', 'model_updated'][1 + kind] AS event_type,
    CASE kind
        WHEN 0 THEN '{"attributes":' || model || stamp || '"},"context":{' || context || '}}'
        WHEN 1 THEN '{"from_state":' || ($states)[from_no] || ',"to_state":' || state || ',"context":{'
            || '"triggered_by_event":' || CASE WHEN edge IS NULL OR ($triggers)[edge] = 'null' THEN 'null'
                ELSE '{"class":' || ($triggers)[edge] || ',"timestamp":"' || stamp || '"}' END
            || ',' || context || '},"user_id":' || staff || ',"timestamp":"' || stamp || '"'
            || CASE WHEN $snapshots THEN ',"model_snapshot":' || model || stamp || '"}' ELSE '' END || '}'
        WHEN 2 THEN '{"new_attributes":{"priority":"' || ['normal', 'high', 'low'][1 + priority]
            || '","updated_at":"' || stamp || '"},"user_id":' || staff || ',"context":{' || context || '}}'
        ELSE '{"new_attributes":{' || key || ':' || state || ',"updated_at":"' || stamp || '"},"old_attributes":{' || key || ':'
            || ($states)[from_no] || '},"user_id":' || staff || ',"context":{' || context || '}}'
    END AS event_data,
    clock AS occurred_at,
    fault
FROM texts
