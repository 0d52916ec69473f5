-- The table's columns; a broken event_data is cut in the middle.
COPY (
    SELECT
        id, aggregate_type, aggregate_id, event_type,
        CASE WHEN fault = 7 THEN left(event_data, len(event_data) // 2) ELSE event_data END AS event_data,
        occurred_at
    FROM told_rows
) TO 'path' (FORMAT csv, HEADER true, USE_TMP_FILE false/* more */);
