"""Time travel: its counts are those of `state_at`, and hands, keys and Python move through them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import workbench as wb
from workbench.errors import LogError, UnknownNameError
from workbench.instants import instant
from workbench.widgets.bins import MICROSECOND, bins, stride_for

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


@pytest.fixture(scope="module")
def log(sample_events) -> wb.EventLog:
    return wb.read_events(sample_events / "shop.ndjson")


@pytest.fixture(scope="module")
def machines(root) -> wb.Machines:
    return wb.read_machines(root / "machines")


@pytest.fixture
def devices(log, machines) -> wb.widgets.TimeTravel:
    view = wb.widgets.time_travel(log, machines, "SmartDevice")
    view.instant = "2026-02-10 12:00"
    return view


def moved(*lines: tuple[int, str | None, str, str], type: str = "Order") -> wb.EventLog:
    """Return a log of moves: aggregate, from, to, time."""
    rows = [
        {
            "id": number,
            "aggregate_type": type,
            "aggregate_id": aggregate,
            "event_type": "state_transitioned",
            "event_data": {"from_state": source, "to_state": target} if source else {"to_state": target},
            "occurred_at": time,
        }
        for number, (aggregate, source, target, time) in enumerate(lines, 1)
    ]
    return wb.read_events(rows, mapping="event_store")


def test_the_counts_at_an_edge_are_those_of_state_at(log):
    orders = log.of("Order")
    states, pairs = ["pending", "confirmed", "cancelled", "fulfilled"], [("confirmed", "cancelled")]
    found = bins(orders, "status", (instant("2026-01-20 10:13"), instant("2026-02-20")), states, pairs)
    for edge in range(0, found.edges, 97):
        told = dict(wb.state_distribution(orders, found.at(edge)).select("state, aggregates").fetchall())
        assert {s: int(n) for s, n in zip(states, found.population[edge], strict=True) if n} == told
    first, last = found.at(0) + MICROSECOND, found.at(found.edges - 1) + MICROSECOND
    moves = wb.transition_counts(orders, since=first, before=last)
    (times,) = moves.filter("from_state = 'confirmed' AND to_state = 'cancelled'").select("times").fetchall()
    assert (int(found.passed[-1, 0]),) == times


def test_data_is_what_the_questions_answer(log, devices):
    devices.instant = "2026-02-10 12:34:56.789"
    shown = devices.data()
    told = wb.state_distribution(log.of("SmartDevice"), shown["instant"]).select("state, aggregates, share")
    there = shown["states"][shown["states"]["aggregates"] > 0]
    assert set(there.itertuples(index=False, name=None)) == set(told.fetchall())
    since, before = shown["traffic_since"] + MICROSECOND, shown["instant"] + MICROSECOND
    taken = wb.transition_counts(log.of("SmartDevice"), since=since, before=before)
    counted = shown["traffic"][shown["traffic"]["times"] > 0][["from_state", "to_state", "times"]]
    assert set(counted.itertuples(index=False, name=None)) == set(
        taken.select("from_state, to_state, times").fetchall()
    )
    assert len(shown["moves"]) == 20
    assert shown["moves"]["entered_at"].max() <= shown["instant"]


def test_the_moves_around_an_instant_lead_from_it_to_the_next():
    """Two moves at one instant are shown together, as `state_at` knows both or none."""
    log = moved(
        (1, None, "a", "2026-01-01 10:00"),
        (2, None, "a", "2026-01-01 10:00"),
        (1, "a", "b", "2026-01-01 11:00"),
        (2, "a", "c", "2026-01-01 11:00"),
        (1, "b", "c", "2026-01-01 12:00"),
    )
    view = wb.widgets.time_travel(log)
    near = view._near(instant("2026-01-01 11:00"), 2)
    assert [state["name"] for state in view.states] == ["a", "b", "c"]
    assert (near["population"], near["from"], near["to"]) == ([0, 1, 1], [0, 0, 1], [1, 2, 2])
    assert near["lo"] == near["times"][0]
    assert near["hi"] is None


def test_no_count_is_too_much_for_the_wire():
    for columns in (1, 6, 21, 60, 270, 550):
        for span in (timedelta(), timedelta(seconds=3), timedelta(days=90), timedelta(days=365 * 9000)):
            start = instant("0900-01-01")
            stride = stride_for(start, start + span, columns)
            edges = span // (stride * MICROSECOND) + 3
            assert 4 * columns * edges <= 125_000
            assert span / (stride * MICROSECOND) >= 8 or stride == 1 or not span


def test_a_view_is_small_on_the_wire(log, machines):
    for type in log.types:
        view = wb.widgets.time_travel(log, machines, type)
        view.answer({"near": view.playhead})
        state = view.get_state()
        raw = len(state.pop("counts"))
        assert raw + len(json.dumps(state, default=str).encode()) < 250_000


def test_what_only_history_knows_is_told(log, machines):
    traffic = wb.widgets.time_travel(log, machines, "Order").data()["traffic"]
    off = traffic[~traffic["declared"]][["from_state", "to_state"]]
    assert set(off.itertuples(index=False, name=None)) == {("pending", "fulfilled")}


def test_nobody_ever_in_a_state_is_a_sentence(log):
    nothing = wb.read_events([{"id": 1, "aggregate_type": "Note", "aggregate_id": 1, "event_type": "written",
                               "event_data": {}, "occurred_at": "2026-01-01"}], mapping="event_store")  # fmt: skip
    view = wb.widgets.time_travel(nothing, type="Note")
    assert view.sentence == "No Note was ever in a state: there is no time to travel through."
    with pytest.raises(LogError, match="No Note was ever in a state"):
        view.data()
    with pytest.raises(LogError, match="no life of this log was ever in a state"):
        wb.widgets.time_travel(nothing)
    with pytest.raises(UnknownNameError, match="did you mean 'Order'"):
        wb.widgets.time_travel(log, type="Ordre")
    with pytest.raises(UnknownNameError, match="did you mean 'status'"):
        wb.widgets.time_travel(log, type="Order", field="statsu")


def test_views_and_python_follow_one_instant(log, machines):
    chosen = wb.widgets.selection(log)
    one = wb.widgets.time_travel(log, machines, "Order", selection=chosen)
    other = wb.widgets.time_travel(log, machines, "SmartDevice", selection=chosen)
    one.set_state({"playhead": 1770000000000000})
    assert other.instant == chosen.instant == one.instant == instant("2026-02-02 02:40")
    chosen.choose(type="Order", states=("cancelled",))
    assert set(one.data()["states"]["aggregates"]) != {0}
    assert one.data()["states"]["aggregates"].sum() <= 120


# --- in a browser


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


def test_a_log_of_one_instant_is_seen_by_the_second():
    row = {"id": 1, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "model_created"}
    row |= {"event_data": {"attributes": {"status": "new"}}, "occurred_at": "2026-01-05 10:00:00"}
    view = wb.widgets.time_travel(wb.read_events([row]))
    assert (view.stride, view.last - view.first) == (1_000_000, 1_000_000)
    assert view.data()["states"]["aggregates"].tolist() == [1]
