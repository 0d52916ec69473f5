"""Replay exists twice: a fold over one life, and SQL over all. They agree at every instant."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InstantError
from workbench.instants import instant
from workbench.lives import replay
from workbench.metrics import audit_trail, state_at

START = instant("2026-01-01")
EXAMPLES = settings().max_examples // 4  # each reads a log
STATES = st.sampled_from(["a", "b", "c"])


def _event(kind: str, first: str, second: str, created: int | None) -> dict:
    told = {} if created is None else {"model_snapshot": {"created_at": f"2026-01-01 00:00:{created:02}"}}
    if kind == "moved":
        return {"event_type": "state_transitioned", "event_data": {"from_state": first, "to_state": second, **told}}
    if kind == "created":
        return {"event_type": "model_created", "event_data": {"attributes": {"status": second, "n": 1}, **told}}
    if kind == "updated":
        return {"event_type": "model_updated", "event_data": {"new_attributes": {"n": len(first + second)}, **told}}
    if kind == "set":
        return {"event_type": "model_updated", "event_data": {"new_attributes": {"status": second}, **told}}
    return {"event_type": "noted", "event_data": {"text": first, **told}}


EVENTS = st.tuples(
    st.sampled_from(["moved", "moved", "created", "updated", "set", "noted"]),
    STATES,
    STATES,
    st.one_of(st.none(), st.integers(0, 12)),
)
LIVES = st.lists(
    st.lists(st.tuples(EVENTS, st.integers(1, 10)), min_size=1, max_size=6), min_size=1, max_size=3
)  # fmt: skip


def _rows(lives) -> list[dict]:
    rows = [
        {"aggregate_type": "Order", "aggregate_id": str(number), "occurred_at": f"2026-01-01 00:00:{second:02}"}
        | _event(*told)
        for number, events in enumerate(lives)
        for told, second in events
    ]
    return [{"id": number, **row} for number, row in enumerate(rows, 1)]


@settings(max_examples=EXAMPLES)
@given(lives=LIVES, until=st.one_of(st.none(), st.integers(0, 11)))
def test_the_fold_equals_sql_at_every_instant(read, lives, until):
    log = read(_rows(lives))
    part = log if until is None else log.until(START + timedelta(seconds=until))
    folds = {row[0]: replay(part.of("Order", row[0])) for row in part.lives.select("aggregate_id").fetchall()}
    for second in range(14):
        when = START + timedelta(seconds=second)
        asked = {row[1]: row[2] for row in state_at(part, when).fetchall()}
        folded = {}
        for number, life in folds.items():
            try:
                folded[number] = life.at(when).state
            except InstantError:
                folded[number] = None
        assert {number: state for number, state in folded.items() if state is not None} == asked


@settings(max_examples=EXAMPLES)
@given(lives=LIVES)
def test_the_trail_tells_the_changes_of_the_fold(read, lives):
    log = read(_rows(lives))
    trail: dict[str, list] = {}
    for row in audit_trail(log).fetchall():
        trail.setdefault(row[1], []).append((row[2], json.loads(row[10] or "{}")))
    for number, told in trail.items():
        life = replay(log.of("Order", number))
        changes = [(m.place, {name: list(pair) for name, pair in m.changed.items()}) for m in life]
        assert changes == told


def test_a_state_entered_before_it_was_known_counts_in_both(read):
    log = read(_rows([[(("noted", "a", "a", None), 1), (("moved", "a", "b", 3), 5)]]))
    life = replay(log.of("Order", 0))
    states = [life.at(START + timedelta(seconds=second)).state for second in (1, 2, 3, 4, 5)]
    assert states == [None, None, "a", "a", "b"]
    assert [row[2] for row in state_at(log, START + timedelta(seconds=3)).fetchall()] == ["a"]
    assert state_at(log, START + timedelta(seconds=2)).fetchall() == []
    with pytest.raises(InstantError):
        life.at(START)
