"""A table becomes a figure whose title is the finding; a wrong one is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from drawn_tables import (
    APART,
    CURVES,
    DAY,
    DISTRIBUTION,
    DOTS,
    EDITED,
    HOURS,
    OVER_TIME,
    STAYS,
)
from shown_figures import said_below, title

from workbench import figures
from workbench.errors import SourceError, UnknownNameError


def test_a_missing_column_is_named_with_the_nearest():
    with pytest.raises(
        UnknownNameError, match="no column named 'aggregates' in the table to draw: did you mean 'aggregate'"
    ):
        figures.state_distribution([{"state": "paid", "aggregate": 3}])


def test_what_is_no_table_is_said():
    with pytest.raises(SourceError, match="not from int"):
        figures.funnel(3)


def test_states_that_look_like_numbers_and_dates_stay_names():
    table = [{"type": "Order", "state": name, "aggregates": 1} for name in ("12:30", "2024-01-01", "1e3")]
    assert figures.state_distribution(table).layout.yaxis.ticktext == ("12:30", "2024-01-01", "1e3")


def test_a_distribution_of_two_types_has_a_finding_for_each():
    table = [*DISTRIBUTION, {"type": "SmartDevice", "state": "online", "aggregates": 1, "instant": DAY}]
    figure = figures.state_distribution(table)
    assert title(figure) == "Where 11 lives of 2 types are at 2026-03-01 UTC"
    assert [note.text for note in figure.layout.annotations] == [
        "<b>6 of 10 orders are fulfilled</b>",
        "<b>1 of 1 smart device is online</b>",
    ]


def test_a_state_nobody_was_in_at_an_instant_counts_nought_there():
    paid = next(trace for trace in figures.states_over_time(OVER_TIME).data if trace.name == "paid")
    assert list(paid.y) == [0, 4, 4]


def test_a_state_entered_at_the_last_instant_has_a_width():
    figure = figures.states_over_time(OVER_TIME)
    paid = next(trace for trace in figure.data if trace.name == "paid")
    assert (paid.x0, paid.dx, len(paid.y)) == (DAY, 86_400_000, 3)
    assert figure.layout.xaxis.range == (DAY, DAY + timedelta(days=1, hours=12))  # a hand there points at the last one
    alone = figures.states_over_time(OVER_TIME[:1])
    assert alone.layout.xaxis.range == (DAY, DAY + timedelta(hours=12))


def test_ten_thousand_instants_are_thinned_and_the_note_says_so():
    table = [
        {"type": "Order", "instant": DAY + timedelta(minutes=n), "state": "paid", "aggregates": n}
        for n in range(10_000)
    ]
    figure = figures.states_over_time(table)
    (area,) = figure.data
    assert len(area.y) == 1430
    assert area.y[-1] == 9_999
    assert (area.x0, area.dx) == (DAY + timedelta(minutes=3), 7 * 60_000)
    assert figure.layout.title.subtitle.text == "One instant of 7 is drawn."


def test_stays_that_are_not_measured_are_counted_beside():
    figure = figures.time_in_state(STAYS)
    assert "Left out: 5 stays still open, 1 without a known start." in said_below(figure)
    boxes = next(trace for trace in figure.data if trace.hovertext)
    assert "9 stays, 2 of them open<br>1 without a known start" in boxes.hovertext[0]
    assert "3 still inside, none left" in [note.text for note in figure.layout.annotations]


def test_a_box_holds_the_middle_half_of_the_stays_and_the_median_lies_in_it():
    thin, box, median, _ = figures.time_in_state(STAYS[:1]).data
    assert (thin.base, thin.x) == ((600 / 3600,), (8400 / 3600,))  # hours, from p10 to p90
    assert (box.base, box.x) == ((0.5,), (1.0,))
    assert median.x == (1.0,)


@pytest.mark.parametrize(
    ("shortest", "longest", "axis"),
    [(600, 9_000, "hours"), (2, 90, "seconds"), (60, 900, "minutes"), (1, 900, "log scale")],
)
def test_the_axis_of_durations_says_its_unit(shortest: float, longest: float, axis: str):
    line = STAYS[0] | {"p10_seconds": shortest, "p90_seconds": longest}
    line |= {"p25_seconds": shortest, "median_seconds": longest, "p75_seconds": longest}
    assert f"({axis})" in figures.time_in_state([line]).layout.xaxis.title.text


def test_groups_are_compared_state_by_state():
    table = [
        {"type": "Order", "actor": actor, **STAYS[0], "median_seconds": median}
        for actor, median in (("ann", 3600.0), ("bob", 7200.0), (None, 60.0))
    ]
    figure = figures.time_in_state(table)
    assert title(figure) == "pending: median from 1 min (actor unknown) to 2 h (actor bob)"
    assert figure.layout.yaxis.ticktext == ("actor ann", "actor bob", "actor unknown")


def test_the_stays_that_ended_rise_to_the_whole():
    pending, paid = figures.survival(CURVES, ended=True).data
    assert (pending.name, pending.x, pending.y) == ("pending", (40.0, 60.0, 3600.0), (0, 25, 100))
    assert (paid.name, paid.y) == ("paid", (0, 100))


def test_a_single_stay_is_a_line_too_from_the_whole_to_nothing():
    (curve,) = figures.survival([CURVES[2]]).data
    assert (curve.x, curve.y) == ((80.0, 120.0), (100, 0))


def test_a_cell_of_the_dotted_chart_is_a_dot_of_its_state():
    pending, paid = figures.dotted_chart(DOTS).data
    assert (pending.name, pending.x, pending.y) == ("pending", ("2026-03-02 12:00",), (1.0,))
    assert (paid.name, paid.x, paid.customdata) == ("paid", ("2026-03-03 12:00",), (2,))


def test_the_hours_of_the_week_say_their_zone():
    figure = figures.busy_hours(HOURS, zone="Europe/Paris")
    assert "(Europe/Paris)" in said_below(figure)
    (cells,) = figure.data
    assert (cells.z[0][9], cells.z[6][23], cells.z[3][3]) == (1.0, round((2 / 6) ** 0.5, 3), None)


def test_a_difference_that_may_be_noise_is_an_empty_dot():
    dots = figures.distinguish(APART).data[0]
    assert dots.x == (70.0, 10.0)
    assert dots.marker.color == ("#0072B2", "#FFFFFF")


def test_what_if_draws_before_and_after_and_over_time_both_lines():
    faint, full, _ = figures.what_if(EDITED).data
    assert (faint.x, full.x) == ((7, 0), (4, 3))
    table = [{"type": "Order", "instant": DAY + timedelta(days=day), **EDITED[0], "after": day} for day in (0, 9)]
    figure = figures.what_if(table)
    assert title(figure) == "The widest gap: 7 fewer in pending on 2026-03-01 UTC"
    assert [(line.name, line.line.dash, list(line.y)) for line in figure.data] == [
        ("pending", "dot", [7, 7]),
        ("pending", "solid", [0, 9]),
    ]


def test_of_many_states_over_time_the_rarest_are_one_area():
    table = [{"type": "Order", "instant": DAY, "state": f"s{n:02}", "aggregates": 100 - n} for n in range(40)]
    areas = figures.states_over_time(table).data
    assert len(areas) == 24
    assert [area.y[0] for area in areas if area.name == "(other states)"] == [sum(100 - n for n in range(23, 40))]


@pytest.mark.parametrize("types", range(1, 12))
def test_any_number_of_types_has_room(types):
    rows = [
        {"type": f"T{n}", "from_state": "a", "to_state": "b", "times": 3, "aggregates": 2, "share": 1.0}
        | {"median_seconds": 5.0, "p90_seconds": 9.0}
        for n in range(types)
    ]
    assert len(figures.transition_counts(rows).data) >= types
