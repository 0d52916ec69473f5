"""A question on a part of a log equals the question on a log freshly read from just those events."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import LogError, UnknownNameError
from workbench.instants import instant
from workbench.machines import read_machines
from workbench.metrics import (
    audit_trail,
    conformance,
    event_types,
    find,
    funnel,
    funnel_lives,
    funnel_lost,
    off_machine,
    quality,
    state_at,
    state_distribution,
    states_over_time,
    time_in_state,
    transition_counts,
    variants,
)

START = instant("2026-01-01")
EXAMPLES = settings().max_examples // 6  # each reads a log
MACHINE = """
name: OrderFlow
model: Order
initial_state: a
transitions:
  - {from: a, to: b}
  - {from: b, to: c}
"""

MOVES = st.tuples(
    st.sampled_from(["moved", "set", "updated"]), st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 40)
)  # fmt: skip
EVENTS = st.lists(st.tuples(st.integers(0, 2), MOVES), min_size=1, max_size=14)


def _row(number: int, life: int, move: tuple) -> dict:
    kind, first, second, minute = move
    data = {
        "moved": {"from_state": first, "to_state": second, "user_id": minute % 3},
        "set": {"new_attributes": {"status": second}},
        "updated": {"new_attributes": {"n": minute}},
    }[kind]
    return {
        "id": number * 2,
        "aggregate_type": ("Order", "Order", "Payment")[life],
        "aggregate_id": str(life),
        "event_type": "state_transitioned" if kind == "moved" else "model_updated",
        "event_data": data,
        "occurred_at": f"2026-01-01 00:{minute:02}:00",
    }


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    path = tmp_path_factory.mktemp("machines") / "order.yaml"
    path.write_text(MACHINE, encoding="utf-8")
    return read_machines(path)


def _answers(log, machines, when) -> dict[str, object]:
    questions = {
        "state_at": lambda: state_at(log, when),
        "state_at the end": lambda: state_at(log),
        "state_distribution": lambda: state_distribution(log, when),
        "states_over_time": lambda: states_over_time(log, "15 minutes"),
        "transition_counts": lambda: transition_counts(log),
        "transition_counts in a window": lambda: transition_counts(log, START, START + timedelta(minutes=20)),
        "transition_counts since": lambda: transition_counts(log, since=START + timedelta(minutes=10)),
        "time_in_state": lambda: time_in_state(log),
        "time_in_state before": lambda: time_in_state(log, before=START + timedelta(minutes=20)),
        "funnel": lambda: funnel(log.of("Order"), ["a", "b"], within="20 minutes"),
        "variants": lambda: variants(log),
        "event_types": lambda: event_types(log),
        "find": lambda: find(log, "1"),
        "audit_trail": lambda: audit_trail(log),
        "off_machine": lambda: off_machine(log, machines),
        "conformance": lambda: conformance(log, machines),
        "quality": lambda: quality(log),
    }
    return {name: _answer(question) for name, question in questions.items()}


def _answer(question) -> object:
    try:
        table = question()
        return [table.columns, *table.fetchall()]
    except (LogError, UnknownNameError) as error:
        return type(error).__name__


@settings(max_examples=EXAMPLES)
@given(events=EVENTS, minute=st.integers(0, 45))
def test_a_beginning_answers_as_a_log_of_its_own(read, machines, events, minute):
    rows = [_row(number, life, move) for number, (life, move) in enumerate(events, 1)]
    when = START + timedelta(minutes=minute)
    part = read(rows).until(when)
    kept = {int(row[0]) for row in part.sql("SELECT event_id FROM events").fetchall()}
    if kept:
        assert _answers(part, machines, when) == _answers(read([r for r in rows if r["id"] in kept]), machines, when)


@settings(max_examples=EXAMPLES)
@given(events=EVENTS, life=st.integers(0, 2), minute=st.integers(0, 45))
def test_whole_lives_answer_as_a_log_of_their_own(read, machines, events, life, minute):
    rows = [_row(number, owner, move) for number, (owner, move) in enumerate([*events, (life, events[0][1])], 1)]
    when = START + timedelta(minutes=minute)
    first = rows[-1]
    part = read(rows).of(first["aggregate_type"], first["aggregate_id"])
    own = [row for row in rows if row["aggregate_id"] == first["aggregate_id"]]
    assert _answers(part, machines, when) == _answers(read(own), machines, when)


@settings(max_examples=EXAMPLES)
@given(events=EVENTS)
def test_entered_minus_left_is_who_is_inside(read, events):
    log = read([_row(number, life, move) for number, (life, move) in enumerate(events, 1)])
    if not log.moves.fetchall():
        return
    stays = {row[:2]: row[2] for row in time_in_state(log).fetchall()}
    left: dict[tuple, int] = {}
    for row in transition_counts(log).fetchall():
        left[row[0], row[1]] = left.get((row[0], row[1]), 0) + row[3]
    inside = {key: stays[key] - left.get(key, 0) for key in stays}
    assert {key: number for key, number in inside.items() if number} == {
        row[:2]: row[2] for row in state_distribution(log).fetchall()
    }


@settings(max_examples=EXAMPLES)
@given(events=EVENTS, steps=st.lists(st.sampled_from("abc"), min_size=1, max_size=4))
def test_a_funnel_never_rises_and_equals_a_walk_by_hand(read, events, steps):
    log = read([_row(number, life, move) for number, (life, move) in enumerate(events, 1)])
    orders = log.where("type = 'Order'")
    lives: dict[int, list[str]] = {}
    for life, state in orders.sql("SELECT life, to_state FROM moves ORDER BY life, move").fetchall():
        lives.setdefault(life, []).append(state)
    if not set(steps) <= {state for states in lives.values() for state in states}:
        return
    reached = [0] * len(steps)
    for states in lives.values():
        walk = iter(states)
        for step, wanted in enumerate(steps):
            if wanted not in walk:
                break
            reached[step] += 1
    assert [row[3] for row in funnel(orders, steps).fetchall()] == reached
    assert reached == sorted(reached, reverse=True)
    furthest = [row[2] for row in funnel_lives(orders, steps).fetchall()]
    assert [sum(1 for step in furthest if step > passed) for passed in range(len(steps))] == reached
    in_a_row = [
        sum(any(states[at : at + n] == steps[:n] for at in range(len(states))) for states in lives.values())
        for n in range(1, len(steps) + 1)
    ]
    assert [row[3] for row in funnel(orders, steps, order="strict").fetchall()] == in_a_row
    assert all(strict <= loose for strict, loose in zip(in_a_row, reached, strict=True))
    lost = funnel_lost(orders, steps).fetchall()
    assert sum(row[7] for row in lost) == reached[0] - reached[-1]
    assert {row[1]: (row[3], row[4]) for row in lost} == {
        step: (here, here - after) for step, (here, after) in enumerate(pairwise(reached), 1) if here > after
    }


def _told_once(states: list[str]) -> list[str]:
    walked: list[str] = []
    for state in states:
        walked.append(state)
        for block in range(1, len(walked) // 2 + 1):
            if walked[-block:] == walked[-2 * block : -block]:
                del walked[-block:]
                break
    return walked


@settings(max_examples=EXAMPLES)
@given(events=EVENTS)
def test_variants_cover_every_life_with_loops_or_without(read, events):
    log = read([_row(number, life, move) for number, (life, move) in enumerate(events, 1)])
    kept, collapsed = variants(log).fetchall(), variants(log, loops="collapse").fetchall()
    by_hand = Counter((row[0], tuple(_told_once(row[2]))) for row in kept for _ in range(row[3]))
    assert {(row[0], tuple(row[2])): row[3] for row in collapsed} == by_hand
    for table in (kept, collapsed):
        for type in log.types:
            of_type = [row for row in table if row[0] == type]
            assert of_type[-1][6] == pytest.approx(1)
            assert [row[6] for row in of_type] == sorted(row[6] for row in of_type)
            assert sum(row[7] for row in of_type) == any(row[2] for row in of_type)
