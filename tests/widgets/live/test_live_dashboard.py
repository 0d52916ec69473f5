"""A dashboard of a log that grows: what it counts, what alarms, what it says of its follower."""

from __future__ import annotations

import json
import time
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from growing_orders import append, moved, states
from orders import HOSTILE

import workbench as wb
from workbench.events.following import Follower

MACHINE = """
name: OrderMachine
model: Order
initial_state: pending
states: [pending, {name: paid, metadata: {critical: true, color: "#123456"}}, shipped, {name: cancelled, metadata: {critical: false}}]
transitions: [{name: pay, from: pending, to: paid}, {name: ship, from: paid, to: shipped}]
"""  # noqa: E501


def test_it_shows_states_with_their_change_and_the_last_moves(log: wb.EventLog):
    view = wb.widgets.live(log, span="2 hours")
    # the last event is at 06:00: order 6 begins; orders 4 and 5 begin and end since 04:00, 2 and 3 did before
    assert states(view) == {
        "cancelled": (1, 1), "shipped": (3, 0), HOSTILE: (1, 1), "pending": (1, 1), "paid": (0, 0),
    }  # fmt: skip
    totals = view.data()["totals"].iloc[0]
    assert (totals["aggregates"], totals["moves"], totals["moves_before"], totals["critical"]) == (6, 6, 6, 1)
    assert view.data()["moves"][["id", "to"]].to_numpy().tolist()[:3] == [
        ["6", "pending"], ["5", "cancelled"], ["5", "pending"],
    ]  # fmt: skip
    assert len(view.data()["moves"]) == 15
    assert view.data()["alarms"][["id", "to"]].to_numpy().tolist() == [["5", "cancelled"]]


def test_the_chart_counts_every_move_of_the_span_once(log: wb.EventLog):
    steps = wb.widgets.live(log, span="1 day").data()["steps"]
    assert steps["moves"].sum() == 15
    assert steps.groupby("state")["moves"].sum().to_dict() == {
        "pending": 6, "paid": 4, "shipped": 3, HOSTILE: 1, "cancelled": 1,
    }  # fmt: skip


def test_the_machine_says_which_states_are_critical(log: wb.EventLog, tmp_path: Path):
    (tmp_path / "order.yaml").write_text(MACHINE, encoding="utf-8")
    machines = wb.read_machines(tmp_path / "order.yaml")
    view = wb.widgets.live(log, machines, span="6 hours", critical=["shipped"])
    shown = view.data()["states"]
    assert set(shown[shown["critical"]]["state"]) == {"paid", "shipped"}
    assert next(card for card in view.told["cards"] if card["state"] == "paid")["color"] == "#123456"


def test_it_follows_one_aggregate_with_every_view_of_its_selection(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    view = wb.widgets.live(log, span="1 day", selection=chosen)
    chosen.choose(type="Order", aggregates=("5",))
    assert view.data()["moves"]["to"].tolist() == ["cancelled", "pending"]
    assert states(view) == {"cancelled": (1, 1), "pending": (0, 0)}


def test_it_shows_what_a_follower_brought_and_no_more_once_closed(follower: Follower, source: Path):
    view = wb.widgets.Live(follower.log, follower, span="1 day")
    append(source, moved("6", 90, "cancelled", "07:00:00"))
    follower.tick()
    assert states(view)["cancelled"] == (2, 2)
    view.close()
    append(source, moved("6", 91, "pending", "08:00:00"))
    follower.tick()
    assert states(view)["cancelled"] == (2, 2)


def test_what_was_looked_at_earlier_is_not_shown_over_what_came_later(
    log: wb.EventLog, monkeypatch: pytest.MonkeyPatch
):
    view = wb.widgets.live(log, span="1 day")
    sending, go_on, hold_sync = Event(), Event(), view.hold_sync

    def slowly() -> Any:
        monkeypatch.setattr(view, "hold_sync", hold_sync)
        sending.set()
        go_on.wait(1)
        return hold_sync()

    monkeypatch.setattr(view, "hold_sync", slowly)
    earlier = Thread(target=view.refresh)
    earlier.start()
    assert sending.wait(60)
    log.add([json.loads(moved("6", 90, "cancelled", "07:00:00"))])
    view.refresh()
    go_on.set()
    earlier.join()
    assert states(view)["cancelled"] == (2, 2)


def test_a_follower_that_has_stopped_is_said_to_have(follower: Follower):
    view = wb.widgets.Live(follower.log, follower)
    follower.tick()
    assert view.feed["state"] == "following"
    follower.stop()
    assert view.feed["state"] == "stopped"


def test_a_follower_is_paused_from_the_page_while_it_reads_to_its_end(follower: Follower, source: Path):
    view = wb.widgets.Live(follower.log, follower)

    def press(_: object) -> None:
        with view._lock:
            pressing = Thread(target=follower.pause, daemon=True)
            pressing.start()
            pressing.join(5)
            assert not pressing.is_alive()

    follower.watch(press)
    append(source, moved("6", 90, "cancelled", "07:00:00"))
    assert follower.finish().loaded == 1


def test_an_aggregate_with_two_state_fields_is_counted_once():
    told = [
        {
            "id": number, "aggregate_type": "Order", "aggregate_id": number, "event_type": "model_created",
            "event_data": {"attributes": {"status": "open", "payment": payment}}, "occurred_at": f"2026-01-05 {at}",
        }
        for number, payment, at in ((1, "open", "06:00"), (2, "failed", "09:00"), (3, "failed", "09:30"))
    ]  # fmt: skip
    view = wb.widgets.live(wb.read_events(told, state_field={"Order": ["status", "payment"]}), critical=["failed"])
    totals = view.data()["totals"].iloc[0]
    assert (totals["aggregates"], totals["change"], totals["moves"], totals["critical"]) == (3, 2, 4, 2)
    assert view.data()["states"][["field", "state", "aggregates", "share"]].to_numpy().tolist() == [
        ["payment", "failed", 2, 2 / 3], ["status", "open", 3, 1], ["payment", "open", 1, 1 / 3],
    ]  # fmt: skip
    assert "<td>payment</td>" in view.static_html()


def test_a_chosen_type_that_has_become_ambiguous_is_said_and_every_tick_is_still_read(tmp_path: Path):
    source = tmp_path / "shop.ndjson"
    with wb.open_log(tmp_path / "log.duckdb", write=True) as log:
        follower = log.follow(source)
        for number, type in enumerate(("App", "Old", "New"), 1):
            row = moved("6", number, "paid", f"07:00:0{number}").replace('"Order"', json.dumps(f"{type}\\Order"))
            append(source, row)
            assert follower.tick().loaded == 1
            if number == 1:
                chosen = wb.widgets.selection(log)
                chosen.choose(type="Order")
                view = wb.widgets.Live(log, follower, selection=chosen)
            if number == 2:
                assert view.feed["trouble"] == "Order is ambiguous: write App\\Order or Old\\Order"
                chosen.choose(type=None)
        assert (view.feed["trouble"], view.data()["totals"]["aggregates"].tolist()) == (None, [3])


def test_a_path_is_followed_into_a_log_in_memory(source: Path):
    view = wb.widgets.live(source, span="1 day")
    try:
        for _ in range(500):
            if view.told:
                break
            time.sleep(0.02)
        assert view.data()["totals"]["aggregates"].tolist() == [6]
        assert view.feed["state"] == "following"
    finally:
        view.follower.stop()


def test_a_log_without_events_says_so(tmp_path: Path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as log:
        view = wb.widgets.live(log)
        assert view.told == {}
        assert "No event has come yet" in view.static_html()
        assert [len(table) for table in view.data().values()] == [0] * 5
        with pytest.raises(wb.LogError, match="nothing feeds this log"):
            view.pause()


def test_a_span_that_is_none_is_refused_in_a_sentence(log: wb.EventLog):
    with pytest.raises(wb.InstantError, match="is not a duration"):
        wb.widgets.live(log, span="soon")


def test_what_travels_stays_small_whatever_the_names():
    long = "x" * 10_000
    rows = [
        {"case_id": f"{long}{n}", "activity": f"{long}{n}", "timestamp": f"2026-01-05 10:{n:02}", "type": f"{long}{n}"}
        for n in range(40)
    ]
    view = wb.widgets.live(wb.read_events(rows, mapping="case=case_id,activity=activity,time=timestamp,type=type"))
    assert len(json.dumps([view.told, view.feed])) < 250_000
