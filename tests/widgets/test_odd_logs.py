"""Views of logs that are not as one hopes: nothing in them, two state fields, numbers that JSON has no word for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from orders import orders

import workbench as wb
from workbench.errors import WorkbenchError


@pytest.fixture
def log() -> wb.EventLog:
    return wb.read_events(orders())


def two_fields() -> wb.EventLog:
    """One order that is packed, then paid: two state fields of the same type."""
    rows = [
        {"id": 1, "to": {"attributes": {"status": "new", "payment": "open"}}, "kind": "model_created"},
        {"id": 2, "to": {"new_attributes": {"status": "packed"}}, "kind": "model_updated"},
        {"id": 3, "to": {"new_attributes": {"payment": "paid"}}, "kind": "model_updated"},
    ]
    told = [
        {
            "id": row["id"],
            "aggregate_type": "Order",
            "aggregate_id": "1",
            "event_type": row["kind"],
            "event_data": row["to"],
            "occurred_at": f"2026-01-05 10:0{row['id']}:00",
        }
        for row in rows
    ]
    return wb.read_events(told, state_field={"Order": ["status", "payment"]})


def test_of_two_state_fields_one_is_shown():
    view = wb.widgets.variants_explorer(two_fields(), "Order")
    assert [row["states"] for row in view.rows] in ([["new", "packed"]], [["open", "paid"]])
    assert wb.widgets.funnel_builder(two_fields(), "Order").drawing


def test_a_part_without_lives_is_a_sentence_or_empty(log: wb.EventLog):
    nobody = log.where("false")
    assert wb.widgets.audit_explorer(nobody).total == 0
    assert wb.widgets.variants_explorer(nobody, "Order").total == 0
    with pytest.raises(WorkbenchError, match="nothing to draw"):
        wb.widgets.funnel_builder(nobody, "Order")
    with pytest.raises(WorkbenchError, match="no time to travel through"):
        wb.widgets.time_travel(nobody)


def test_a_life_that_was_never_in_a_state_is_stepped_through():
    pinged = {"id": 1, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "pinged", "event_data": {"x": 1}}
    view = wb.widgets.life(wb.read_events([pinged | {"occurred_at": "2026-01-05 10:00:00"}]), "Order", 1)
    assert (view.drawing, view.data()["state"], view.data()["event_type"]) == (None, None, "pinged")
    assert "pinged" in view.static_html()


def test_a_log_in_place_of_a_machine_is_said(log: wb.EventLog):
    with pytest.raises(WorkbenchError, match="a machine is drawn, as read_machines reads them, not EventLog"):
        wb.widgets.machine(log)  # type: ignore[arg-type]


def test_metadata_without_a_word_in_json_can_be_exported(tmp_path: Path):
    (tmp_path / "order.yaml").write_text(
        "name: M\ninitial_state: a\nstates: [{name: a, metadata: {limit: .inf, many: [.nan, 1]}}]\ntransitions: []\n",
        encoding="utf-8",
    )
    view = wb.widgets.machine(wb.read_machines(tmp_path / "order.yaml", strict=False))
    assert view.export_html(tmp_path / "machine.html").stat().st_size > 10_000


def test_a_row_far_into_a_long_life_opens_the_life_around_it():
    first: dict[str, Any] = {"attributes": {"id": 1, "status": "new"}}
    rows = [
        {
            "id": n,
            "aggregate_type": "Order",
            "aggregate_id": "1",
            "event_type": "model_updated" if n else "model_created",
            "event_data": {"new_attributes": {"count": n}} if n else first,
            "occurred_at": f"2026-01-05 {n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}",
        }
        for n in range(1800)
    ]
    view = wb.widgets.audit_explorer(wb.read_events(rows))
    told = view.answer({"what": "life", "type": "Order", "id": "1", "place": 1500})
    places = [line[0] for line in told["events"]]
    assert (min(places), max(places), told["many"]) == (1001, 1800, 1800)
    assert told["told"]["changed"] == [["count", 1498, 1499]]


def test_a_state_field_with_a_quote_in_its_name_is_a_name(tmp_path: Path):
    machine = 'name: M\nmodel: Order\nfield: "it\'s"\ninitial_state: open\ntransitions:\n'
    (tmp_path / "order.yaml").write_text(machine + "  - {name: pay, from: open, to: paid}\n", encoding="utf-8")
    told = [
        {
            "id": n,
            "aggregate_type": "Order",
            "aggregate_id": "1",
            "event_type": "model_updated" if n > 1 else "model_created",
            "event_data": {"new_attributes" if n > 1 else "attributes": set_},
            "occurred_at": f"2026-01-05 10:0{n}:00",
        }
        for n, set_ in enumerate([{"status": "new", "it's": "open"}, {"status": "packed"}, {"it's": "paid"}], start=1)
    ]
    log = wb.read_events(told, state_field={"Order": ["status", "it's"]})
    shown = wb.widgets.machine(wb.read_machines(tmp_path / "order.yaml"), log).data()
    assert shown[shown.kind == "transition"]["times"].tolist() == [1]


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_state_whose_name_cannot_be_seen_is_written_as_figures_write_it(blank: str, show: Callable[..., Any]):
    kinds = {"model_created": {"attributes": {"status": "new"}}, "model_updated": {"new_attributes": {"status": blank}}}
    told = [
        {"id": n, "aggregate_type": "Order", "aggregate_id": "1", "event_type": kind, "event_data": data}
        | {"occurred_at": f"2026-01-05 10:0{n}:00"}
        for n, (kind, data) in enumerate(kinds.items())
    ]
    log = wb.read_events(told)
    machine = wb.Machines([wb.discover(log)])
    audit = show(wb.widgets.audit_explorer(log)).root
    assert audit.get_by_role("row").nth(2).get_by_role("gridcell").nth(3).inner_text() == "new → (empty)"
    assert audit.get_by_label("any state").locator("option").all_inner_texts() == ["any state", "(empty)", "new"]
    life = show(wb.widgets.life(log, "Order", 1, machines=machine)).root
    assert "(empty)" in life.inner_text()
    assert show(wb.widgets.machine(machine)).root.get_by_role("button", name="(empty)").is_visible()
    assert "(empty)" in show(wb.widgets.variants_explorer(log, "Order")).root.locator(".wb-ribbon").inner_text()
