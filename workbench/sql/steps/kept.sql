-- What order and moves need of the events already there, of the touched lives; and which paths these had.
CREATE OR REPLACE TEMP TABLE kept AS
SELECT rowid AS stored_row, import_id, position, life, version, occurred_at, global_position, field, to_state,
    from_recorded, also, transition, actor, created_at, place, tied, effective_at
FROM events WHERE life IN (SELECT life FROM seen WHERE NOT is_new);
CREATE OR REPLACE TEMP TABLE paths_before AS
SELECT DISTINCT path FROM lives WHERE path IS NOT NULL AND life IN (SELECT life FROM seen WHERE NOT is_new)
