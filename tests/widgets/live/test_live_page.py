"""A person's path through the page of a dashboard, while its log grows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from growing_orders import append, moved
from orders import HOSTILE

import workbench as wb
from workbench.events.following import Follower


@pytest.fixture
def shown(show: Callable[..., Any], follower: Follower) -> Any:
    follower.tick()
    return show(wb.widgets.Live(follower.log, follower, span="6 hours"))


def test_new_events_change_the_page_and_an_alarm_is_said_aloud(shown: Any, follower: Follower, source: Path):
    page = shown.page
    assert page.locator(".wb-where").inner_text() == "Order at 2026-01-05 06:00:00 UTC"
    assert page.locator(".wb-card-of.wb-alarm b").inner_text() == "1"
    assert page.locator(".wb-spoken").inner_text() == ""
    append(source, moved("6", 90, "cancelled", "06:30:00"))
    follower.tick()
    assert page.locator(".wb-where").inner_text() == "Order at 2026-01-05 06:30:00 UTC"
    assert page.locator(".wb-card-of.wb-alarm b").inner_text() == "2"
    assert page.locator(".wb-spoken").inner_text() == "Order 6 is cancelled"
    assert page.locator(".wb-moves tbody tr").first.inner_text().split() == [
        "06:30:00", "6", "pending", "→", "cancelled",
    ]  # fmt: skip
    assert page.locator(".wb-moves tr.wb-new").count() == 1
    shown.picture("live-light")
    page.get_by_label("changes since").select_option("5 minutes")
    assert page.locator(".wb-spoken").inner_text() == ""
    page.get_by_label("changes since").select_option("1 day")
    assert (page.locator(".wb-spoken").inner_text(), page.locator(".wb-moves tr.wb-new").count()) == ("", 0)


def test_it_is_paused_and_resumed_by_keyboard_and_by_mouse(shown: Any, follower: Follower):
    page = shown.page
    shown.root.focus()
    page.keyboard.press("p")
    page.get_by_role("button", name="Resume").wait_for()
    assert follower.state == "paused"
    assert page.locator(".wb-feed").inner_text().startswith("paused")
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("button", name="Pause").wait_for()
    assert follower.state == "following"


def test_an_aggregate_pressed_is_followed_and_escape_follows_all_again(shown: Any):
    page = shown.page
    page.get_by_role("button", name="follow Order 5").first.click()
    page.get_by_text("Order 5 at", exact=False).wait_for()
    assert page.locator(".wb-moves tbody tr").count() == 2
    assert str(shown.view.selection) == "chosen = log.of('Order', '5')"
    page.keyboard.press("Escape")
    page.get_by_text("Order at", exact=False).wait_for()
    assert page.evaluate("document.querySelector('.wb-view').contains(document.activeElement)")
    assert page.locator(".wb-moves tbody tr").count() == 15


def test_an_aggregate_that_is_not_there_is_a_sentence(shown: Any):
    shown.page.get_by_label("type", exact=True).select_option("Order")
    shown.page.get_by_label("one aggregate").fill("77")
    shown.page.get_by_label("one aggregate").press("Enter")
    shown.page.get_by_text("'77'", exact=False).wait_for()
    assert shown.page.get_by_label("one aggregate").input_value() == ""


def test_what_is_being_typed_outlasts_a_tick(shown: Any, follower: Follower, source: Path):
    shown.page.get_by_label("one aggregate").fill("4")
    append(source, moved("6", 90, "cancelled", "06:30:00"))
    follower.tick()
    shown.until("document.querySelector('.wb-where').textContent.includes('06:30')")
    assert shown.page.get_by_label("one aggregate").input_value() == "4"


def test_another_span_is_chosen(shown: Any):
    shown.page.get_by_label("changes since").select_option("5 minutes")
    shown.until("document.querySelector('.wb-total b').parentElement.textContent.includes('5 minutes')")
    assert shown.view.data()["totals"]["moves"].tolist() == [1]


def test_trouble_is_said_on_the_page(shown: Any, follower: Follower, source: Path):
    source.unlink()
    follower.tick()
    assert "is gone from" in shown.page.locator(".wb-feed").inner_text()


def test_names_from_hostile_data_are_text(shown: Any):
    assert shown.page.locator(".wb-view b b").count() == 0
    assert HOSTILE in shown.page.locator(".wb-cards").inner_text()


def test_dark_calm_and_without_a_kernel(show: Callable[..., Any], log: wb.EventLog):
    shown = show(wb.widgets.live(log, span="1 day"), dark=True, calm=True, kernel=False)
    assert shown.page.locator(".wb-where").inner_text() == "Order at 2026-01-05 06:00:00 UTC"
    assert shown.page.get_by_role("button", name="Pause").count() == 0
    assert shown.page.evaluate("getComputedStyle(document.querySelector('.wb-card-of')).animationName") == "none"
    shown.picture("live-dark")


def test_no_two_states_of_the_chart_look_the_same(show: Callable[..., Any]):
    told = [
        {
            "id": n + 1,
            "aggregate_type": "Order",
            "aggregate_id": str(n),
            "event_type": "model_created",
            "event_data": {"attributes": {"status": f"state {n % 12}"}},
            "occurred_at": f"2026-01-05 10:{n:02}:00",
        }
        for n in range(36)
    ]
    shown = show(wb.widgets.live(wb.read_events(told)))
    layers = shown.view.told["layers"]
    assert len({(one["color"], one["pattern"]) for one in layers}) == len(layers)
    fills = [one.get_attribute("fill") for one in shown.page.locator(".wb-key rect").all()]
    assert len(set(fills)) == len(layers)
    assert shown.page.locator(".wb-bars pattern").count() == sum(bool(one["pattern"]) for one in layers)
    assert shown.page.locator("figcaption").inner_text().startswith("Moves a minute by the state entered")
