"""A log that was walked from machines keeps to these machines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb


@pytest.fixture(scope="module")
def machines(root):
    return wb.read_machines(root / "machines")


OPTIONS = st.fixed_dictionaries(dict.fromkeys(("only_transitions", "ties", "snapshots"), st.booleans()))


@settings(max_examples=4)
@given(seed=st.integers(0, 10_000), lives=st.integers(1, 12), options=OPTIONS)
def test_a_simulated_log_has_no_off_machine_move(machines, seed, lives, options):
    with wb.simulate(machines, lives=lives, seed=seed, **options) as log:
        assert log.rejected.fetchall() == []
        middle = log.sql("SELECT quantile_disc(effective_at, 0.5) FROM events").fetchall()[0][0]
        for part in (log, log.until(middle)):
            assert wb.off_machine(part, machines).fetchall() == []
            judged = wb.conformance(part, machines).filter("moves > 0").select("machine, off_machine, fitness")
            assert {row[1:] for row in judged.fetchall() if row[0]} == {(0, 1.0)}
        assert {
            row[0] for row in wb.conformance(log, machines).filter("moves > 0").select("machine").fetchall()
        } == set(machines)
