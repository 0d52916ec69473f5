-- No new rows: lives are only built again from the events that are there.
CREATE OR REPLACE TEMP TABLE fresh AS
SELECT rowid AS stored_row, import_id, position, life, true AS has_id, 0::UBIGINT AS identity, version, occurred_at,
    global_position, field, to_state, from_recorded, also, transition, actor, created_at
FROM events LIMIT 0;
CREATE OR REPLACE TEMP TABLE stage AS SELECT *, NULL::VARCHAR AS reason FROM events LIMIT 0
