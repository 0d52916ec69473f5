"""Ways of lives as ribbons: what is counted, what a pick chooses, and a person's path through the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from orders import HOSTILE

import workbench as wb
from workbench.errors import WorkbenchError


def test_it_shows_the_variants_with_what_fits(log: wb.EventLog, machines: wb.Machines):
    view = wb.widgets.variants_explorer(log, "Order", machines)
    assert [(row["aggregates"], row["fits"]) for row in view.rows] == [(3, True), (1, True), (1, True), (1, False)]
    assert (view.total, view.lives) == (4, 6)
    assert view.data().fetchall() == wb.variants(log.of("Order"), machines).fetchall()


def test_a_pick_chooses_its_lives_and_its_code_chooses_them_again(log: wb.EventLog):
    view = wb.widgets.variants_explorer(log, "Order")
    view.pick(1)
    assert {row[0] for row in view.selection.log.lives.project("aggregate_id").fetchall()} == {"1", "2", "3"}
    names: dict[str, Any] = {"log": log}
    exec(str(view.selection), names)  # noqa: S102  the code that a person is given
    assert len(names["chosen"].lives.fetchall()) == 3
    view.pick(0)
    assert len(view.selection.log.lives.fetchall()) == 6


def test_beside_it_stands_a_table_whose_numbers_can_be_read(log: wb.EventLog):
    still = wb.widgets.variants_explorer(log, "Order").static_html()
    assert "<h4>Order: 4 variants of 6 lives</h4>" in still
    assert ">50.0 %</td>" in still
    assert ">20 min</td>" in still


def test_another_choice_takes_the_mark_away(log: wb.EventLog):
    view = wb.widgets.variants_explorer(log, "Order")
    view.pick(1)
    view.selection.choose(variant=())
    assert view.picked == 0


def test_a_rank_that_is_not_there_is_a_sentence(log: wb.EventLog):
    view = wb.widgets.variants_explorer(log, "Order", loops="collapse")
    with pytest.raises(WorkbenchError, match="while loops are collapsed"):
        view.pick(1)
    view.loops = "keep"
    with pytest.raises(WorkbenchError, match="no variant 9 is shown: there are 4"):
        view.pick(9)


@pytest.fixture
def shown(show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines) -> Any:
    return show(wb.widgets.variants_explorer(log, "Order", machines))


def told(shown: Any) -> str:
    return str(shown.page.locator(".wb-where").inner_text())


def test_the_finding_and_the_flags_are_said(shown: Any):
    assert told(shown) == "6 lives took 4 ways; the first 3 cover 83 %"
    assert shown.page.locator(".wb-way").first.inner_text().split() == [
        "1", "pending", "paid", "shipped", "3", "·", "50", "%", "median", "20", "min", "happy", "path",
    ]  # fmt: skip
    assert shown.page.get_by_text("off the machine", exact=True).count() == 1


def test_a_ribbon_pressed_filters_and_pressed_again_frees(shown: Any):
    first = shown.page.locator(".wb-way").first
    first.click()
    shown.until("() => document.querySelector('.wb-way').getAttribute('aria-selected') === 'true'")
    assert shown.view.selection.variant == ("pending", "paid", "shipped")
    shown.page.keyboard.press("Enter")  # the keyboard stands where it stood, though all is drawn anew
    shown.until("() => document.querySelector('.wb-way').getAttribute('aria-selected') === 'false'")
    assert shown.view.selection.variant == ()


def test_ways_are_found_by_state_and_by_fit(shown: Any):
    shown.page.get_by_label("only ways through").fill("cancel")
    assert told(shown) == "1 way of 1 life, 17 % of all"
    shown.page.get_by_label("only ways through").fill("")
    shown.page.get_by_label("fitting").select_option("off")
    assert told(shown) == "1 way of 1 life, 17 % of all"
    assert (shown.view.through, shown.view.fitting) == ("", "off")
    shown.view.fitting = ""
    shown.until("() => document.querySelectorAll('.wb-way').length === 4")


def test_loops_collapse_and_come_back(shown: Any):
    shown.page.get_by_role("button", name="Collapse loops").click()
    shown.page.get_by_role("button", name="Show loops").wait_for()
    assert shown.view.loops == "collapse"


@pytest.mark.parametrize("dark", [False, True])
def test_hostile_states_are_text_in_the_exported_page(
    show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines, *, dark: bool
):
    shown = show(wb.widgets.variants_explorer(log, "Order", machines), kernel=False, dark=dark)
    assert shown.page.get_by_text(HOSTILE).count() >= 1
    assert shown.page.locator(".wb-view b").count() == 0
    shown.picture(f"variants-{'dark' if dark else 'light'}")


def test_a_way_longer_than_its_ribbon_is_chosen_whole():
    moves = [
        {
            "id": 100 * life + place,
            "aggregate_type": "Order",
            "aggregate_id": str(life),
            "event_type": "state_transitioned",
            "event_data": {"from_state": f"s{(place + 1) % 2}" if place else None, "to_state": f"s{place % 2}"},
            "occurred_at": f"2026-01-0{life} {place // 60:02}:{place % 60:02}:00",
        }
        for life, length in ((1, 60), (2, 70))
        for place in range(length)
    ]
    view = wb.widgets.variants_explorer(wb.read_events(moves), "Order")
    (rank,) = (row["variant"] for row in view.rows if row["length"] == 70)
    view.pick(rank)
    assert view.picked == rank
    assert view.selection.log.lives.project("aggregate_id").fetchall() == [("2",)]


def test_the_data_are_the_ways_that_are_shown(log: wb.EventLog, machines: wb.Machines):
    view = wb.widgets.variants_explorer(log, "Order", machines)
    view.through = " PAI"
    assert [row[2] for row in view.data().project("variant, states, aggregates").fetchall()] == [3, 1]
    view.fitting = "off"
    assert view.data().project("states").fetchall() == [(["pending", "paid", HOSTILE],)]
    view.through = ""
    view.fitting = "fits"
    assert len(view.data()) == 3


def test_as_many_lives_are_chosen_as_the_way_says(log: wb.EventLog):
    view = wb.widgets.variants_explorer(log, "Order")
    view.selection.choose(type="Order", states=("cancelled",), since="2026-01-05 05:00")
    view.pick(1)
    assert len(view.selection.log.lives.fetchall()) == 3
    assert str(view.selection) == "chosen = log.of('Order').where(variant=['pending', 'paid', 'shipped'])"


def test_a_narrow_page_gives_the_ribbon_the_room(show: Callable[..., Any], log: wb.EventLog):
    way = show(wb.widgets.variants_explorer(log, "Order"), width=700).page.get_by_role("option").first
    assert way.locator(".wb-ribbon").bounding_box()["width"] > 500
    assert way.locator(".wb-share").bounding_box()["y"] > way.locator(".wb-ribbon").bounding_box()["y"] + 15


def test_all_lives_are_all_whatever_was_chosen_beside(log: wb.EventLog):
    view = wb.widgets.variants_explorer(log, "Order")
    view.selection.choose(type="Order", aggregates=("1",))
    view.pick(0)
    assert str(view.selection) == "chosen = log"


def test_the_curve_says_what_it_shows(log: wb.EventLog, show: Callable[..., Any]):
    covered = show(wb.widgets.variants_explorer(log, "Order")).root.locator(".wb-covered")
    assert [text for text in covered.inner_text().split("\n") if text] == [
        "Share of lives that took one of the 4 ways, the most frequent first",
        *("100 %", "80 %", "0"),
        *("1 way", "3 ways", "4 ways"),
    ]
    path = covered.locator("path").get_attribute("d")
    assert path == "M0 100H0.00V50.00H25.00V33.33H50.00V16.67H75.00V0.00H100"
