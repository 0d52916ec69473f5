"""A case is what a walk over its events by hand finds, and causation binds both ways."""

from __future__ import annotations

from drawn_logs import event_store, few
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb


def _bound(log, full, id):
    rows = wb.related(log, full, id).project("type, aggregate_id, link, broken").fetchall()
    return {row[:2] for row in rows if row[2].startswith(("cause of", "caused by")) and not row[3]}


@few(4)
@given(export=event_store())
def test_causation_binds_both_ways(export):
    with export.read() as log:
        lives = log.sql("SELECT DISTINCT type, aggregate_id FROM lives").fetchall()
        bound = {life: _bound(log, *life) for life in lives}
        assert [(a, b) for a in lives for b in bound[a] if b != a and a not in bound[b]] == []


# For each event, ids from 1: the aggregate, the id of its cause (which may not be there), its correlation.
TOLD = st.lists(
    st.tuples(st.sampled_from("ABCD"), st.one_of(st.none(), st.integers(1, 11)), st.sampled_from((None, None, "k"))),
    min_size=1,
    max_size=10,
)


def _walked(told):
    """Return id -> (kind of link, distance) for the case of A, and the ids of causes that are not there."""
    cause = {n: why for n, (_, why, _) in enumerate(told, 1) if why is not None}
    effects = {n: [m for m, why in cause.items() if why == n] for n in range(1, len(told) + 1)}
    own = [n for n, (whose, _, _) in enumerate(told, 1) if whose == "A"]
    found, broken = {}, {}
    for follow in (lambda n: [cause[n]] if n in cause else [], effects.__getitem__):
        seen, edge, distance = set(own), own, 0
        while edge:
            distance += 1
            edge = [m for m in dict.fromkeys(m for n in edge for m in follow(n)) if m not in seen]
            broken |= {m: min(distance, broken.get(m, distance)) for m in edge if m > len(told)}
            edge = [m for m in edge if m <= len(told)]
            seen |= set(edge)
            found |= {m: ("caus", min(distance, found.get(m, ("", distance))[1])) for m in edge}
    shared = {told[n - 1][2] for n in own} - {None}
    for n, (_, _, correlation) in enumerate(told, 1):
        if n not in found and correlation in shared:
            found[n] = ("corr", 1)
    return {**found, **dict.fromkeys(own, ("itse", 0))}, broken


@few(6)
@given(told=TOLD)
def test_a_case_is_what_a_walk_by_hand_finds(told):
    rows = [
        {
            "id": n, "aggregate_type": "T", "aggregate_id": whose, "event_type": "noted",
            "event_data": {"context": {"causation_id": why, "correlation_id": correlation}},
            "occurred_at": f"2026-01-05 09:00:{n:02}",
        }
        for n, (whose, why, correlation) in enumerate([*told, ("A", None, None)], 1)
    ]  # fmt: skip
    found, broken = _walked([*told, ("A", None, None)])
    with wb.read_events(rows) as log:
        case = wb.related(log, "T", "A").project("event_id::INT, link[:4], distance, broken").fetchall()
    assert {row[0]: row[1:3] for row in case if not row[3]} == found
    assert {row[0]: row[2] for row in case if row[3]} == broken
