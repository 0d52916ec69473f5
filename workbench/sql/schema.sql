-- The canonical log. Unknown stays NULL; times are UTC TIMESTAMP (microseconds).
CREATE TABLE about (
    format INTEGER NOT NULL, -- layout of these tables; a newer one is refused
    written_by VARCHAR NOT NULL,
    hash_version VARCHAR NOT NULL, -- DuckDB version whose hash() built the paths
    next_life BIGINT NOT NULL,
    next_import BIGINT NOT NULL
);
CREATE TABLE imports (
    import_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    sha256 VARCHAR,
    system VARCHAR NOT NULL,
    mapping VARCHAR NOT NULL,
    zone VARCHAR NOT NULL,
    zone_assumed BOOLEAN NOT NULL,
    read BIGINT NOT NULL,
    loaded BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    ambiguous_hours BIGINT NOT NULL, -- local times their zone has twice or not at all
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    reducers JSON, -- what its mapping declares events to do to attributes, step by step
    hand_set VARCHAR[] NOT NULL -- event types that update attributes: one that moves the state names no transition
);
CREATE TABLE events (
    import_id BIGINT NOT NULL,
    position BIGINT NOT NULL, -- row of the source, from 1
    global_position HUGEINT,
    event_id VARCHAR USING COMPRESSION uncompressed, -- looked up among all of them by every import
    life BIGINT NOT NULL,
    aggregate_type VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    aggregate_id VARCHAR NOT NULL,
    place BIGINT NOT NULL, -- 1..n within the life
    tied BOOLEAN NOT NULL, -- position alone decided the place
    version BIGINT,
    event_type VARCHAR NOT NULL,
    schema_version VARCHAR,
    occurred_at TIMESTAMP NOT NULL,
    effective_at TIMESTAMP NOT NULL, -- greatest occurred_at so far in the life
    recorded_at TIMESTAMP,
    actor VARCHAR,
    correlation_id VARCHAR,
    causation_id VARCHAR,
    data JSON USING COMPRESSION zstd,
    metadata JSON USING COMPRESSION zstd,
    field VARCHAR, -- state field that to_state speaks of
    to_state VARCHAR,
    from_recorded VARCHAR,
    also MAP(VARCHAR, VARCHAR), -- further state fields this event set
    links STRUCT(name VARCHAR, type VARCHAR, aggregate_id VARCHAR)[], -- aggregates it names, types as the mapping says
    transition VARCHAR,
    created_at TIMESTAMP -- of the aggregate, where the event says it
);
CREATE TABLE moves (
    life BIGINT NOT NULL,
    type VARCHAR NOT NULL,
    aggregate_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    move INTEGER NOT NULL, -- 0 is the inferred stay before the first recorded move
    place BIGINT NOT NULL, -- of the event that revealed the stay
    version BIGINT,
    transition VARCHAR,
    from_state VARCHAR, -- replayed
    from_recorded VARCHAR,
    to_state VARCHAR NOT NULL,
    entered_at TIMESTAMP, -- NULL where unknown: only move 0
    left_at TIMESTAMP, -- NULL while open
    from_entered_at TIMESTAMP, -- when the state it left had been entered
    known_at TIMESTAMP NOT NULL,
    began_at TIMESTAMP NOT NULL, -- first event of the life
    visit INTEGER NOT NULL, -- n-th entry of this state
    nth INTEGER NOT NULL, -- n-th of this pair
    last_left_at TIMESTAMP, -- when it had left this state the visit before; NULL on the first
    last_actor VARCHAR, -- who had brought it here the visit before
    path HUGEINT NOT NULL, -- the sequence of states so far
    actor VARCHAR,
    inferred BOOLEAN NOT NULL
);
CREATE TABLE lives (
    life BIGINT NOT NULL,
    aggregate_type VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    aggregate_id VARCHAR NOT NULL,
    field VARCHAR, -- NULL for a life without moves
    first_at TIMESTAMP NOT NULL, -- of its events
    last_at TIMESTAMP NOT NULL,
    events BIGINT NOT NULL,
    first_state VARCHAR,
    current_state VARCHAR,
    moves BIGINT NOT NULL,
    path HUGEINT
);
CREATE TABLE variants (
    path HUGEINT NOT NULL,
    states VARCHAR[] NOT NULL
);
CREATE TABLE rosters (
    import_id BIGINT NOT NULL,
    aggregate_type VARCHAR NOT NULL,
    type VARCHAR NOT NULL,
    aggregate_id VARCHAR NOT NULL,
    created_at TIMESTAMP,
    state VARCHAR,
    attributes JSON -- the row itself
);
CREATE TABLE rejected (
    import_id BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    position BIGINT NOT NULL,
    byte_offset BIGINT,
    byte_length BIGINT,
    raw BLOB, -- first 64 kB
    reason VARCHAR NOT NULL,
    aggregate_type VARCHAR, -- of the event it would have been, as far as the row can be read; NULL in a roster
    aggregate_id VARCHAR
);
