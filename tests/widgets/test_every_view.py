"""What holds for each view: what ears are told, what keys reach, and that nothing is cut or overlaps at 200 %."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from orders import MACHINE, orders

import workbench as wb
from workbench.widgets import View

TOLD = Path(__file__).parent / "told"
VIEWS: dict[str, Callable[[wb.EventLog, wb.Machines], View]] = {
    "audit": lambda log, _: wb.widgets.audit_explorer(log),
    "funnel": lambda log, of: wb.widgets.funnel_builder(log, "Order", of, steps=["pending", "paid", "shipped"]),
    "life": lambda log, of: wb.widgets.life(log, "Order", 4, of),
    "live": lambda log, of: wb.widgets.live(log, of, span="1 day"),
    "machine": lambda log, of: wb.widgets.machine(of["OrderMachine"], log),
    "travel": lambda log, of: wb.widgets.time_travel(log, of, "Order"),
    "variants": lambda log, of: wb.widgets.variants_explorer(log, "Order", of),
}
LOOKING = Path(__file__).with_name("looking.js").read_text(encoding="utf-8")


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest, tmp_path: Path) -> View:
    (tmp_path / "order.yaml").write_text(MACHINE, encoding="utf-8")
    return VIEWS[request.param](wb.read_events(orders()), wb.read_machines(tmp_path / "order.yaml"))


def look(shown: Any, question: str) -> Any:
    return shown.page.evaluate(f"() => {LOOKING.strip()}.{question}()")


def settled(shown: Any) -> str:
    """Return what ears are told once nothing changes any more: a view may have asked for more."""
    told, before = shown.aria(), ""
    while told != before:
        shown.page.wait_for_timeout(400)
        told, before = shown.aria(), told
    return f"{told}\n"


def test_ears_are_told_what_was_read_and_kept(view: View, show: Callable[..., Any]):
    """A text that is not there is written: read it as someone does who cannot see, then keep it."""
    told, kept = settled(show(view)), TOLD / f"{view.view}.yaml"
    if not kept.exists():
        kept.write_text(told, encoding="utf-8")
    assert told == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("zoom", [1, 2])
def test_keys_reach_whatever_can_be_pressed_and_each_has_a_name(view: View, show: Callable[..., Any], zoom: int):
    shown = show(view, zoom=zoom)
    settled(shown)
    assert look(shown, "onlyForMice") == []
    stops, reached = look(shown, "stops"), set()
    for _ in range(len(stops) + 1):
        shown.page.keyboard.press("Tab")
        reached.add(look(shown, "stop"))
    assert [stop for n, stop in enumerate(stops) if n not in reached] == []
    tree = shown.page.context.new_cdp_session(shown.page).send("Accessibility.getFullAXTree")["nodes"]
    assert [node["role"]["value"] for node in tree if focusable(node) and not node["name"]["value"]] == []


def focusable(node: dict[str, Any]) -> bool:
    traits = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
    return not node["ignored"] and bool(traits.get("focusable")) and node["role"]["value"] != "RootWebArea"


@pytest.mark.parametrize(("width", "zoom"), [(1240, 1), (1240, 2), (800, 2)])
def test_nothing_is_cut_and_no_words_lie_over_others(view: View, show: Callable[..., Any], width: int, zoom: int):
    shown = show(view, width=width, zoom=zoom, calm=True)
    settled(shown)
    shown.picture(f"{view.view}-{width}-{zoom}")
    assert look(shown, "cut") == []
    assert look(shown, "overlaps") == []


def test_every_view_is_looked_at():
    assert set(VIEWS) == {one.view for one in View.__subclasses__() if one.__module__.startswith("workbench.")}


def test_each_view_stands_in_a_module_of_its_name():
    ours = [one for one in View.__subclasses__() if one.__module__.startswith("workbench.")]
    assert {one.view: one.__module__ for one in ours} == {name: f"workbench.widgets.{name}_view" for name in VIEWS}
