"""One order in three events, moved through without a screen: what the widget says and what its page holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import workbench as wb
from workbench.errors import WorkbenchError

HOSTILE = "<script>alert(1)</script>"
MACHINE = r"""
name: OrderStateMachine
model: App\Models\Order
initial_state: pending
transitions:
  - {name: pay, from: pending, to: paid}
"""


def event(number: int, minute: int, kind: str, data: dict[str, object]) -> str:
    line = {
        "id": number,
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": 42,
        "event_type": kind,
        "event_data": data,
        "occurred_at": f"2026-01-05 10:{minute:02}:00",
    }
    return json.dumps(line)


EVENTS = [
    event(1, 0, "model_created", {"attributes": {"id": 42, "status": "pending", "total": 10}}),
    event(2, 5, "model_updated", {"new_attributes": {"total": 12, "note": HOSTILE}, "user_id": 3}),
    event(3, 9, "state_transitioned", {"from_state": "pending", "to_state": "paid"}),
]


@pytest.fixture
def log(tmp_path: Path) -> wb.EventLog:
    (tmp_path / "orders.ndjson").write_text("\n".join(EVENTS) + "\n", encoding="utf-8")
    return wb.read_events(tmp_path / "orders.ndjson")


@pytest.fixture
def machines(tmp_path: Path) -> wb.Machines:
    (tmp_path / "order.yaml").write_text(MACHINE, encoding="utf-8")
    return wb.read_machines(tmp_path / "order.yaml")


def page(life: wb.widgets.Life) -> str:
    return life.children[1].value


def test_it_begins_at_the_first_event_and_says_what_it_shows(log: wb.EventLog):
    shown = wb.widgets.life(log, "Order", 42).data()
    assert {key: shown[key] for key in ("type", "aggregate_id", "place", "places", "event_type", "state")} == {
        "type": "Order",
        "aggregate_id": "42",
        "place": 1,
        "places": 3,
        "event_type": "model_created",
        "state": "pending",
    }


def test_moving_shows_what_that_event_changed(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    life.place = 2
    assert life.data()["changed"] == {"note": (None, HOSTILE), "total": (10, 12)}
    assert life.data()["actor"] == "3"
    life.place = 3
    assert (life.data()["state_before"], life.data()["state"]) == ("pending", "paid")
    assert life.selection == {"type": "Order", "aggregate_id": "42", "place": 3, "version": None}


def test_the_buttons_stop_at_both_ends(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    back, onward = life.children[0].children[1:3]
    back.click()
    assert life.place == 1
    for _ in range(5):
        onward.click()
    assert life.place == 3


def test_a_place_outside_the_life_is_refused_in_a_sentence(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    with pytest.raises(WorkbenchError, match="no place 4 in this life: it has places 1 to 3"):
        life.place = 4


def test_an_aggregate_that_is_not_there_is_refused(log: wb.EventLog):
    with pytest.raises(WorkbenchError, match="43"):
        wb.widgets.life(log, "Order", 43)


def test_values_are_never_markup(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    life.place = 2
    assert HOSTILE not in page(life)
    assert "&lt;script&gt;" in page(life)


def test_the_machine_is_drawn_with_the_state_marked(log: wb.EventLog, machines: wb.Machines):
    life = wb.widgets.life(log, "Order", 42, machines)
    assert 'data-state="pending" data-now>' in page(life)
    life.place = 3
    assert 'data-state="paid" data-now>' in page(life)
    assert page(life).count(" data-now>") == 1


def test_where_nothing_runs_its_moment_is_still_shown(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    life.place = 3
    still = life._repr_mimebundle_()["text/html"]
    assert 'data-place="3" data-state="paid"' in still


def test_the_log_can_be_used_and_closed_beside_it(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    log.close()
    life.place = 3
    assert life.data()["state"] == "paid"
