-- One JSON object a line, as text; a broken one is cut in the middle.
COPY (
    SELECT CASE WHEN fault = 7 THEN left(line, len(line) // 2) ELSE line END
    FROM (
        SELECT
            '{"id":' || id || ',"aggregate_type":' || to_json(aggregate_type) || ',"aggregate_id":' || aggregate_id
            || ',"event_type":"' || event_type || '","event_data":' || event_data
            || ',"occurred_at":"' || occurred_at || '"}' AS line,
            fault
        FROM told_rows
    )
) TO 'path' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\x01', USE_TMP_FILE false/* more */);
