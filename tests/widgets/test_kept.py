"""What a person arranged in a page is there when the page is loaded again, and in the export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from orders import MACHINE

import workbench as wb


def until(shown: Any, held: Callable[[], bool]) -> None:
    for _ in range(100):
        if held():
            return
        shown.page.wait_for_timeout(50)
    assert held()


def test_a_machine_lies_where_it_was_moved_to(show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines):
    view = wb.widgets.machine(machines, log)
    shown = show(view)
    shown.page.get_by_label("Zoom in").click()
    shown.page.get_by_label("Zoom in").focus()
    shown.page.keyboard.press("ArrowRight")
    seen = shown.page.locator("svg.wb-drawing").first.get_attribute("viewBox")
    until(shown, lambda: "camera" in view.kept)
    for again in (show(view), show(view, kernel=False)):
        assert again.page.locator("svg.wb-drawing").first.get_attribute("viewBox") == seen


def test_findings_that_were_folded_stay_folded(show: Callable[..., Any], log: wb.EventLog, tmp_path: Path):
    (tmp_path / "draft.yaml").write_text(MACHINE.replace("[pending,", "[lost, pending,"), encoding="utf-8")
    view = wb.widgets.machine(wb.read_machines(tmp_path / "draft.yaml"), log)
    shown = show(view)
    shown.page.locator("summary").click()
    until(shown, lambda: view.kept == {"findings": False})
    assert show(view).page.locator("details").get_attribute("open") is None


def test_time_goes_on_at_the_speed_and_with_the_state_that_were_chosen(show: Callable[..., Any], log: wb.EventLog):
    view = wb.widgets.time_travel(log, type="Order")
    shown = show(view)
    shown.page.get_by_label("speed").select_option("10")
    speed = shown.page.get_by_label("speed").locator("option:checked").inner_text()
    shown.page.locator("[data-state=pending]").click()
    shown.page.locator("summary").click()
    until(shown, lambda: view.kept == {"speed": 10, "state": "pending", "moves": False})
    again = show(view)
    assert again.page.get_by_label("speed").locator("option:checked").inner_text() == speed
    assert again.page.locator(".wb-facts").inner_text().startswith("pending: 1")
    assert again.page.locator(".wb-band.wb-dim").count() == again.page.locator(".wb-band").count() - 1
    assert again.page.locator("details").get_attribute("open") is None
    again.page.get_by_label("Zoom in (+)").click()
    assert again.page.get_by_label("speed").input_value() == "10"
    assert again.page.locator(".wb-band.wb-dim").count() > 0


def test_a_life_is_told_as_far_as_it_was_unfolded(show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines):
    view = wb.widgets.life(log, "Order", 1, machines)
    shown = show(view)
    shown.page.locator("summary").first.click()
    shown.page.get_by_label("speed").select_option("350")
    shown.page.get_by_role("button", name="On one event").click()
    shown.page.get_by_role("button", name="Without this event?").click()
    shown.page.get_by_role("heading", name="Without event 2").wait_for()
    until(shown, lambda: view.kept == {"list": True, "speed": "350", "without": 2})
    again = show(view)
    again.page.get_by_role("heading", name="Without event 2").wait_for()
    assert again.page.get_by_label("speed").input_value() == "350"
    assert [one.get_attribute("open") for one in again.page.locator("details").all()] == ["", None]
    again.page.keyboard.press("Tab")
    again.page.get_by_role("button", name="Back one event").click()
    until(again, lambda: view.kept["without"] == 0)


def test_who_was_lost_is_named_again(show: Callable[..., Any], log: wb.EventLog):
    view = wb.widgets.funnel_builder(log, "Order", steps=["pending", "paid"])
    shown = show(view)
    shown.page.get_by_role("button", name="2 went no further").click()
    shown.page.get_by_text("2: 5, 6").wait_for()
    again = show(view)
    again.page.get_by_text("2: 5, 6").wait_for()
    again.page.get_by_role("button", name="Begin again").click()
    until(again, lambda: view.kept["behind"] is None)
