"""Every event of a log to filter and scroll through: what is counted, what is exported, and a person's path."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import WorkbenchError
from workbench.metrics.exploring import density, page

HOSTILE = "<script>alert(1)</script>"


def rows(aggregates: int) -> list[dict[str, Any]]:
    """So many orders; each is created, then paid by actor 7 or 8; every fourth is cancelled at the same second."""
    found: list[dict[str, Any]] = []

    def event(order: int, kind: str, minute: int, data: dict[str, Any]) -> None:
        found.append({
            "id": len(found) + 1,
            "aggregate_type": "App\\Models\\Order",
            "aggregate_id": str(order),
            "event_type": kind,
            "event_data": data,
            "occurred_at": f"2026-01-{1 + minute // 1440:02} {minute // 60 % 24:02}:{minute % 60:02}:00",
        })  # fmt: skip

    for order in range(1, aggregates + 1):
        event(order, "model_created", order, {"attributes": {"id": order, "status": "pending", "note": HOSTILE}})
        event(order, "state_transitioned", order + 5,
              {"from_state": "pending", "to_state": "paid", "user_id": 7 + order % 2})  # fmt: skip
        if order % 4 == 0:
            event(order, "state_transitioned", order + 5, {"from_state": "paid", "to_state": "cancelled"})
    return found


@pytest.fixture(scope="module")
def log() -> wb.EventLog:
    return wb.read_events(rows(400))


def test_all_events_are_counted_and_the_conditions_are_those_of_the_audit_trail(log: wb.EventLog):
    assert wb.widgets.audit_explorer(log).total == 900
    cancelled = wb.widgets.audit_explorer(log, state="cancelled")
    assert cancelled.total == 100
    assert cancelled.data().project("to_state").distinct().fetchall() == [("cancelled",)]
    cancelled.conditions = {"actor": "7", "type": "Order", "since": "2026-01-01 01:00"}
    assert cancelled.total == wb.audit_trail(log, actor=7, since="2026-01-01 01:00").count("*").fetchall()[0][0]


@pytest.mark.parametrize(
    ("conditions", "sentence"),
    [
        ({"actor": "77"}, "no actor named '77'"),
        ({"type": "Ordr"}, "did you mean 'Order'"),
        ({"stat": "paid"}, "no condition named 'stat' in an audit explorer: did you mean 'state'"),
        ({"since": "soon"}, "soon"),
    ],
)
def test_a_condition_that_is_wrong_is_a_sentence_and_changes_nothing(
    log: wb.EventLog, conditions: dict[str, str], sentence: str
):
    view = wb.widgets.audit_explorer(log, state="paid")
    with pytest.raises(WorkbenchError, match=sentence):
        view.conditions = conditions
    assert (view.conditions, view.total) == ({"state": "paid"}, 400)


@settings(max_examples=30, deadline=None)
@given(position=st.integers(0, 899), size=st.integers(1, 40), steps=st.integers(1, 50))
def test_a_page_anywhere_is_that_piece_of_the_whole(position: int, size: int, steps: int):
    log = _once()
    found = density(log, {}, steps)
    whole = log.sql("SELECT aggregate_id, place FROM events ORDER BY effective_at, life, place").fetchall()
    told = page(log, {}, found, position, size).project("aggregate_id, place").fetchall()
    assert told == whole[position : position + size]
    assert sum(found.events) == len(whole)


_MADE: list[wb.EventLog] = []


def _once() -> wb.EventLog:
    if not _MADE:
        _MADE.append(wb.read_events(rows(400)))
    return _MADE[0]


def test_the_bar_of_time_ends_where_the_events_do(log: wb.EventLog, show: Callable[..., Any]):
    shown = show(wb.widgets.audit_explorer(log))
    assert shown.root.locator(".wb-ends span").all_inner_texts() == ["2026-01-01 00:01", "2026-01-01 06:45"]


def test_a_log_without_such_events_shows_none(log: wb.EventLog):
    view = wb.widgets.audit_explorer(log, text="nowhere to be found")
    assert (view.total, view.bars, view.data().fetchall()) == (0, [], [])


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_an_export_is_what_is_shown_and_says_where_it_comes_from(tmp_path: Path, suffix: str):
    source = tmp_path / "orders.ndjson"
    source.write_text("\n".join(json.dumps(row) for row in rows(8)) + "\n", encoding="utf-8")
    view = wb.widgets.audit_explorer(wb.read_events(source), type="Order", state="cancelled")
    written = view.export(tmp_path / f"out.{suffix}")
    found = duckdb.sql(f"SELECT aggregate_id::VARCHAR, to_state FROM '{written}'").fetchall()
    assert found == view.data().project("aggregate_id, to_state").fetchall() == [("4", "cancelled"), ("8", "cancelled")]
    told = json.loads((tmp_path / f"out.{suffix}.provenance.json").read_text(encoding="utf-8"))
    assert told["imports"][0]["sha256"] == hashlib.sha256(source.read_bytes()).hexdigest()
    assert told["question"]["values"] == {"state": "cancelled"}
    assert told["part"]["python"] == "log.of('Order')"


def test_beside_it_stands_a_table_that_says_the_time(log: wb.EventLog):
    still = wb.widgets.audit_explorer(log, type="Order").static_html()
    assert ">at (UTC)</th>" in still
    assert '<td class="wb-time">2026-01-01 ' in still


def test_an_export_goes_only_where_it_can(log: wb.EventLog, tmp_path: Path):
    view = wb.widgets.audit_explorer(log)
    with pytest.raises(WorkbenchError, match=r"should end in \.csv or \.parquet"):
        view.export(tmp_path / "trail.xlsx")
    with pytest.raises(WorkbenchError, match="there is no folder"):
        view.export(tmp_path / "nowhere" / "trail.csv")


def test_what_travels_stays_small(log: wb.EventLog):
    view = wb.widgets.audit_explorer(log)
    assert len(json.dumps(view.get_state(), default=str)) < 250_000
    assert len(view.first) == 200


def test_the_selection_decides_whose_events_are_shown(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    view = wb.widgets.audit_explorer(log, selection=chosen)
    chosen.choose(type="Order", aggregates=["4"])
    assert view.total == 3


@pytest.fixture
def shown(show: Callable[..., Any], log: wb.EventLog) -> Any:
    return show(wb.widgets.audit_explorer(log))


def told(shown: Any) -> str:
    return str(shown.page.locator(".wb-where").inner_text())


def first_row(shown: Any) -> str:
    return str(shown.page.locator(".wb-row").first.inner_text()).replace("\n", " ")


def until_told(shown: Any, text: str) -> None:
    shown.until("(text) => document.querySelector('.wb-where').textContent.includes(text)", text)


def test_choosing_a_state_leaves_its_events_and_the_cross_brings_all_back(shown: Any):
    assert told(shown) == "900 events, from 1 to 18"
    shown.page.get_by_label("any state").select_option("cancelled")
    until_told(shown, "100 events")
    assert shown.view.conditions == {"state": "cancelled"}
    assert "Order 4" in first_row(shown)
    shown.page.get_by_label("Show all events again").click()
    until_told(shown, "900 events")


def test_the_wheel_the_keys_and_time_move_through_all_rows(shown: Any):
    grid = shown.page.get_by_role("grid")
    grid.hover()
    shown.page.mouse.wheel(0, 250)
    until_told(shown, "from 11 to 28")
    grid.focus()
    shown.page.keyboard.press("End")
    until_told(shown, "from 883 to 900")
    shown.until("() => document.querySelector('.wb-row').textContent.includes('Order 39')")
    shown.page.keyboard.press("Home")
    until_told(shown, "from 1 to 18")
    bar = shown.page.get_by_role("scrollbar")
    box = bar.bounding_box()
    shown.page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + 20)
    shown.until("() => !document.querySelector('.wb-where').textContent.includes('from 1 to')")
    assert 350 < int(bar.get_attribute("aria-valuenow")) < 550


def test_newest_first_turns_the_order(shown: Any):
    newest, shadow = shown.page.get_by_role("button", name="Newest first"), "(one) => getComputedStyle(one).boxShadow"
    assert newest.evaluate(shadow) == "none"
    newest.click()
    shown.until("() => document.querySelector('.wb-row').textContent.includes('Order 400')")
    assert newest.evaluate(shadow) != "none"
    assert "cancelled" in first_row(shown)


def test_a_row_opens_its_life_and_can_choose_it_for_all_views(shown: Any):
    shown.page.get_by_role("grid").focus()
    shown.page.keyboard.press("ArrowDown")
    shown.page.keyboard.press("Enter")
    shown.page.get_by_text("Order 1: 2 events").wait_for()
    assert HOSTILE in shown.page.locator(".wb-life pre").inner_text()
    shown.page.get_by_role("button", name="Choose this life everywhere").click()
    until_told(shown, "2 events")
    assert shown.view.selection.aggregates == ("1",)
    assert "log.of('Order', '1')" in str(shown.view.selection)


def test_python_turns_the_order_opens_a_life_and_knows_where_the_page_stands(shown: Any):
    shown.view.newest = True
    shown.until("() => document.querySelector('.wb-row').textContent.includes('Order 400')")
    shown.view.opened = ["Order", "400", 3]
    shown.page.get_by_text("Order 400: 3 events").wait_for()
    shown.page.get_by_role("grid").focus()
    shown.page.keyboard.press("PageDown")
    until_told(shown, "from 19 to 36")
    shown.page.wait_for_timeout(400)
    assert shown.view.line == 18
    shown.view.conditions = {"state": "paid"}
    until_told(shown, "from 1 to 18")
    assert (shown.view.line, shown.view.opened) == (0, [])


def test_rows_are_a_grid_for_ears(shown: Any):
    assert shown.page.get_by_role("grid").get_attribute("aria-rowcount") == "900"
    assert shown.page.locator(".wb-row").first.get_attribute("aria-rowindex") == "1"


@pytest.mark.parametrize("dark", [False, True])
def test_the_exported_page_scrolls_through_what_it_holds(show: Callable[..., Any], log: wb.EventLog, *, dark: bool):
    shown = show(wb.widgets.audit_explorer(log), kernel=False, dark=dark)
    shown.page.get_by_role("grid").focus()
    shown.page.keyboard.press("PageDown")
    until_told(shown, "from 19 to 36")
    shown.picture(f"audit-{'dark' if dark else 'light'}")


def test_what_was_typed_wrong_stays_to_be_corrected(show: Callable[..., Any], log: wb.EventLog):
    shown = show(wb.widgets.audit_explorer(log))
    since = shown.page.get_by_label("since")
    since.fill("soon")
    since.press("Enter")
    shown.page.get_by_text("'soon' is not a time").wait_for()
    assert (since.input_value(), since.get_attribute("aria-invalid")) == ("soon", "true")
    assert told(shown).startswith(f"{len(log.events)} events")
    shown.page.get_by_role("button", name="Show all events again").click()
    shown.until("() => !document.querySelector('[aria-invalid]')")
    assert since.input_value() == ""


def test_the_newest_come_first_in_the_data_and_in_the_file_too(log: wb.EventLog, tmp_path: Path):
    view = wb.widgets.audit_explorer(log)
    rows = view.data().fetchall()
    view.newest = True
    assert view.data().fetchall() == rows[::-1]
    lines = view.export(tmp_path / "shown.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].split(",")[:3] == [str(value) for value in rows[-1][:3]]


def test_a_name_written_from_right_to_left_turns_nothing_around(show: Callable[..., Any]):
    states = ["\u202elive", "done"]
    told = [
        {
            "id": n + 1,
            "aggregate_type": "Order",
            "aggregate_id": "1",
            "event_type": "state_transitioned" if n else "model_created",
            "event_data": {"from_state": states[0], "to_state": state} if n else {"attributes": {"status": state}},
            "occurred_at": f"2026-01-05 10:0{n}:00",
        }
        for n, state in enumerate(states)
    ]
    shown = show(wb.widgets.audit_explorer(wb.read_events(told)))
    before, after = shown.page.get_by_role("row").nth(2).locator("bdi").all()
    assert before.inner_text() == "\\u202elive"
    assert before.bounding_box()["x"] < after.bounding_box()["x"]


@pytest.mark.parametrize("fraction", ["", ".123", ".123456"])
def test_times_are_seen_whole_and_take_no_more_room_than_they_need(show: Callable[..., Any], fraction: str):
    row = {"id": 1, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "model_created"}
    row |= {"event_data": {"attributes": {"status": "new"}}, "occurred_at": f"2026-01-05 10:00:00{fraction}"}
    shown = show(wb.widgets.audit_explorer(wb.read_events([row])))
    cell = shown.page.locator(".wb-row .wb-num")
    wide, needed = cell.evaluate("(node) => [node.clientWidth, node.scrollWidth]")
    assert needed <= wide
    text = cell.evaluate("""(node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect().width;
    }""")
    assert wide - text < 70


def test_all_events_are_shown_again_after_one_life_was_chosen(show: Callable[..., Any], log: wb.EventLog):
    view = wb.widgets.audit_explorer(log, type="Order")
    shown = show(view)
    shown.page.get_by_role("row").nth(2).click()
    shown.page.get_by_role("button", name="Choose this life everywhere").click()
    shown.page.get_by_text("is chosen: views with this selection show it.").wait_for()
    assert view.total < len(log.events)
    shown.page.get_by_role("button", name="Show all events again").click()
    until_told(shown, f"{len(log.events)} events")
    assert (view.total, str(view.selection).splitlines()[0]) == (len(log.events), "chosen = log")
