"""Re-runs keep their promises on drawn logs: held to a plain loop over each life, to conformance, and to slices."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from drawn_logs import Export, exports, few
from hypothesis import assume, given
from hypothesis import strategies as st
from told import MACHINE

import workbench as wb

# c is gone, b leads back, and a new order may begin in a only.
EDITED = """
name: OrderStateMachine
model: App\\Models\\Order
initial_state: a
states: [a, b, d]
transitions:
  - {name: go, from: [a], to: b}
  - {name: back, from: [b], to: a, guard: Allowed}
  - {name: end, from: [b], to: d}
"""
PAIRS = {("a", "b"), ("b", "a"), ("b", "d")}


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("versions")
    (folder / "old.yaml").write_text(MACHINE, encoding="utf-8")
    (folder / "new.yaml").write_text(EDITED, encoding="utf-8")
    return tuple(wb.read_machines(folder / name)["OrderStateMachine"] for name in ("old.yaml", "new.yaml"))


def asked(log: wb.EventLog, versions: tuple[wb.Machine, wb.Machine], **options: Any) -> wb.WhatIf:
    """Ask the new machine of every type, instead of the old one."""
    old, new = versions
    return wb.what_if(log, machine=options.pop("machine", new), instead_of=old, match=everyone(log), **options)


def everyone(log: wb.EventLog) -> dict[str, str]:
    types = log.sql("SELECT DISTINCT aggregate_type FROM lives WHERE field IS NOT NULL").fetchall()
    assume(types)
    return {row[0]: "OrderStateMachine" for row in types}


def orders(log: wb.EventLog, answer: wb.WhatIf) -> dict[tuple[str, str, str], list[tuple[Any, ...]]]:
    """Return the moves of each life that a machine speaks for, in order, without asking the code under test."""
    fields = [(track.type, track.field) for track in answer.spoken]
    rows = log.sql(
        "SELECT m.type, m.field, m.aggregate_id, m.from_state, m.to_state, m.transition, "
        "e.event_type = 'model_updated' AND NOT m.inferred AS by_hand "
        "FROM moves AS m JOIN events AS e ON e.life = m.life AND e.place = m.place ORDER BY m.life, m.field, m.move"
    ).fetchall()
    lives: dict[tuple[str, str, str], list[tuple[Any, ...]]] = {}
    for of_type, field, aggregate_id, *move in rows:
        if (of_type, field) in fields:
            lives.setdefault((of_type, field, aggregate_id), []).append(tuple(move))
    return lives


def plain_run(moves: list[tuple[Any, ...]], *, stay: bool) -> tuple[int, str]:
    """Run one life under EDITED, as the issue of a move is told in words."""
    refused, here = 0, None
    for from_state, to_state, transition, by_hand in moves:
        assert transition is None
        if from_state is None:
            refused += to_state != "a"
            here = to_state
            continue
        if by_hand and from_state == to_state == here:
            continue
        allowed = (here, to_state) in PAIRS
        refused += not allowed
        here = to_state if allowed or not stay else here
    return refused, str(here)


@few(8)
@given(export=exports())
def test_every_life_fares_as_in_a_plain_loop_over_its_moves(versions, export: Export):
    with export.read() as log:
        for refused in ("stay", "follow"):
            answer = asked(log, versions, refused=refused)
            lives = orders(log, answer)
            runs = {key: plain_run(moves, stay=refused == "stay") for key, moves in lives.items()}
            assert answer.counts["lives"] == len(lives)
            assert answer.counts["after"] == sum(map(len, lives.values()))
            assert answer.counts["refused_after"] == sum(times for times, _ in runs.values())
            after: Counter[str] = Counter()
            for state, count in answer.populations.select("state, after").fetchall():
                after[state] += count
            assert +after == Counter(state for _, state in runs.values())
            fields = {track.type: track.field for track in answer.spoken}
            for of_type, aggregate_id, *told in answer.lives.select(
                "type, aggregate_id, refused_after, state_after"
            ).fetchall():
                assert tuple(told) == runs[of_type, fields[of_type], aggregate_id]
            _adds_up(answer)
        # followed history is refused exactly what conformance finds off the machine
        rows = wb.conformance(log, wb.Machines([versions[1]]), match=everyone(log))
        told = rows.filter("machine IS NOT NULL").aggregate("sum(off_machine), sum(moves)").fetchall()
        assert told == [(answer.counts["refused_after"], answer.counts["after"])]


def _adds_up(answer: wb.WhatIf) -> None:
    for row in answer.moves.fetchall():
        before, after, refused_before, refused_after, newly_refused, newly_allowed = row[-8:-2]
        assert before == after
        assert refused_after - refused_before == newly_refused - newly_allowed
        assert 0 <= newly_refused <= refused_after <= after


@few(5)
@given(export=exports())
def test_no_life_enters_a_state_that_the_machine_lacks_and_none_leaves_one(versions, export: Export):
    with export.read() as log:
        known = set(versions[1].state_names)
        for outcome in asked(log, versions).outcomes:
            first, *later = outcome.run.after
            assert set(later) <= known if first in known else set(later) <= {first}


@few(5)
@given(export=exports())
def test_the_same_machine_changes_nothing(versions, export: Export):
    with export.read() as log:
        answer = asked(log, versions, machine=versions[0])
        changed = ("newly_refused", "newly_allowed", "diverging", "ending_elsewhere")
        assert {answer.counts[name] for name in changed} == {0}
        assert answer.lives.fetchall() == []
        assert {row[-1] for row in answer.populations.fetchall()} <= {0}
        assert {row[-1] for row in answer.over_time().fetchall()} <= {0}


@few(5)
@given(export=exports())
def test_a_profile_answers_as_its_log(versions, tmp_path_factory, export: Export):
    with export.read() as log:
        told = wb.profile(log)
        path = told.write(tmp_path_factory.mktemp("profile") / "profile.json")
        assert wb.read_profile(path) == told
        answer = asked(log, versions)
        again = wb.what_if(wb.read_profile(path), machine=versions[1], instead_of=versions[0], match=everyone(log))
        assert (again.counts, again.sentences) == (answer.counts, answer.sentences)
        for table in ("moves", "populations", "stranded"):
            assert getattr(again, table).fetchall() == getattr(answer, table).fetchall()


@few(8)
@given(export=exports(), which=st.integers(0, 20))
def test_a_life_without_its_last_event_is_its_beginning_until_then(export: Export, which: int):
    with export.read() as log:
        lives = log.sql("SELECT aggregate_type, aggregate_id FROM lives GROUP BY ALL ORDER BY ALL").fetchall()
        life = log.of(*lives[which % len(lives)])
        instants = [row[0] for row in life.sql("SELECT effective_at FROM events ORDER BY place").fetchall()]
        assume(len(instants) > 1 and instants[-1] > instants[-2])
        answer = wb.what_if(life, drop=f"place = {len(instants)}")
        beginning = life.until(instants[-2])
        left = beginning.sql("SELECT current_state FROM lives WHERE field IS NOT NULL").fetchall()
        states = [outcome.run.after[-1] for outcome in answer.outcomes if outcome.run.after[-1] is not None]
        assert sorted(states) == sorted(row[0] for row in left)


@few(5)
@given(export=exports(), every=st.sampled_from(["1 hour", "1 day", "1 week", "1 month"]))
def test_history_over_time_is_that_of_states_over_time(versions, export: Export, every: str):
    with export.read() as log:
        whole = everyone(log)
        one = log.of(min(whole))
        answer = wb.what_if(one, machine=versions[1], match={min(whole): "OrderStateMachine"})
        fields = {track.field for track in answer.spoken}
        assume({row[0] for row in one.sql("SELECT DISTINCT field FROM moves").fetchall()} == fields)
        before = answer.over_time(every).filter("before > 0").select("instant, state, before").fetchall()
        assert before == wb.states_over_time(one, every=every).select("instant, state, aggregates").fetchall()
