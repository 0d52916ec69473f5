-- The working tables of one simulation; times are seconds since 1970, states and steps are numbers.
CREATE TEMP TABLE walkers (machine USMALLINT, name VARCHAR, initial USMALLINT, shared BOOLEAN, late BOOLEAN);
CREATE TEMP TABLE edges (
    from_no USMALLINT,
    to_no USMALLINT,
    edge USMALLINT,
    low DOUBLE, -- the dice's share that takes this step
    high DOUBLE,
    mu DOUBLE, -- of the lognormal seconds
    sigma DOUBLE,
    person BOOLEAN
);
CREATE TEMP TABLE forbidden (from_no USMALLINT, to_no USMALLINT);
CREATE TEMP TABLE walked (
    machine USMALLINT,
    life UINTEGER,
    seq USMALLINT, -- 2 * step, one more for the update that follows it
    kind UTINYINT, -- 0 created, 1 transitioned, 2 updated, 3 state set by hand
    from_no USMALLINT,
    to_no USMALLINT,
    edge USMALLINT,
    person BOOLEAN,
    t UINTEGER,
    skew INTEGER, -- by which its own clock is wrong
    born UINTEGER,
    priority UTINYINT,
    dice USMALLINT,
    fault UTINYINT -- 0 none, 1 gap, 2 duplicate, 7 broken JSON
);
