"""How things stand right now, counted by hand; and the last moves."""

from __future__ import annotations

import pytest

import workbench as wb


def moved(order: int, *steps: tuple[str, str]) -> list[dict]:
    return [
        {"case_id": order, "activity": state, "timestamp": f"2026-01-05 {time}", "type": "Order"}
        for time, state in steps
    ]


@pytest.fixture
def log():
    rows = [
        *moved(1, ("08:00", "new"), ("09:30", "paid"), ("11:30", "sent")),
        *moved(2, ("08:10", "new"), ("11:10", "paid")),
        *moved(3, ("11:00", "new"), ("12:00", "failed")),
        *moved(4, ("10:30", "new")),
        *moved(5, ("09:59", "new")),
    ]
    return wb.read_events(rows, mapping="case=case_id,activity=activity,time=timestamp")


def test_each_state_with_who_is_in_it_and_who_came_and_went(log: wb.EventLog):
    found = wb.pulse(log, "1 hour").select("state, aggregates, entered, exited, entered_before").fetchall()
    # now is 12:00; the span is 11:00 to 12:00, the one before 10:00 to 11:00
    assert found == [("new", 2, 1, 2, 1), ("failed", 1, 1, 0, 0), ("paid", 1, 1, 1, 0), ("sent", 1, 1, 0, 0)]


def test_what_was_there_before_the_span_is_what_the_distribution_tells(log: wb.EventLog):
    before = {s: n - came + gone for s, n, came, gone in wb.pulse(log, "1 hour").select(
        "state, aggregates, entered, exited").fetchall()}  # fmt: skip
    assert {state: number for state, number in before.items() if number} == dict(
        wb.state_distribution(log, at="2026-01-05 10:59:59.999999").select("state, aggregates").fetchall()
    )


def test_an_earlier_now_is_that_of_a_beginning_of_the_log(log: wb.EventLog):
    found = wb.pulse(log.until("2026-01-05 10:30"), "1 hour").select("state, aggregates, entered").fetchall()
    assert found == [("new", 3, 2), ("paid", 1, 1)]


def test_the_last_moves_the_newest_first(log: wb.EventLog):
    found = wb.recent_moves(log, 3).select("aggregate_id, from_state, to_state").fetchall()
    assert found == [("3", "new", "failed"), ("1", "paid", "sent"), ("2", "new", "paid")]


def test_only_moves_into_some_states_from_an_instant_on(log: wb.EventLog):
    found = wb.recent_moves(log, states=["paid", "failed", "unheard of"], since="2026-01-05 11:10")
    assert found.select("aggregate_id, to_state").fetchall() == [("3", "failed"), ("2", "paid")]
    with pytest.raises(wb.LogError, match="ask for 1 or more"):
        wb.recent_moves(log, 0)
