-- How far a source was read that can grow: a follower goes on from there.
CREATE TABLE IF NOT EXISTS extents (
    import_id BIGINT NOT NULL,
    upto BIGINT NOT NULL, -- bytes of a file, of which imports.sha256 speaks; rowid of a table
    last_row VARCHAR -- sha256 of that row of a table
);
DELETE FROM extents WHERE import_id = $import_id;
INSERT INTO extents VALUES ($import_id, $upto, $last_row)
