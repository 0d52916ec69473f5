"""Alignments, against Dijkstra and against PM4Py's costs."""

from __future__ import annotations

import heapq
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.machines import Machine, State, Transition
from workbench.machines.reader import read_text
from workbench.metrics import alignments
from workbench.metrics.rules.alignment import FAR, Aligner

LOGS = Path(__file__).resolve().parents[4] / "shared" / "data" / "logs"
STATES = "abcd"
ORDER = """
name: Order
model: Order
initial_state: pending
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


def machine_of(pairs, *, finals=(), entries=("a",)) -> Machine:
    return Machine(
        "M",
        entries[0],
        tuple(State(name, final=name in finals, metadata={"entry": name in entries[1:]}) for name in STATES),
        tuple(Transition(None, (source,), target) for source, target in pairs),
    )


def cheapest(machine: Machine, word, *, complete: bool) -> int | None:
    """Dijkstra over (state of the machine, position), each step spelled out."""
    ends = set(machine.finals if complete else machine.state_names)
    queue, done = [(0, "", 0)], set()
    while queue:
        cost, state, place = heapq.heappop(queue)
        if (state, place) in done:
            continue
        done.add((state, place))
        if place == len(word) and state in ends:
            return cost
        onward = machine.entries if not state else [t for s, t in machine.pairs if s == state]
        if place < len(word):
            heapq.heappush(queue, (cost + 1, state, place + 1))
            if word[place] in onward:
                heapq.heappush(queue, (cost, word[place], place + 1))
        for target in onward:
            heapq.heappush(queue, (cost + 1, target, place))
    return None


PAIRS = st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from(STATES)), max_size=9, unique=True)


@given(
    pairs=PAIRS,
    word=st.lists(st.sampled_from("abcdx"), max_size=7),
    finals=st.sets(st.sampled_from(STATES), min_size=1),
    entries=st.lists(st.sampled_from(STATES), min_size=1, max_size=2, unique=True),
    complete=st.booleans(),
)
def test_an_alignment_costs_what_dijkstra_says_and_is_a_run(pairs, word, finals, entries, complete):
    machine = machine_of(pairs, finals=finals, entries=entries)
    aligner = Aligner(machine, complete=complete)
    expected = cheapest(machine, word, complete=complete)
    if expected is None:
        assert aligner.shortest_run >= FAR
        return
    cost, moves = aligner.align(word)
    assert cost == expected == sum(move != "sync" for move, _ in moves)
    assert [state for move, state in moves if move != "model"] == word
    run = [state for move, state in moves if move != "log"]
    assert run[0] in machine.entries
    assert all(pair in machine.pairs for pair in pairwise(run))
    assert not complete or run[-1] in machine.finals


def test_each_sequence_is_told_with_its_lives_cost_and_moves(read):
    log = read("""
    1 1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
    2 1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "fulfilled"}
    3 2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
    4 2 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "lost"}
    5 2 state_transitioned 2026-01-01T03:00 {"from_state": "lost", "to_state": "confirmed"}
    6 3 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
    """)
    table = alignments(log, read_text(ORDER))
    assert table.columns == ["type", "machine", "states", "aggregates", "cost", "fitness", "moves"]
    told = {tuple(row[2]): (row[4], row[5], [tuple(m.values()) for m in row[6]]) for row in table.fetchall()}
    assert told == {
        # the state that only the machine has comes as late as it can: the log's is not skipped before
        ("pending", "fulfilled"): (1, 1 - 1 / 3, [("sync", "pending"), ("log", "fulfilled")]),
        ("pending", "lost", "confirmed"): (
            1,
            1 - 1 / 4,
            [("sync", "pending"), ("log", "lost"), ("sync", "confirmed")],
        ),
        ("pending",): (0, 1.0, [("sync", "pending")]),
    }
    ended = alignments(log, read_text(ORDER), complete=True).select("states, cost").fetchall()
    assert sorted(ended) == [(["pending"], 1), (["pending", "fulfilled"], 1), (["pending", "lost", "confirmed"], 2)]


@pytest.mark.skipif(not (LOGS / "expected.json").exists(), reason=f"needs {LOGS}/expected.json")
@pytest.mark.parametrize("name", ["running-example", "receipt", "interval_event_log"])
def test_costs_and_fitness_are_those_pm4py_computes(name):
    expected = json.loads((LOGS / "expected.json").read_text(encoding="utf-8"))[name]
    declared = expected["conformance"]["machine"]
    names = sorted({state for pair in declared["edges"] for state in pair} | {*declared["start"], *declared["end"]})
    machine = Machine(
        "M",
        declared["start"][0],
        tuple(State(one, final=one in declared["end"]) for one in names),
        tuple(Transition(None, (source,), target) for source, target in declared["edges"]),
    )
    assert len(declared["start"]) == 1
    aligner = Aligner(machine, complete=True)
    told = []
    for variant, _ in expected["variants"]:
        found = aligner.align(variant)
        told.append([found.cost, round(1 - found.cost / (len(variant) + aligner.shortest_run), 6)])
    assert told == expected["conformance"]["alignment_cost_by_variant"][: len(told)]
    assert told


def test_each_group_of_lives_has_its_own_numbers(orders):
    machine = read_text(ORDER.replace("model: Order", "model: App\\Models\\Order"))
    table = alignments(orders, machine, by="created:day")
    assert table.columns[:3] == ["type", "created_day", "machine"]
    told = table.select("created_day::VARCHAR, states, aggregates, cost").order("1, states").fetchall()
    # 45 went back to pending, and was first heard of a day after the others
    assert told == [
        ("2026-01-05", ["pending", "cancelled"], 1, 0),
        ("2026-01-05", ["pending", "confirmed", "fulfilled"], 2, 0),
        ("2026-01-06", ["pending", "confirmed", "pending"], 1, 1),
    ]
