"""A funnel picked state by state: numbers counted by hand, and a person's path through the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import workbench as wb
from workbench.errors import WorkbenchError

STEPS = ["pending", "paid", "shipped"]


def test_its_data_is_the_funnel_and_nothing_without_steps(log: wb.EventLog):
    view = wb.widgets.funnel_builder(log, "Order", steps=STEPS)
    assert view.data()["aggregates"].tolist() == [6, 4, 3]
    assert view.data()["median_seconds"].tolist()[1:] == [600, 600]
    view.build(steps=[])
    assert len(view.data()) == 0


def test_those_behind_a_number_are_a_part_of_the_log(log: wb.EventLog):
    view = wb.widgets.funnel_builder(log, "Order", steps=STEPS)
    ids = {row[0] for row in view.lives(2, lost=True).lives.project("aggregate_id").fetchall()}
    assert ids == {"4"}
    assert len(view.lives(3).lives.fetchall()) == 3


def test_groups_stand_beside_each_other(log: wb.EventLog):
    view = wb.widgets.funnel_builder(log, "Order", steps=["pending", "paid"], by="attributes.country")
    told = view.data()[["attributes_country", "state", "aggregates"]].values.tolist()
    assert told == [["FR", "pending", 3], ["FR", "paid", 2], ["IT", "pending", 3], ["IT", "paid", 2]]
    assert "attributes.country" in view.cohorts


def test_it_can_be_kept_as_a_figure(log: wb.EventLog):
    assert wb.widgets.funnel_builder(log, "Order", steps=STEPS).figure().data


def test_as_a_figure_groups_are_lines_of_a_matrix(log: wb.EventLog):
    cells, numbers = wb.widgets.funnel_builder(log, "Order", steps=STEPS[:2], by="attributes.country").figure().data
    assert len(cells.z) == 2
    assert numbers.text == ("100 %", "67 %", "100 %", "67 %")


def test_beside_it_stands_a_table_whose_numbers_can_be_read(log: wb.EventLog):
    still = wb.widgets.funnel_builder(log, "Order", steps=STEPS, by="attributes.country").static_html()
    heads = ("attributes country", "step", "state", "aggregates", "of first", "of previous", "median")
    assert [still.count(f">{head}</th>") for head in heads] == [1] * 7
    assert ">66.7 %</td>" in still
    assert ">10 min</td>" in still


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"steps": ["payed"]}, "did you mean 'paid'"),
        ({"within": "a while"}, "a while"),
        ({"by": "attributes.land"}, "attributes.land"),
        ({"window": "7 days"}, "no setting named 'window' in a funnel builder"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_changes_nothing(log: wb.EventLog, settings: dict[str, Any], sentence: str):
    view = wb.widgets.funnel_builder(log, "Order", steps=STEPS)
    with pytest.raises(WorkbenchError, match=sentence):
        view.build(**settings)
    assert (view.steps, view.within, view.by) == (STEPS, "", "")


def test_the_selection_decides_whose_funnel_it_is(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    view = wb.widgets.funnel_builder(log, "Order", steps=STEPS, selection=chosen)
    chosen.choose(type="Order", states=["paid"])
    assert view.data()["aggregates"].tolist() == [4, 4, 3]
    chosen.choose(states=[], aggregates=["5"])
    assert len(view.data()) == 0
    chosen.clear()
    assert view.data()["aggregates"].tolist() == [6, 4, 3]


@pytest.fixture
def shown(show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines) -> Any:
    return show(wb.widgets.funnel_builder(log, "Order", machines))


def until_told(shown: Any, text: str) -> None:
    shown.until("(text) => document.querySelector('.wb-where').textContent.includes(text)", text)


def test_states_pressed_on_the_machine_become_steps_and_the_numbers_follow(shown: Any):
    for state in STEPS:
        shown.page.locator(f"[data-state={state}]").click()
        shown.page.get_by_label(f"Leave {state} out").wait_for()
    until_told(shown, "50 % of 6 got from pending to shipped")
    assert shown.view.steps == STEPS
    shown.page.get_by_label("Move shipped earlier").click()
    shown.until("() => document.querySelectorAll('.wb-chips li')[1].textContent.includes('shipped')")
    assert shown.view.steps == ["pending", "shipped", "paid"]
    shown.page.get_by_label("Leave paid out").click()
    until_told(shown, "50 % of 6 got from pending to shipped")
    assert shown.view.data()["aggregates"].tolist() == [6, 3]


def test_the_keyboard_alone_builds_a_funnel(shown: Any):
    shown.page.locator("[data-state=pending]").focus()
    shown.page.keyboard.press("Enter")
    shown.page.get_by_label("Leave pending out").wait_for()
    shown.page.get_by_label("add a state").select_option("paid")
    until_told(shown, "67 % of 6 got from pending to paid")


def test_the_lost_are_named_one_press_away_and_can_be_chosen(shown: Any):
    shown.view.build(steps=STEPS)
    shown.page.get_by_role("button", name="1 went no further").click()
    shown.page.get_by_role("button", name="Choose it everywhere").click()
    shown.page.get_by_text("1 life is chosen: views with this selection show it.").wait_for()
    assert shown.view.selection.aggregates == ("4",)
    assert shown.view.data()["aggregates"].tolist() == [6, 4, 3]


@pytest.mark.parametrize("dark", [False, True])
def test_the_exported_page_shows_the_funnel(
    show: Callable[..., Any], log: wb.EventLog, machines: wb.Machines, *, dark: bool
):
    shown = show(wb.widgets.funnel_builder(log, "Order", machines, steps=STEPS), kernel=False, dark=dark)
    assert "50 % of 6" in shown.page.locator(".wb-where").inner_text()
    shown.picture(f"funnel-{'dark' if dark else 'light'}")


def test_a_window_typed_wrong_stays_to_be_corrected(show: Callable[..., Any], log: wb.EventLog):
    shown = show(wb.widgets.funnel_builder(log, "Order", steps=["pending", "paid"]))
    within = shown.page.get_by_label("within", exact=True)
    within.fill("soon")
    within.press("Enter")
    shown.page.get_by_text("'soon' is not a duration").wait_for()
    assert (within.input_value(), within.get_attribute("aria-invalid")) == ("soon", "true")
    within.fill("5 minutes")
    within.press("Enter")
    shown.until("() => !document.querySelector('[aria-invalid]')")
    assert shown.view.within == "5 minutes"


def test_of_a_step_nobody_came_to_no_share_is_told(show: Callable[..., Any], log: wb.EventLog):
    shown = show(wb.widgets.funnel_builder(log, "Order", steps=["paid", "cancelled", "pending"]))
    steps = shown.page.locator(".wb-step")
    assert "0 % of the step before" in steps.nth(1).inner_text()
    assert "of the step before" not in steps.nth(2).inner_text()
    assert shown.page.locator(".wb-bar-fill").nth(2).bounding_box()["width"] == 0
