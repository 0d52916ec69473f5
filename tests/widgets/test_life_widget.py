"""One order in three events, stepped through by Python and in a page: what the view says and what it shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

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


def test_it_begins_at_the_first_event_and_says_what_it_shows(log: wb.EventLog):
    shown = wb.widgets.life(log, "Order", 42).data()
    names = {"type", "aggregate_id", "place", "places", "event_type", "state", "set_by"}
    assert {key: shown[key] for key in names} == {
        "type": "Order",
        "aggregate_id": "42",
        "place": 1,
        "places": 3,
        "event_type": "model_created",
        "state": "pending",
        "set_by": {"id": 1, "status": 1, "total": 1},
    }


def test_moving_shows_what_that_event_changed_and_who_set_the_rest(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    life.place = 2
    assert life.data()["changed"] == {"note": (None, HOSTILE), "total": (10, 12)}
    assert life.data()["set_by"] == {"id": 1, "status": 1, "total": 2, "note": 2}
    assert life.data()["actor"] == "3"
    life.place = 3
    assert (life.data()["state_before"], life.data()["state"]) == ("pending", "paid")


def test_a_step_moves_the_instant_of_all_views_and_follows_it(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    life = wb.widgets.life(log, "Order", 42, selection=chosen)
    life.place = 2
    assert str(chosen.instant) == "2026-01-05 10:05:00"
    chosen.instant = "2026-01-05 10:08"
    assert life.place == 2
    chosen.instant = "2026-01-06"
    assert life.place == 3
    assert str(chosen.instant) == "2026-01-06 00:00:00"


def test_a_place_outside_the_life_is_refused_in_a_sentence(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    with pytest.raises(WorkbenchError, match="no place 4 in this life: it has places 1 to 3"):
        life.place = 4


def test_an_aggregate_that_is_not_there_is_refused(log: wb.EventLog):
    with pytest.raises(WorkbenchError, match="43"):
        wb.widgets.life(log, "Order", 43)


def test_the_log_can_be_used_and_closed_beside_it(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    log.close()
    life.place = 3
    assert life.data()["state"] == "paid"


def test_a_long_life_leaves_what_is_too_much_to_be_asked_for(tmp_path: Path):
    long = [event(n, 0, "model_updated", {"new_attributes": {"note": f"{n} " + "x" * 2000}}) for n in range(2, 202)]
    (tmp_path / "long.ndjson").write_text("\n".join([EVENTS[0], *long]) + "\n", encoding="utf-8")
    life = wb.widgets.life(wb.read_events(tmp_path / "long.ndjson"), "Order", 42)
    assert len(life.events) == 201
    assert len(life.told) < 100
    assert len(json.dumps(life.get_state(), default=str)) < 250_000
    assert life.answer({"what": "details", "place": 201})["changed"][0][2].startswith("201 ")


def test_without_the_event_the_life_is_run_again(sample_events: Path):
    log = wb.read_events(sample_events / "shop.ndjson")
    life = wb.widgets.life(log, "Order", 42, wb.read_machines("machines/"))
    told = [life.answer({"what": "without", "place": place})["sentences"] for place in (2, 3, 4)]
    assert [sentences[0] for sentences in told] == [
        "It would have gone another way, to the same state.",
        "Its way through the states would be the same.",
        "It would stand in confirmed, not in cancelled.",
    ]
    assert told[2][1:] == ["The machine would refuse no move.", "1 move hangs on a guard; guards are not evaluated."]
    alone = wb.widgets.life(log, "Order", 42).answer({"what": "without", "place": 4})
    assert alone["sentences"] == ["It would stand in confirmed, not in cancelled."]


def test_where_nothing_runs_its_moment_is_still_shown(log: wb.EventLog):
    life = wb.widgets.life(log, "Order", 42)
    life.place = 2
    still = life._repr_mimebundle_()[0]["text/html"]
    assert 'data-place="2" data-state="pending"' in still
    assert HOSTILE not in still
    assert "&lt;script&gt;" in still
    assert repr(life) == "<Life: Order 42>"


@pytest.fixture
def shown(show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines) -> Any:
    return show(wb.widgets.life(log, "Order", 42, machines))


def said(shown: Any) -> str:
    return str(shown.page.locator(".wb-facts").inner_text())


def test_buttons_and_keys_walk_the_life_and_stop_at_both_ends(shown: Any):
    shown.page.get_by_label("On one event").click()
    assert said(shown).startswith("event 2 of 3")
    assert shown.view.place == 2
    slider = shown.page.get_by_role("slider")
    slider.focus()
    for key, place in (("ArrowRight", 3), ("ArrowRight", 3), ("Home", 1), ("ArrowLeft", 1), ("End", 3)):
        shown.page.keyboard.press(key)
        assert slider.get_attribute("aria-valuenow") == str(place)
    assert shown.view.place == 3
    assert slider.get_attribute("aria-valuetext") == "event 3 of 3, state_transitioned, paid"
    assert shown.page.locator("[data-state=paid]").get_attribute("data-now") == ""


def test_the_lane_is_scrubbed_with_the_mouse(shown: Any):
    box = shown.page.get_by_role("slider").bounding_box()
    shown.page.mouse.move(box["x"] + 5, box["y"] + 10)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 10)
    shown.page.mouse.up()
    assert shown.view.place == 2


def test_python_moves_the_page(shown: Any):
    shown.view.place = 3
    shown.until("() => document.querySelector('.wb-facts').textContent.startsWith('event 3')")
    assert shown.page.locator(".wb-where").inner_text().split() == ["Order", "42", "pending", "→", "paid"]


def test_it_plays_to_the_end_and_pauses(shown: Any):
    shown.page.get_by_label("speed").select_option("350")
    shown.page.get_by_label("Play").click()
    shown.until("() => document.querySelector('.wb-facts').textContent.startsWith('event 3')")
    assert shown.page.get_by_label("Play").is_visible()


def test_a_bookmark_and_a_jump(shown: Any):
    jump = shown.page.get_by_label("go to place")
    jump.fill("2")
    jump.press("Enter")
    assert shown.view.place == 2
    shown.page.get_by_label("Bookmark this moment").click()
    assert shown.view.bookmarks == [2]
    assert shown.page.locator(".wb-tick.wb-marked").count() == 1
    jump.fill("9")
    jump.press("Enter")
    assert "There is no place 9" in shown.page.locator(".wb-said").inner_text()


def test_what_set_a_value_is_one_press_away(shown: Any):
    shown.view.place = 3
    shown.page.get_by_role("button", name="event 1").first.focus()
    shown.page.keyboard.press("Enter")
    assert said(shown).startswith("event 1")
    shown.page.keyboard.press("ArrowRight")  # though what was pressed is gone, keys still move along the life
    assert said(shown).startswith("event 2")
    assert shown.page.locator(".wb-diff").inner_text().count(HOSTILE) == 1


def test_without_this_event_says_a_sentence(shown: Any):
    shown.page.get_by_role("button", name="On one event").click()
    shown.page.get_by_role("button", name="Without this event?").click()
    shown.page.get_by_role("heading", name="Without event 2").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_the_exported_page_steps_without_a_kernel(
    show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines, *, dark: bool
):
    shown = show(wb.widgets.life(log, "Order", 42, machines), kernel=False, dark=dark)
    shown.page.get_by_role("slider").focus()
    shown.page.keyboard.press("End")
    assert said(shown).startswith("event 3 of 3")
    shown.picture(f"life-{'dark' if dark else 'light'}")


def test_the_drawing_is_scrolled_to_where_the_life_stands(show: Callable[..., Any]):
    states = [f"a_state_with_a_long_name_{n}" for n in range(14)]
    told = [
        {
            "id": n + 1,
            "aggregate_type": "Order",
            "aggregate_id": "1",
            "event_type": "state_transitioned",
            "event_data": {"from_state": before, "to_state": state},
            "occurred_at": f"2026-01-05 10:{n:02}:00",
        }
        for n, (before, state) in enumerate(pairwise(states))
    ]
    shown = show(wb.widgets.life(wb.read_events(told), "Order", 1))
    wide = shown.page.locator(".wb-wide").bounding_box()
    shown.page.get_by_role("slider").focus()
    shown.page.keyboard.press("End")
    shown.page.wait_for_timeout(100)
    box = shown.page.locator(f"[data-state={states[-1]}] .wb-edge").bounding_box()
    assert wide["x"] <= box["x"] <= wide["x"] + wide["width"] - box["width"]


def test_without_a_machine_no_column_stands_empty(show: Callable[..., Any], log: wb.EventLog):
    shown = show(wb.widgets.life(log, "Order", 42))
    heads = shown.page.locator("h4", has_text="What could happen next").locator("xpath=following-sibling::table[1]//th")
    assert heads.all_inner_texts() == ["to", "of all here"]
    assert shown.page.locator(".wb-track title").all_text_contents()[0] == "pending"


def test_the_name_of_a_stay_keeps_to_its_stay_on_a_narrow_page(show: Callable[..., Any]):
    states = [f"a state with a long name {n}" for n in range(8)]
    told = [{"case_id": 1, "activity": state, "timestamp": f"2026-01-05 10:0{n}:00"} for n, state in enumerate(states)]
    shown = show(wb.widgets.life(wb.read_events(told), "Case", 1), width=700)
    boxes = [one.bounding_box() for one in shown.page.locator(".wb-stay").all()]
    track = shown.page.locator(".wb-track").bounding_box()
    ends = [box["x"] + box["width"] for box in boxes]
    assert len(ends) == 8
    assert all(end <= after["x"] + 1 for end, after in zip(ends, boxes[1:], strict=False))
    assert ends[-1] <= track["x"] + track["width"] + 1
    shown.page.locator(".wb-stay").nth(7).click(force=True)
    assert said(shown).startswith("event 8 of 8")
