"""One small table a question; every number in a title is counted by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from workbench import figures
from workbench.errors import SourceError, UnknownNameError
from workbench.figures.theme import inks
from workbench.instants import instant

DAY = instant("2026-03-01")
HOSTILE = "<img src=x onerror=alert(1)>$x$"

DISTRIBUTION = [
    {"type": "Order", "state": "fulfilled", "aggregates": 6, "share": 0.6, "instant": DAY},
    {"type": "Order", "state": "pending", "aggregates": 4, "share": 0.4, "instant": DAY},
]
OVER_TIME = [
    {"type": "Order", "instant": DAY, "state": "pending", "aggregates": 3},
    {"type": "Order", "instant": DAY + timedelta(days=1), "state": "pending", "aggregates": 1},
    {"type": "Order", "instant": DAY + timedelta(days=1), "state": "paid", "aggregates": 4},
]
COUNTS = [
    {"type": "Order", "from_state": "pending", "to_state": "paid", "times": 7, "aggregates": 7, "median_seconds": 60.0},
    {"type": "Order", "from_state": "paid", "to_state": "pending", "times": 2, "aggregates": 1, "median_seconds": None},
]
STAYS = [
    {"type": "Order", "state": "pending", "stays": 9, "open": 2, "unknown_start": 1,
     "mean_seconds": 4000.0, "median_seconds": 3600.0, "p90_seconds": 9000.0},
    {"type": "Order", "state": "paid", "stays": 3, "open": 3, "unknown_start": 0,
     "mean_seconds": None, "median_seconds": None, "p90_seconds": None},
]  # fmt: skip
STEPS = [
    {"type": "Order", "step": 1, "state": "pending", "aggregates": 10, "median_seconds": None},
    {"type": "Order", "step": 2, "state": "paid", "aggregates": 8, "median_seconds": 120.0},
    {"type": "Order", "step": 3, "state": "fulfilled", "aggregates": 5, "median_seconds": 86_400.0},
]
WAYS = [
    {"type": "Order", "variant": 1, "states": ["pending", "paid"], "aggregates": 6, "median_seconds": 90.0},
    {"type": "Order", "variant": 2, "states": ["pending"], "aggregates": 2, "median_seconds": 0.0},
]
AGES = [
    {"type": "Order", "state": "pending", "aggregates": 5, "unknown_start": 1, "median_seconds": 180_000.0,
     "hour": 0, "day": 1, "week": 3, "month": 0, "longer": 0, "instant": DAY},
    {"type": "Order", "state": "paid", "aggregates": 2, "unknown_start": 0, "median_seconds": 600.0,
     "hour": 2, "day": 0, "week": 0, "month": 0, "longer": 0, "instant": DAY},
]  # fmt: skip
LIMITS = [
    {"type": "Order", "state": "pending", "limit_seconds": 7200.0, "within": 6, "late": 2, "waiting": 3, "overdue": 1},
    {"type": "Order", "state": "paid", "limit_seconds": 60.0, "within": 9, "late": 1, "waiting": 0, "overdue": 0},
]
CURVES = [
    {"type": "Order", "state": "pending", "seconds": 60.0, "surviving": 0.75, "lower": 0.5, "upper": 0.9},
    {"type": "Order", "state": "pending", "seconds": 3600.0, "surviving": 0.5, "lower": 0.3, "upper": 0.7},
    {"type": "Order", "state": "paid", "seconds": 120.0, "surviving": 0.0, "lower": None, "upper": None},
]
FLOW = [
    {"type": "Order", "period": DAY, "began_so_far": 4, "ended_so_far": 1, "under_way": 3},
    {"type": "Order", "period": DAY + timedelta(days=1), "began_so_far": 6, "ended_so_far": 5, "under_way": 1},
]


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

DRAWN = {
    figures.state_distribution: DISTRIBUTION,
    figures.states_over_time: OVER_TIME,
    figures.transition_counts: COUNTS,
    figures.time_in_state: STAYS,
    figures.funnel: STEPS,
    figures.variants: WAYS,
    figures.ageing: AGES,
    figures.time_limits: LIMITS,
    figures.survival: CURVES,
    figures.flow: FLOW,
}


def machine(colors: dict[str, str | None], moves: set[tuple[str, str]], model: str = "Order") -> SimpleNamespace:
    states = tuple(SimpleNamespace(name=name, color=color, final=False) for name, color in colors.items())
    rule = SimpleNamespace(name="rule")
    allows = lambda source, target: (rule,) if (source, target) in moves else ()  # noqa: E731
    return SimpleNamespace(name="M", model=model, initial=states[0].name, states=states, allows=allows)


def title(figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def texts(figure) -> str:
    return json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)


def spoiled(value: object) -> object:
    """The same table, every state name replaced by one that would run as HTML or typeset as a formula."""
    if isinstance(value, dict):
        return {key: HOSTILE if "state" in key and isinstance(one, str) else spoiled(one) for key, one in value.items()}
    return [HOSTILE if isinstance(one, str) else spoiled(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("state_distribution", "6 of 10 orders are fulfilled at 2026-03-01 UTC"),
        ("states_over_time", "5 orders on 2026-03-02 UTC, 4 of them paid"),
        ("transition_counts", "Orders moved 9 times, most often from pending to paid (7)"),
        ("time_in_state", "Orders stay longest in pending: half of the stays there take more than 1 h"),
        (
            "funnel",
            "5 of 10 orders went from pending to fulfilled (50 %); most are lost between paid and fulfilled (3)",
        ),
        ("ageing", "Half of the 4 orders in pending have been there for more than 2 d 2 h"),
        (
            "time_limits",
            "Orders keep least to the limit of pending: 3 of 9 stays were longer than 2 h (33 %)",
        ),
        ("survival", "Of the stays in pending, half are over after 1 h"),
        ("flow", "6 orders began, 5 have ended, 1 are under way"),
        ("variants", "75 % of 8 orders go the commonest of 2 ways: pending → paid"),
    ],
)
def test_the_title_states_the_finding(question: str, said: str):
    draw = getattr(figures, question)
    assert title(draw(DRAWN[draw])) == said


def test_a_life_tells_its_way_and_how_long_it_took():
    assert title(figures.replay(LIFE, name="Order 42")) == "Order 42 went pending → paid → cancelled in 1 h 30 min"


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_a_relation_a_dataframe_and_dicts_give_the_same_figure(draw):
    frame = pd.DataFrame(DRAWN[draw])
    relation = duckdb.from_df(frame.astype({"instant": "datetime64[us]"}) if "instant" in frame else frame)
    from_dicts = texts(draw(DRAWN[draw]))
    assert texts(draw(frame)) == from_dicts
    assert texts(draw(relation)) == from_dicts


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_names_from_the_log_are_never_markup(draw):
    said = texts(draw(spoiled(DRAWN[draw])))
    assert "&lt;img src=x" in said or draw is figures.flow  # which names no state
    assert "<img" not in said
    assert "$x$" not in said


def test_names_in_a_life_are_never_markup():
    said = texts(figures.replay([moment(1, 0, HOSTILE)], name=HOSTILE))
    assert "&lt;img src=x" in said
    assert "<img" not in said


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_an_empty_table_gives_a_sentence_and_no_axes(draw):
    figure = draw([])
    assert title(figure).startswith("Nothing to draw: ")
    assert len(figure.data) == 0


@pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)
def test_light_and_dark_differ_in_the_page_and_not_in_the_data(draw):
    light, dark = draw(DRAWN[draw]), draw(DRAWN[draw], dark=True)
    assert (light.layout.paper_bgcolor, dark.layout.paper_bgcolor) == ("#FFFFFF", "#111418")
    assert [trace.x for trace in light.data] == [trace.x for trace in dark.data]


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


@pytest.mark.parametrize("draw", ["states_over_time", "transition_counts", "survival", "replay"])
def test_the_largest_tables_still_make_small_figures(draw: str):
    names = [f"a state of some length {number}" for number in range(60)]
    tables = {
        "states_over_time": [
            {"type": "Order", "instant": DAY + timedelta(hours=n), "state": name, "aggregates": n}
            for name in names
            for n in range(1, 2_000)
        ],
        "transition_counts": [
            {"type": "Order", "from_state": one, "to_state": two, "times": 1} for one in names for two in names[::6]
        ],
        "survival": [
            {"type": "Order", "state": name, "seconds": float(n), "surviving": 1 - n / 500, "lower": 0.1, "upper": 0.9}
            for name in names[:20]
            for n in range(1, 500)
        ],
        "replay": [moment(n, n, names[n % 3]) for n in range(1, 9_000)],
    }
    figure = getattr(figures, draw)(tables[draw])
    assert len(figure.to_json()) < 250_000


def test_of_a_very_long_life_the_last_events_are_drawn_and_the_note_says_so():
    figure = figures.replay([moment(n, n, "paid") for n in range(1, 1_502)])
    assert figure.layout.title.subtitle.text.endswith("The last 600 of 1,501 events are drawn.")
    assert len(figure.data[-1].x) == 600


def test_a_move_the_machine_does_not_allow_is_outlined_and_said():
    figure = figures.transition_counts(COUNTS, machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; 2 of these moves are not allowed by the machine")
    outlines = [(shape.x0 + 0.46, shape.y0 + 0.46) for shape in figure.layout.shapes if shape.type == "rect"]
    assert outlines == [(0, 1)]  # column pending, row paid
    assert "no transition of the machine allows it" in figure.data[0].hovertext[1][0]
    assert "by rule" in figure.data[0].hovertext[0][1]


def test_a_history_that_keeps_to_its_machine_is_praised():
    figure = figures.transition_counts(COUNTS[:1], machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; the machine allows every one")
    assert [shape for shape in figure.layout.shapes if shape.type == "rect"] == []


def test_without_a_machine_the_matrix_follows_the_flow():
    table = [{"from_state": a, "to_state": b, "times": n} for a, b, n in [("z", "m", 9), ("m", "a", 5), ("m", "b", 2)]]
    assert figures.transition_counts(table).layout.xaxis.ticktext == ("z", "m", "a", "b")


def test_stays_that_are_not_measured_are_counted_beside():
    figure = figures.time_in_state(STAYS)
    assert figure.layout.title.subtitle.text.endswith("Left out: 5 stays still open, 1 without a known start.")
    assert "9 stays, 2 of them open<br>1 without a known start" in figure.data[0].hovertext[0]
    assert "3 still inside, none left" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize(
    ("median", "p90", "axis"),
    [(3_600, 9_000, "hours"), (5, 90, "seconds"), (60, 900, "minutes"), (1, 900, "log scale")],
)
def test_the_axis_of_durations_says_its_unit(median: float, p90: float, axis: str):
    line = {"type": "Order", "state": "paid", "stays": 3, "median_seconds": median, "p90_seconds": p90}
    assert f"({axis})" in figures.time_in_state([line]).layout.xaxis.title.text


def test_a_funnel_says_number_share_and_time_of_each_step():
    said = [note.text for note in figures.funnel(STEPS).layout.annotations]
    assert said == ["<b>10</b>  100 %", "<b>8</b>  80 %  ·  after 2 min", "<b>5</b>  50 %  ·  after 1 d"]


def test_variants_say_what_those_so_far_cover():
    said = [note.text for note in figures.variants(WAYS).layout.annotations]
    assert said == ["<b>6</b>  75 %  ·  Σ 75 %  ·  1 min 30 s", "<b>2</b>  25 %  ·  Σ 100 %  ·  0 s"]


def test_only_the_commonest_variants_are_drawn_and_the_note_says_what_they_cover():
    figure = figures.variants(WAYS, top=1)
    assert len(figure.layout.annotations) == 1
    assert figure.layout.title.subtitle.text.startswith("The 1 commonest cover 75 %.")


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
    assert {trace.marker.color for trace in figure.data} == {"#222222", "#333333"}


@pytest.mark.parametrize("types", range(1, 12))
def test_any_number_of_types_has_room(types):
    rows = [
        {"type": f"T{n}", "from_state": "a", "to_state": "b", "times": 3, "aggregates": 2, "share": 1.0}
        | {"median_seconds": 5.0, "p90_seconds": 9.0}
        for n in range(types)
    ]
    assert len(figures.transition_counts(rows).data) >= types


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("state_distribution", DISTRIBUTION),
        ("states_over_time", OVER_TIME),
        ("transition_counts", COUNTS),
        ("time_in_state", STAYS),
        ("funnel", [{"type": "Order", "step": 1, "state": "pending", "aggregates": 3}]),
        ("variants", [{"type": "Order", "variant": 1, "states": ["pending"], "aggregates": 3}]),
    ],
)
def test_a_figure_shows_one_group_and_refuses_to_mix_several(question, table):
    draw = getattr(figures, question)
    one, other = ([{"type": row["type"], "actor": actor, **row} for row in table] for actor in ("3", None))
    assert draw(one).layout.title.text == draw(table).layout.title.text
    with pytest.raises(SourceError, match="grouped by actor"):
        draw([*one, *other])
