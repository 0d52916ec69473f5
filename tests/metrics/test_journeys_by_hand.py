"""Funnels and variants tell what a walk by hand over the states of each life tells."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.metrics import funnel, funnel_lives, funnel_lost, variants

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


@settings(max_examples=10)
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


@settings(max_examples=10)
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
