"""Hands, keys and pages move time travel, and what is shown is true."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from travelled import moved

import workbench as wb

CLOCK = "(text) => document.querySelector('.wb-clock').textContent === text"
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "a --> b; %%{init}%%",
    "\u202egnp.exe",
    "מצב בתשלום",
    "long " * 2000,
    "${alert(3)}`",
    "\u2028\u0000\x07",
]


def test_a_hand_scrubs_and_what_is_shown_is_true(devices, show):
    shown = show(devices)
    box = shown.page.locator(".wb-scrub").bounding_box()
    at = (box["x"] + 0.3 * box["width"], box["y"] + 40)
    shown.page.mouse.move(*at)
    shown.page.mouse.down()
    shown.page.mouse.move(at[0] + 80, at[1], steps=8)
    shown.page.mouse.up()
    shown.until("() => document.querySelector('.wb-last summary').textContent.includes('The last 20 moves')")
    shown.until("() => !document.querySelector('.wb-stale')")
    assert shown.page.locator(".wb-clock").text_content() == f"{devices.instant:%Y-%m-%d %H:%M} UTC"
    for state, aggregates, _ in devices.data()["states"].itertuples(index=False):
        assert shown.page.get_by_role("button", name=f"{state} {aggregates}", exact=True).count() == 1
    first = devices.data()["moves"].iloc[0]
    row = shown.page.locator(".wb-moves li").first.text_content()
    assert f"{first.entered_at:%H:%M:%S}" in row
    assert f"{first.from_state} → {first.to_state}" in row


def test_keys_step_from_move_to_move_and_to_the_ends(log, devices, show):
    shown = show(devices)
    shown.page.locator(".wb-scrub").focus()
    moves = log.of("SmartDevice").sql(
        "SELECT DISTINCT entered_at FROM moves WHERE entered_at > '2026-02-10 12:00' ORDER BY 1 LIMIT 3"
    )
    for (at,) in moves.fetchall():
        shown.page.keyboard.press("Shift+ArrowRight")
        shown.until(CLOCK, f"{at:%Y-%m-%d %H:%M:%S} UTC")
        assert devices.instant == at
        assert shown.page.locator(".wb-scrub").get_attribute("aria-valuetext").startswith(f"{at:%Y-%m-%d %H:%M:%S}")
    shown.page.keyboard.press("Shift+ArrowLeft")
    shown.until("(text) => document.querySelector('.wb-clock').textContent < text", f"{at:%Y-%m-%d %H:%M:%S} UTC")
    shown.page.keyboard.press("Home")
    shown.until("() => document.querySelector('.wb-scrub').ariaValueNow === '0'")
    shown.page.keyboard.press("ArrowRight")
    shown.until("() => document.querySelector('.wb-scrub').ariaValueNow === '1'")
    shown.page.keyboard.press("End")
    shown.until("(last) => document.querySelector('.wb-scrub').ariaValueNow === last", str(devices.edges - 1))
    shown.page.keyboard.press("Shift+ArrowRight")
    shown.until("() => document.querySelector('.wb-said').textContent === 'No move comes after this one.'")


def test_it_plays_and_stops(devices, show):
    shown = show(devices)
    before = devices.instant
    shown.page.locator(".wb-scrub").focus()
    shown.page.keyboard.press("Space")
    shown.page.get_by_role("button", name="Pause").wait_for()
    clock = shown.page.locator(".wb-clock").text_content()
    shown.until("(was) => document.querySelector('.wb-clock').textContent > was", clock)
    assert shown.page.locator(".wb-dots circle[visibility=visible]").count() > 0
    shown.page.keyboard.press("Space")
    shown.page.get_by_role("button", name="Play").wait_for()
    shown.until("() => !document.querySelector('.wb-stale')")
    assert devices.instant > before


def test_nothing_moves_where_motion_is_unwanted(devices, show):
    shown = show(devices, calm=True)
    shown.page.get_by_role("button", name="Play").click()
    shown.until("(was) => document.querySelector('.wb-clock').textContent > was", "2026-02-10 12:00 UTC")
    assert shown.page.locator(".wb-dots circle[visibility=visible]").count() == 0


def test_a_range_is_zoomed_into_and_counted_again(devices, show):
    shown = show(devices)
    whole = devices.stride
    box = shown.page.locator(".wb-axis-place").bounding_box()
    shown.page.mouse.move(box["x"] + 300, box["y"] + 10)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + 360, box["y"] + 10, steps=4)
    shown.page.mouse.up()
    shown.until("(was) => window.workbenchModels[0].get('stride') < was", whole)
    since, until = devices.window
    assert devices.stride < whole
    assert devices.start <= since < until <= devices.start + devices.edges * devices.stride
    shown.page.keyboard.press("+")
    shown.until(
        "(was) => { const [a, b] = window.workbenchModels[0].get('window'); return b - a < was; }", until - since
    )
    shown.page.keyboard.press("0")
    shown.until("(was) => window.workbenchModels[0].get('stride') === was", whole)
    assert devices.window == []


def test_a_state_is_looked_at_and_chosen_for_all_views(devices, show):
    shown = show(devices)
    shown.page.get_by_role("button", name=re.compile("^error ")).click()
    shown.page.get_by_text("came from another state").wait_for()
    shown.page.get_by_role("button", name="Only lives that were in error").click()
    shown.page.locator(".wb-chip", has_text="was in error").wait_for()
    assert str(devices.selection).startswith("chosen = log.of('SmartDevice').where(through='error')")
    chosen = devices.data()["states"]["aggregates"].sum()
    shown.page.locator(".wb-chip button").click()
    shown.until("() => !document.querySelector('.wb-chip')")
    assert devices.selection.states == ()
    assert 0 < chosen < devices.data()["states"]["aggregates"].sum()


def test_python_moves_the_playhead(devices, show):
    shown = show(devices)
    devices.instant = "2026-02-20 08:00"
    shown.until(CLOCK, "2026-02-20 08:00 UTC")


@pytest.mark.parametrize("dark", [False, True])
def test_it_is_shown_in_light_and_dark(log, machines, devices, show, dark):
    shown = show(devices, dark=dark)
    shown.until("() => document.querySelectorAll('.wb-moves li').length === 20")
    colors = shown.page.evaluate(
        "() => { const s = getComputedStyle(document.querySelector('.wb-view')); return [s.backgroundColor, s.color]; }"
    )
    light, ink = (sum(map(int, re.findall(r"\d+", color)[:3])) for color in colors)
    assert (light < ink) is dark
    orders = show(wb.widgets.time_travel(log, machines, "Order"), dark=dark)
    orders.until("() => document.querySelectorAll('.wb-moves li').length === 20")


@pytest.mark.soak
@pytest.mark.parametrize("dark", [False, True])
def test_pictures_are_taken_of_each_type_at_each_size(log, machines, show, dark):
    for type in log.types:
        for width, zoom in ((1240, 1), (1240, 2), (620, 1)):
            view = wb.widgets.time_travel(log, machines, type)
            view.instant = "2026-02-10 12:00"
            shown = show(view, dark=dark, width=width, zoom=zoom)
            shown.until("() => document.querySelectorAll('.wb-moves li').length > 0")
            shown.picture(f"time-travel-{type}-{width}-{zoom}{'-dark' if dark else ''}")
            assert shown.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_the_slider_says_what_eyes_see_at_its_instant(log, machines, show):
    view = wb.widgets.time_travel(log, machines, "Order")
    view.instant = "2026-02-01"
    shown = show(view)
    shown.until("() => document.querySelectorAll('.wb-moves li').length === 20")
    said = shown.page.get_by_role("slider").get_attribute("aria-valuetext")
    assert said == "2026-02-01 00:00 UTC: pending 8, confirmed 26, fulfilled 263, cancelled 50"


def test_its_page_opens_from_a_file_without_kernel_or_network(log, machines, show, tmp_path):
    for type in log.types:
        path = wb.widgets.time_travel(log, machines, type).export_html(tmp_path / "page.html")
        assert path.stat().st_size < 500_000
    view = wb.widgets.time_travel(log, machines, "Order")
    view.instant = "2026-02-01"
    shown = show(view, kernel=False)
    shown.until(CLOCK, "2026-02-01 00:00 UTC")
    shown.page.locator(".wb-scrub").focus()
    shown.page.keyboard.press("Shift+ArrowRight")
    entered = "SELECT least(coalesce(entered_at, began_at), known_at) AS entered FROM moves"
    orders = log.of("Order")
    ((next_move,),) = orders.sql(f"SELECT min(entered) FROM ({entered}) WHERE entered > '2026-02-01'").fetchall()
    shown.until(CLOCK, f"{next_move:%Y-%m-%d %H:%M:%S} UTC")
    shown.page.keyboard.press("Home")
    shown.until("() => document.querySelector('.wb-scrub').ariaValueNow === '0'")
    shown.page.keyboard.press("+")
    shown.until("() => document.querySelector('.wb-overview').hidden === false")


@pytest.mark.parametrize("kernel", [True, False])
def test_hostile_names_are_text(show, kernel):
    log = moved(*((n, None, name, f"2026-01-01 10:{n:02}") for n, name in enumerate(HOSTILE)), type="<b>Order")
    view = wb.widgets.time_travel(log)
    shown = show(view, kernel=kernel)
    if kernel:
        shown.until("(n) => document.querySelectorAll('.wb-moves li').length === n", len(HOSTILE))
    active = (
        "() => document.querySelectorAll('.wb-view :is(script, img, iframe, a, b, [onerror], foreignObject)').length"
    )
    assert shown.page.evaluate(active) == 0
    assert shown.page.locator(".wb-title").text_content() == "<b>Order · status"
    texts = shown.page.evaluate("() => [...document.querySelectorAll('.wb-state-name')].map((one) => one.textContent)")
    assert "<img src=x onerror=alert(1)>" in texts
    assert all(len(text) <= 30 for text in texts)
    assert shown.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_too_many_states_to_draw_are_a_table(show):
    log = moved(*((n, None, f"state {n}", f"2026-01-01 {n // 60:02}:{n % 60:02}") for n in range(160)))
    view = wb.widgets.time_travel(log)
    shown = show(view)
    assert view.drawing is None
    shown.page.get_by_role("table").wait_for()
    assert shown.page.get_by_role("row").count() == 161
    assert shown.page.get_by_role("row", name="state 159 1", exact=False).count() == 1


def test_another_type_or_state_field_is_a_choice(log, machines, show):
    view = wb.widgets.time_travel(log, machines)
    shown = show(view)
    shown.page.get_by_label("type and state field").select_option("SmartDevice · status")
    shown.page.get_by_role("button", name=re.compile("^maintenance ")).wait_for()
    assert view.type == "SmartDevice"
    assert set(view.data()["states"]["state"]) >= {"offline", "online"}


def test_another_type_is_turned_to_whatever_was_chosen_of_this_one(show: Callable[..., Any]):
    told = [
        {
            "id": n + 1,
            "aggregate_type": type,
            "aggregate_id": "1",
            "event_type": "model_created",
            "event_data": {"attributes": {"status": state}},
            "occurred_at": f"2026-01-05 10:0{n}:00",
        }
        for n, (type, state) in enumerate([("Order", "pending"), ("Device", "online")])
    ]
    view = wb.widgets.time_travel(wb.read_events(told))
    shown = show(view)
    view.selection.choose(type=view.type, states=["pending" if view.type == "Order" else "online"])
    other = "Device" if view.type == "Order" else "Order"
    shown.page.locator(".wb-chip").wait_for()
    shown.page.get_by_label("type and state field").select_option(f"{other} · status")
    shown.page.locator("[data-state]", has_text="online" if other == "Device" else "pending").wait_for()
    assert (view.type, str(view.selection).splitlines()[0]) == (other, f"chosen = log.of('{other}')")
    assert view.data()["states"]["aggregates"].sum() == 1
    assert shown.page.get_by_label("type and state field").locator("option:checked").inner_text() == f"{other} · status"
