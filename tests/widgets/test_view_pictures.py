"""Every view of the sample shop and its still, light and dark, wide and narrow: pictures, in which nothing is cut."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
STEPS = ["pending", "confirmed", "fulfilled"]
VIEWS: dict[str, Callable[[wb.EventLog, wb.Machines], wb.widgets.View]] = {
    "audit": lambda log, _: wb.widgets.audit_explorer(log, type="Order"),
    "funnel": lambda log, machines: wb.widgets.funnel_builder(log, "Order", machines, steps=STEPS),
    "funnel-by": lambda log, _: wb.widgets.funnel_builder(log, "Order", steps=STEPS, by="attributes.country"),
    "life": lambda log, machines: wb.widgets.life(log, "Order", 42, machines=machines),
    "live": wb.widgets.live,
    "machine": lambda log, machines: wb.widgets.machine(machines["OrderStateMachine"], log.of("Order")),
    "time-travel": lambda log, machines: wb.widgets.time_travel(log, machines, "SmartDevice"),
    "variants": lambda log, machines: wb.widgets.variants_explorer(log, "Order", machines),
}
LOOKING = Path(__file__).with_name("looking.js").read_text(encoding="utf-8").strip()
WRONG = f"() => {{ const look = {LOOKING}; return [...look.cut(), ...look.overlaps()]; }}"
STILL = (
    "(still) => { const main = document.querySelector('main'); main.innerHTML = still; main.className = 'wb-view'; }"
)

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def log() -> wb.EventLog:
    return wb.read_events(ROOT / "sample_events" / "shop.ndjson")


@pytest.fixture(scope="module")
def machines() -> wb.Machines:
    return wb.read_machines(ROOT / "machines")


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_and_its_still_can_be_read_light_and_dark(
    name: str, show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines
):
    view = VIEWS[name](log, machines)
    found = {}
    for dark in (False, True):
        for width in (1240, 700):
            mark = f"{name}-{width}-{'dark' if dark else 'light'}"
            shown = show(view, dark=dark, width=width)
            shown.page.wait_for_timeout(700)
            shown.picture(f"views/{mark}")
            found[mark] = shown.page.evaluate(WRONG)
            shown.page.evaluate(STILL, view.static_html())
            shown.picture(f"views/{mark}-still")
            found[f"{mark} still"] = shown.page.evaluate(WRONG)
    assert {mark: said for mark, said in found.items() if said} == {}
