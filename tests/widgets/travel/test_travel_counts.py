"""The counts of time travel are those of `state_at`, and Python moves through them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from travelled import moved

import workbench as wb
from workbench.errors import LogError, UnknownNameError
from workbench.instants import instant
from workbench.widgets.bins import bins, stride_for
from workbench.widgets.wire import MICROSECOND


def test_the_counts_at_an_edge_are_those_of_state_at(log):
    orders = log.of("Order")
    states, pairs = ["pending", "confirmed", "cancelled", "fulfilled"], [("confirmed", "cancelled")]
    span = (instant("2026-01-20 10:13"), instant("2026-02-20"))
    found = bins(orders, "status", span, states, pairs, stride=stride_for(*span, len(states) + len(pairs)))
    for edge in range(0, found.edges, 97):
        told = dict(wb.state_distribution(orders, found.at(edge)).select("state, aggregates").fetchall())
        assert {s: int(n) for s, n in zip(states, found.population[edge], strict=True) if n} == told
    first, last = found.at(0) + MICROSECOND, found.at(found.edges - 1) + MICROSECOND
    moves = wb.transition_counts(orders, since=first, before=last)
    (times,) = moves.filter("from_state = 'confirmed' AND to_state = 'cancelled'").select("times").fetchall()
    assert (int(found.passed[-1, 0]),) == times


def test_data_is_what_the_questions_answer(log, devices):
    devices.instant = "2026-02-10 12:34:56.789"
    shown = devices.data()
    told = wb.state_distribution(log.of("SmartDevice"), shown["instant"]).select("state, aggregates, share")
    there = shown["states"][shown["states"]["aggregates"] > 0]
    assert set(there.itertuples(index=False, name=None)) == set(told.fetchall())
    since, before = shown["traffic_since"] + MICROSECOND, shown["instant"] + MICROSECOND
    taken = wb.transition_counts(log.of("SmartDevice"), since=since, before=before)
    counted = shown["traffic"][shown["traffic"]["times"] > 0][["from_state", "to_state", "times"]]
    assert set(counted.itertuples(index=False, name=None)) == set(
        taken.select("from_state, to_state, times").fetchall()
    )
    assert len(shown["moves"]) == 20
    assert shown["moves"]["entered_at"].max() <= shown["instant"]


def test_the_moves_around_an_instant_lead_from_it_to_the_next():
    """Two moves at one instant are shown together, as `state_at` knows both or none."""
    log = moved(
        (1, None, "a", "2026-01-01 10:00"),
        (2, None, "a", "2026-01-01 10:00"),
        (1, "a", "b", "2026-01-01 11:00"),
        (2, "a", "c", "2026-01-01 11:00"),
        (1, "b", "c", "2026-01-01 12:00"),
    )
    view = wb.widgets.time_travel(log)
    near = view._near(instant("2026-01-01 11:00"), 2)
    assert [state["name"] for state in view.states] == ["a", "b", "c"]
    assert (near["population"], near["from"], near["to"]) == ([0, 1, 1], [0, 0, 1], [1, 2, 2])
    assert near["lo"] == near["times"][0]
    assert near["hi"] is None


def test_no_count_is_too_much_for_the_wire():
    for columns in (1, 6, 21, 60, 270, 550):
        for span in (timedelta(), timedelta(seconds=3), timedelta(days=90), timedelta(days=365 * 9000)):
            start = instant("0900-01-01")
            stride = stride_for(start, start + span, columns)
            edges = span // (stride * MICROSECOND) + 3
            assert 4 * columns * edges <= 125_000
            assert span / (stride * MICROSECOND) >= 8 or stride == 1 or not span


def test_a_view_is_small_on_the_wire(log, machines):
    for type in log.types:
        view = wb.widgets.time_travel(log, machines, type)
        view.answer({"near": view.playhead})
        state = view.get_state()
        raw = len(state.pop("counts"))
        assert raw + len(json.dumps(state, default=str).encode()) < 250_000


def test_what_only_history_knows_is_told(log, machines):
    traffic = wb.widgets.time_travel(log, machines, "Order").data()["traffic"]
    off = traffic[~traffic["declared"]][["from_state", "to_state"]]
    assert set(off.itertuples(index=False, name=None)) == {("pending", "fulfilled")}


def test_nobody_ever_in_a_state_is_a_sentence(log):
    nothing = wb.read_events([{"id": 1, "aggregate_type": "Note", "aggregate_id": 1, "event_type": "written",
                               "event_data": {}, "occurred_at": "2026-01-01"}], mapping="event_store")  # fmt: skip
    view = wb.widgets.time_travel(nothing, type="Note")
    assert view.sentence == "No Note was ever in a state: there is no time to travel through."
    with pytest.raises(LogError, match="No Note was ever in a state"):
        view.data()
    with pytest.raises(LogError, match="no life of this log was ever in a state"):
        wb.widgets.time_travel(nothing)
    with pytest.raises(UnknownNameError, match="did you mean 'Order'"):
        wb.widgets.time_travel(log, type="Ordre")
    with pytest.raises(UnknownNameError, match="did you mean 'status'"):
        wb.widgets.time_travel(log, type="Order", field="statsu")


def test_views_and_python_follow_one_instant(log, machines):
    chosen = wb.widgets.selection(log)
    one = wb.widgets.time_travel(log, machines, "Order", selection=chosen)
    other = wb.widgets.time_travel(log, machines, "SmartDevice", selection=chosen)
    one.set_state({"playhead": 1770000000000000})
    assert other.instant == chosen.instant == one.instant == instant("2026-02-02 02:40")
    chosen.choose(type="Order", states=("cancelled",))
    assert set(one.data()["states"]["aggregates"]) != {0}
    assert one.data()["states"]["aggregates"].sum() <= 120


def test_a_log_of_one_instant_is_seen_by_the_second():
    row = {"id": 1, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "model_created"}
    row |= {"event_data": {"attributes": {"status": "new"}}, "occurred_at": "2026-01-05 10:00:00"}
    view = wb.widgets.time_travel(wb.read_events([row]))
    assert (view.stride, view.last - view.first) == (1_000_000, 1_000_000)
    assert view.data()["states"]["aggregates"].tolist() == [1]
