"""Every view in JupyterLab: walked by hand and keys, the same once the page is loaded again, alive in a busy kernel."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

Act = Callable[[Any], None]

BEGIN = """import workbench as wb
log = wb.read_events("../sample_events/shop.ndjson")
machines = wb.read_machines("../machines/")"""
BUSY = """import time, pathlib
seen, enough = {view.instant}, pathlib.Path("enough")
for _ in range(3000):
    time.sleep(0.02)
    seen.add(view.instant)
    if enough.exists() and enough.read_text() == f"{view.instant:%Y-%m-%d %H:%M}":
        break
print(f"{len(seen)} instants, the last {view.instant:%Y-%m-%d %H:%M:%S}")"""
STRAY = ("a", "x", "ArrowUp", "j", "z", "d", "d")  # in a notebook: new cell, cut, other cell, undo, delete
CELLS = """() => {
    const {widgets, activeCellIndex} = window.jupyterapp.shell.currentWidget.content;
    return [widgets.length, activeCellIndex];
}"""

pytestmark = pytest.mark.soak


def press(role: str, name: str | re.Pattern[str], **which: Any) -> Act:
    """Return a click on a control."""
    return lambda view: view.get_by_role(role, name=name, **which).first.click()


def keys(role: str, name: str | re.Pattern[str], *pressed: str) -> Act:
    """Return keys pressed on a control, or on the view itself."""

    def act(view: Any) -> None:
        (view.get_by_role(role, name=name).first if role else view).focus()
        for key in pressed:
            view.page.keyboard.press(key)

    return act


def drag(role: str, since: float, until: float) -> Act:
    """Return a hand that drags along a control, from one share of its width to another."""

    def act(view: Any) -> None:
        control = view.get_by_role(role).first
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        across = box["y"] + box["height"] / 2
        view.page.mouse.move(box["x"] + since * box["width"], across)
        view.page.mouse.down()
        view.page.mouse.move(box["x"] + until * box["width"], across, steps=8)
        view.page.mouse.up()

    return act


@dataclass(frozen=True)
class Walk:
    """A person's way through a view: what its cell says, what it is called, and each act with what is then seen."""

    cell: str
    name: str
    steps: tuple[tuple[Act, str], ...]


WALKS = {
    "audit": Walk(
        "wb.widgets.audit_explorer(log)",
        "Audit trail",
        (
            (keys("combobox", "any type", "o"), "2,608 events, from 1 to 18"),
            (keys("combobox", "any state", "ArrowDown"), "events, from 1 to 18"),
            (press("button", "Newest first"), ""),
            (keys("grid", "events", "PageDown"), "Order 882"),
            (lambda view: view.get_by_role("row").nth(3).click(), "What event"),
        ),
    ),
    "funnel": Walk(
        'wb.widgets.funnel_builder(log, "Order", machines)',
        "Funnel of Order",
        (
            (press("button", re.compile("^pending")), "1. pending"),
            (keys("button", re.compile("^confirmed"), "Enter"), "got from pending to confirmed"),
            (keys("combobox", "add a state", "f"), "got from pending to fulfilled"),
            (keys("button", "Move fulfilled earlier", "Enter"), "2. fulfilled"),
            (lambda view: view.get_by_label("within", exact=True).fill("7 days"), ""),
            (keys("textbox", "within", "Enter"), ""),
            (press("button", "Leave confirmed out"), ""),
        ),
    ),
    "life": Walk(
        'wb.widgets.life(log, "Order", 42, machines)',
        "Life of Order 42",
        (
            (press("button", "On one event"), "event 2 of 4"),
            (keys("slider", "events of Order 42", "b"), ""),
            (keys("slider", "events of Order 42", "End"), "event 4 of 4"),
            (drag("slider", 0.9, 0.6), "event 3 of 4"),
        ),
    ),
    "live": Walk(
        'wb.widgets.live("../sample_events/shop.ndjson", machines, span="7 days")',
        "Live dashboard",
        (
            (keys("", "", "p"), "paused"),
            (keys("combobox", "type", "o"), ""),
            (press("button", re.compile("^follow ")), ""),
            (keys("combobox", "changes since", "ArrowUp"), "in the last day"),
        ),
    ),
    "machine": Walk(
        'wb.widgets.machine(machines["OrderStateMachine"], log)',
        "Machine OrderStateMachine",
        (
            (press("button", re.compile("^confirmed")), "State confirmed"),
            (keys("button", re.compile("^fulfilled"), "Enter"), "State fulfilled"),
            (keys("combobox", "a state or transition", "ArrowDown"), "State cancelled"),
            (keys("button", "Hide what the log did", " "), "Show what the log did"),
        ),
    ),
    "travel": Walk(
        'wb.widgets.time_travel(log, machines, "Order")',
        "Order · status over time",
        (
            (drag("slider", 0.8, 0.5), "The last 20 moves up to 2026-02"),
            (keys("slider", "instant", "Home"), "Nobody had moved yet"),
            (keys("slider", "instant", "Shift+ArrowRight"), "The last move up to"),
            (press("button", "Zoom in (+)"), ""),
            (press("button", re.compile("^Only Order")), "Order 1 "),
            (keys("slider", "instant", "Shift+ArrowRight"), "The last 2 moves up to"),
        ),
    ),
    "variants": Walk(
        'wb.widgets.variants_explorer(log, "Order", machines)',
        "Variants of Order",
        (
            (press("option", re.compile("happy path")), "lives are chosen"),
            (keys("option", re.compile("happy path"), "ArrowDown", "Enter"), "85 lives are chosen"),
            (lambda view: view.get_by_label("only ways through").fill("cancel"), ""),
            (keys("combobox", "fitting", "ArrowDown"), ""),
        ),
    ),
}


def until(found: Callable[[], Any], wanted: Callable[[Any], bool], page: Any) -> Any:
    """Return what is found once it is what is wanted; else, after a while, whatever it is then."""
    for _ in range(150):
        if wanted(told := found()):
            break
        page.wait_for_timeout(100)
    return told


@pytest.mark.parametrize("name", WALKS)
def test_it_follows_hand_and_keys_and_stands_where_it_stood_when_the_page_is_loaded_again(sync_api, notebook, name):
    walk = WALKS[name]
    shown = notebook(f"{name}.ipynb", BEGIN, f"view = {walk.cell}\nview")
    shown.run_all()
    page, view = shown.page, shown.page.get_by_role("region", name=walk.name, exact=True)
    for act, seen in walk.steps:
        before = view.aria_snapshot()
        act(view)
        assert until(view.aria_snapshot, lambda told, was=before: told != was, page) != before, f"then: {seen}"
        sync_api.expect(view).to_contain_text(seen)
    view.get_by_role("button").first.focus()
    for key in STRAY:
        page.keyboard.press(key)
    assert page.evaluate(CELLS) == [2, 1], "a key pressed in the view changed the notebook, or left the cell"
    shown.picture(f"view_{name}")
    kept = settled(view)
    shown.reload()
    assert until(lambda: settled(view), lambda told: told == kept, page) == kept
    assert (shown.errors, shown.strangers) == ([], [])


def settled(view: Any) -> str:
    """Return what is told of a view, but for its passing words and where the keyboard is."""
    view.page.evaluate("() => document.activeElement?.blur()")
    return re.sub(r" \[active\]", "", str(view.aria_snapshot()))


def test_time_is_travelled_while_another_cell_runs(sync_api, notebook, lab):
    shown = notebook("busy.ipynb", BEGIN, 'view = wb.widgets.time_travel(log, machines, "Order")\nview', BUSY)
    shown.begin(0)
    shown.begin(1)
    view = shown.page.get_by_role("region", name="Order · status over time")
    clock, moves = view.get_by_role("status").first, view.locator("summary")
    sync_api.expect(moves).to_contain_text("The last 20 moves", timeout=60_000)
    shown.begin(2)
    sync_api.expect(shown.prompt(2)).to_contain_text("*")
    before = clock.text_content()
    drag("slider", 0.8, 0.5)(view)
    sync_api.expect(moves).to_contain_text("up to 2026-02")
    keys("slider", "instant", "Shift+ArrowLeft", "ArrowLeft", "ArrowLeft")(view)
    shown.page.wait_for_timeout(300)
    told = until(clock.text_content, lambda text: text[:16] in moves.text_content(), shown.page)
    assert told != before
    sync_api.expect(shown.prompt(2)).to_contain_text("*")
    (lab.folder / "enough").write_text(told[:16], encoding="utf-8")
    last = shown.page.locator(".jp-OutputArea-output", has_text="instants, the last")
    sync_api.expect(last).to_contain_text(told[:16], timeout=90_000)
    assert int(last.text_content().split()[0]) > 3
    assert (shown.errors, shown.strangers) == ([], [])
