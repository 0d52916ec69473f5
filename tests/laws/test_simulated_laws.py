"""A log that was walked from machines keeps to these machines, but for the faults that were planted in it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from drawn_logs import few
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb
from workbench.simulation import write_export
from workbench.simulation.labels import Fault


@pytest.fixture(scope="module")
def machines(root):
    return wb.read_machines(root / "machines")


OPTIONS = st.fixed_dictionaries(dict.fromkeys(("only_transitions", "ties", "snapshots"), st.booleans()))


@few(4)
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


# By what each fault is found: a reason of off_machine, or a check of quality_events.
BREAKS_A_MACHINE = {
    "unknown state": "unknown_state",
    "state set without a transition": "hand_set_state",
    "no such transition": "illegal_move",
    "event after a final state": "illegal_move",
}
BREAKS_THE_CHAIN = {"gap", "swapped_times"}  # the next event still names the state that was left out


@few(4)
@given(seed=st.integers(0, 10_000), lives=st.integers(30, 120), options=OPTIONS)
def test_every_fault_is_found_by_the_question_meant_for_it_and_nothing_else_is_accused(
    machines, tmp_path_factory, seed, lives, options
):
    path = tmp_path_factory.mktemp("faults") / "export.ndjson"
    report = write_export(machines, path, lives, seed, faults=True, **options)
    of_kind = _by_kind(report.faults)
    with wb.read_events(path) as log:
        off = _located(log, wb.off_machine(log, machines).select("type, aggregate_id, place, why"))
        for kind in set(BREAKS_A_MACHINE.values()):
            found = {(life, position) for life, position, why in off if BREAKS_A_MACHINE.get(why) == kind}
            assert found == {(_life(fault), fault.position) for fault in of_kind[kind]}, kind

        chained = {_life(fault) for kind in BREAKS_THE_CHAIN for fault in of_kind[kind]}
        others = {life for life, _, why in off if why not in BREAKS_A_MACHINE}
        assert others <= chained
        doubtful = _located(log, wb.quality_events(log).select('type, aggregate_id, place, "check"'))
        broken = {life for life, _, check in doubtful if check == "recorded from-state differs"}
        assert broken == chained
        assert {check for *_, check in doubtful} <= {"recorded from-state differs", "unknown beginning"}

        refused = log.rejected.select("aggregate_type, aggregate_id, position").fetchall()
        assert sorted(refused) == sorted((*_life(fault), fault.position) for fault in of_kind["broken_json"])
        lost = len(of_kind["gap"]) + len(refused)
        counts = dict(wb.quality(log).filter("type IS NULL").select('"check", count').fetchall())
        assert counts == {"hole in the positions": lost, "rejected: not valid JSON": len(refused)}
        assert log.imports.select("duplicate").fetchall() == [(len(of_kind["duplicate"]),)]

        _no_rule_is_thought_broken_where_an_event_is_missing(log, machines, of_kind)


def _no_rule_is_thought_broken_where_an_event_is_missing(
    log: wb.EventLog, machines: wb.Machines, of_kind: dict[str, list[Fault]]
) -> None:
    accused = {
        (log.full_type(type), id) for type, id in wb.violations(log, machines).select("type, aggregate_id").fetchall()
    }
    assert accused <= {_life(fault) for kind in set(BREAKS_A_MACHINE.values()) for fault in of_kind[kind]}
    there = set(log.lives.select("aggregate_type, aggregate_id").fetchall())
    missing = {_life(fault) for kind in (*BREAKS_THE_CHAIN, "broken_json") for fault in of_kind[kind]} & there
    asked = wb.holds(log, machines).filter("asked_of = 'log'").select("type, unknowable, pending, violated").fetchall()
    for type, unknowable, pending, _ in asked:
        assert unknowable == sum(full == log.full_type(type) for full, _ in missing)
        assert pending == 0


def _by_kind(faults: tuple[Fault, ...]) -> dict[str, list[Fault]]:
    kinds: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        kinds[fault.kind].append(fault)
    return kinds


def _life(fault: Fault) -> tuple[str, str]:
    return fault.aggregate_type, fault.aggregate_id


def _located(log: wb.EventLog, table: Any) -> list[tuple[tuple[str, str], int, str]]:
    """Return the aggregate, the row of the export and the last column of each row of an answer."""
    at = {
        (type, id, place): position
        for type, id, place, position in log.sql("SELECT type, aggregate_id, place, position FROM events").fetchall()
    }
    return [((log.full_type(type), id), at[type, id, place], last) for type, id, place, last in table.fetchall()]
