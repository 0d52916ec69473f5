"""One small table a question; every number in a title is counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from drawn_tables import (
    ALIGNED,
    APART,
    COUNTS,
    CURVES,
    DAY,
    DISTRIBUTION,
    DOTS,
    EDITED,
    HOURS,
    LOST,
    OVER_TIME,
    STAYS,
    STEPS,
    WAYS,
)

from workbench import figures
from workbench.errors import SourceError, UnknownNameError
from workbench.figures.theme import inks

HOSTILE = "<img src=x onerror=alert(1)>$x$"


def moment(place: int, minutes: int, state: str) -> SimpleNamespace:
    at = DAY + timedelta(minutes=minutes)
    changed = {"status": (None, state)}
    return SimpleNamespace(
        place=place,
        version=None,
        occurred_at=at,
        effective_at=at,
        event_type="moved",
        state=state,
        changed=changed,
        actor="3",
    )


LIFE = [moment(1, 0, "pending"), moment(2, 60, "paid"), moment(3, 90, "cancelled")]


def machine(colors: dict[str, str | None], moves: set[tuple[str, str]], model: str = "Order") -> SimpleNamespace:
    states = tuple(SimpleNamespace(name=name, color=color, final=False) for name, color in colors.items())
    rule = SimpleNamespace(name="rule")
    allows = lambda source, target: (rule,) if (source, target) in moves else ()  # noqa: E731
    return SimpleNamespace(name="M", model=model, initial=states[0].name, states=states, allows=allows)


def title(figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def texts(figure) -> str:
    return json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)


def test_a_life_tells_its_way_and_how_long_it_took():
    assert title(figures.replay(LIFE, name="Order 42")) == "Order 42 went pending → paid → cancelled in 1 h 30 min"


def test_names_in_a_life_are_never_markup():
    said = texts(figures.replay([moment(1, 0, HOSTILE)], name=HOSTILE))
    assert "&lt;img src=x" in said
    assert "<img" not in said


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
    assert list(paid.y) == [0, 4]


def test_ten_thousand_instants_are_thinned_and_the_note_says_so():
    table = [
        {"type": "Order", "instant": DAY + timedelta(minutes=n), "state": "paid", "aggregates": n}
        for n in range(10_000)
    ]
    figure = figures.states_over_time(table)
    (area,) = figure.data
    assert len(area.y) == 1429
    assert area.y[-1] == 9_999
    assert (area.x0, area.dx) == (DAY + timedelta(minutes=3), 7 * 60_000)
    assert figure.layout.title.subtitle.text == "One instant of 7 is drawn."


def test_a_very_long_life_makes_a_small_figure():
    names = [f"a state of some length {number}" for number in range(60)]
    figure = figures.replay([moment(n, n, names[n % 3]) for n in range(1, 9_000)], name="Order 42")
    assert len(figure.to_json()) < 100_000


def test_of_a_very_long_life_the_last_events_are_drawn_and_the_note_says_so():
    figure = figures.replay([moment(n, n, "paid") for n in range(1, 1_502)])
    assert figure.layout.title.subtitle.text.endswith("The last 250 of 1,501 events are drawn.")
    assert len(figure.data[-1].x) == 250


def test_a_move_the_machine_does_not_allow_is_outlined_and_said():
    figure = figures.transition_counts(COUNTS, machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; 2 of these moves are not allowed by the machine")
    outlines = [(shape.x0 + 0.46, shape.y0 + 0.46) for shape in figure.layout.shapes if shape.type == "rect"]
    assert outlines == [(0, 1)]  # column pending, row paid
    assert "no transition of the machine allows it" in figure.data[1].hovertext[1][0]
    assert "by rule" in figure.data[1].hovertext[0][1]
    covered = figure.data[0].z  # what the machine allows hides the hatch under it
    assert [list(line) for line in covered] == [[None, 0], [None, None]]


def test_a_history_that_keeps_to_its_machine_is_praised():
    figure = figures.transition_counts(COUNTS[:1], machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; the machine allows every one")
    assert [shape for shape in figure.layout.shapes if shape.type == "rect"] == []


def test_without_a_machine_the_matrix_follows_the_flow():
    table = [{"from_state": a, "to_state": b, "times": n} for a, b, n in [("z", "m", 9), ("m", "a", 5), ("m", "b", 2)]]
    assert figures.transition_counts(table).layout.xaxis.ticktext == ("z", "m", "a", "b")


def beside(figure) -> list[str]:
    """What stands to the right of the lines."""
    return [
        text.strip("\u00a0")
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "text"
        for text in trace.text
    ]


def test_stays_that_are_not_measured_are_counted_beside():
    figure = figures.time_in_state(STAYS)
    assert "Left out: 5 stays still open, 1 without a known start." in said_below(figure)
    boxes = next(trace for trace in figure.data if trace.hovertext)
    assert "9 stays, 2 of them open<br>1 without a known start" in boxes.hovertext[0]
    assert "3 still inside, none left" in [note.text for note in figure.layout.annotations]


def said_below(figure) -> str:
    return figure.layout.title.subtitle.text.replace("<br>", " ")


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


def test_a_funnel_says_number_share_and_time_of_each_step():
    said = beside(figures.funnel(STEPS))
    assert said == ["10  ·  100 %", "8  ·  80 %  ·  after 2 min", "5  ·  50 %  ·  after 1 d"]


def test_a_funnel_of_cohorts_is_a_matrix_of_their_shares():
    table = [
        {"type": "Order", "created_week": week, **line, "aggregates": line["aggregates"] // part}
        for week, part in ((date(2026, 1, 5), 1), (date(2026, 1, 12), 2))
        for line in STEPS
    ]
    figure = figures.funnel(table)
    low, high = "40 % (week of 2026-01-12)", "50 % (week of 2026-01-05)"
    assert title(figure) == f"Between {low} and {high} of orders went from pending to fulfilled"
    assert figure.layout.yaxis.ticktext == ("week of 2026-01-05 (10)", "week of 2026-01-12 (5)")
    assert figure.data[1].text == ("100 %", "80 %", "50 %", "100 %", "80 %", "40 %")


def test_variants_say_what_those_so_far_cover():
    said = beside(figures.variants(WAYS))
    assert said == ["6  ·  75 %  ·  Σ 75 %  ·  1 min 30 s", "2  ·  25 %  ·  Σ 100 %  ·  0 s"]


def test_only_the_commonest_variants_are_drawn_and_the_note_says_what_they_cover():
    figure = figures.variants(WAYS, top=1)
    assert len(beside(figure)) == 1
    assert said_below(figure).startswith("The 1 commonest cover 75 %; and 1 more.")


def test_a_stream_divides_where_the_variants_do():
    (stream,) = figures.sankey([*WAYS, {**WAYS[0], "variant": 3, "states": ["pending", "void"], "aggregates": 1}]).data
    flows = zip(stream.link.source, stream.link.target, stream.link.value, strict=True)
    assert [(stream.node.label[a], stream.node.label[b], n) for a, b, n in flows] == [
        ("pending", "paid", 6),
        ("pending", "void", 1),
    ]


def test_who_is_lost_flows_from_the_last_step_reached_to_the_state_of_now():
    (stream,) = figures.funnel_lost(LOST).data
    flows = zip(stream.link.source, stream.link.target, stream.link.value, strict=True)
    assert [(stream.node.label[a], stream.node.label[b], n) for a, b, n in flows] == [
        ("1. pending", "2. paid", 8),
        ("2. paid", "went on", 5),
        ("1. pending", "now void", 2),
        ("2. paid", "now paid", 3),
    ]


def test_an_alignment_shows_what_both_have_and_what_one_side_lacks():
    sync, log, model, _ = [*figures.alignments(ALIGNED).data, None]
    assert [(trace.base, trace.text) for trace in (sync, log, model)] == [
        ((0.03,), ("new",)),
        ((1.03,), ("odd",)),
        ((2.03,), ("due",)),
    ]


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
    assert [area.y for area in areas if area.name == "(other states)"] == [(sum(100 - n for n in range(23, 40)),)]


def test_a_state_wears_the_same_ink_in_every_panel():
    table = [
        {"type": type, "state": state, "aggregates": 1}
        for type, states in (("Order", "abcdefgh"), ("Device", "gc"), ("Pay", "xyzc"))
        for state in states
    ]
    bars = [trace for trace in figures.state_distribution(table).data if trace.type == "bar"]
    worn = {}
    labels = figures.state_distribution(table).layout.yaxis.ticktext
    for bar in bars:
        for spot, color in zip(bar.y, bar.marker.color, strict=True):
            worn.setdefault(labels[spot], set()).add(color)
    assert {state for state, colors in worn.items() if len(colors) > 1} == set()
    assert set("abcdefghxyz") <= set(worn)


def test_a_life_is_a_bar_a_stay_and_a_mark_an_event():
    *stays, marks = figures.replay(LIFE).data
    assert [(bar.name, bar.base) for bar in stays][:2] == [
        ("pending", (DAY,)),
        ("paid", (DAY + timedelta(minutes=60),)),
    ]
    assert stays[0].x == (3_600_000,)
    assert len(marks.x) == 3
    assert "changed: status" in marks.hovertext[1]


def test_a_hand_set_color_of_the_machine_wins_and_an_impossible_one_is_passed_over():
    mine = inks(["a", "b"], machine({"a": "#112233", "b": "url(javascript:alert(1))"}, set()))
    assert mine["a"].color == "#112233"
    assert mine["b"].color.startswith("#")


def test_look_alike_colors_get_patterns():
    mine = inks([], machine({"offline": "#DC2626", "error": "#EF4444", "online": "#10B981"}, set()))
    assert [mine[name].pattern for name in ("offline", "error", "online")] == ["", "/", ""]


def test_a_state_has_the_same_ink_in_every_process():
    code = "from workbench.figures.theme import inks; print(sorted((n, i.color) for n, i in inks('abcdefgh').items()))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(runs) == 1


def test_eight_states_have_eight_colors_and_the_ninth_a_pattern():
    mine = inks([f"state {number}" for number in range(9)])
    assert len({ink.color for ink in mine.values()}) == 8
    assert len(set(mine.values())) == 9


def test_of_two_machines_for_a_type_the_one_that_knows_its_states_colors_them():
    other = machine({"open": "#111111"}, set(), model="App\\Models\\Order")
    right = machine({"pending": "#222222", "fulfilled": "#333333"}, set(), model="Order")
    figure = figures.state_distribution(DISTRIBUTION, {"a": other, "b": right})
    assert figure.data[0].marker.color == ("#222222", "#333333")


@pytest.mark.parametrize("types", range(1, 12))
def test_any_number_of_types_has_room(types):
    rows = [
        {"type": f"T{n}", "from_state": "a", "to_state": "b", "times": 3, "aggregates": 2, "share": 1.0}
        | {"median_seconds": 5.0, "p90_seconds": 9.0}
        for n in range(types)
    ]
    assert len(figures.transition_counts(rows).data) >= types
