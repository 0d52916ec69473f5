"""What holds for every figure: its finding in words, its size, its safety, its two pages."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from inspect import signature
from typing import Any

import duckdb
import pandas as pd
import plotly.io as pio
import pytest
from drawn_tables import DRAWN, TITLES

from workbench import figures
from workbench.errors import UnknownNameError

HOSTILE = "<img src=x onerror=alert(1)>$x$"
LONG = "a very long name " * 700
TURNED = "\u202e" + "\u05de\u05d3\u05d9\u05e0\u05d4"  # right to left, behind an override that would turn what follows
NOT_OF_TABLES = {"machine", "replay", "safe_colors"}
FIXED = {"kind", "move", "asked_of", "verdict", "type", "why", "element"}  # columns whose words are ours

NAMELESS = {figures.flow, figures.busy_hours}  # they name nothing but types
ONE_LIST = {
    figures.bursts,
    figures.late_stays,
    figures.holds,
    figures.quality,
}  # a row is a thing of its own, or there is no `by=`

every_figure = pytest.mark.parametrize("draw", DRAWN, ids=lambda draw: draw.__name__)


def title(figure: Any) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def texts(figure: Any) -> str:
    return json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)


def spoiled(value: Any, name: str) -> Any:
    """The same table, every name in it replaced."""
    if isinstance(value, dict):
        return {key: one if key in FIXED else spoiled(one, name) for key, one in value.items()}
    if isinstance(value, list):
        return [spoiled(one, name) for one in value]
    return name if isinstance(value, str) else value


def grown(table: list[dict[str, Any]], rows: int) -> list[dict[str, Any]]:
    """A table of many rows: names, times and numbers all differ."""

    def other(key: str, value: Any, nth: int) -> Any:
        if isinstance(value, list):
            return [other(key, one, nth) for one in value] * 5
        if isinstance(value, dict):
            return {inner: one if inner == "move" else other(inner, one, nth) for inner, one in value.items()}
        if isinstance(value, datetime):
            return value + timedelta(hours=nth)
        if isinstance(value, str) and key not in FIXED:
            return f"{value} of some length, number {nth % 700}"
        if key in {"seconds", "first_life", "last_life", "step", "rank", "variant"}:
            return None if value is None else value + nth
        return value

    return [{key: other(key, one, nth) for key, one in table[nth % len(table)].items()} for nth in range(rows)]


def test_every_figure_of_a_table_is_drawn_here():
    assert {draw.__name__ for draw in DRAWN} == set(figures.__all__) - NOT_OF_TABLES == set(TITLES)


@pytest.mark.parametrize("name", sorted(set(figures.__all__) - {"machine", "safe_colors"}))
def test_every_figure_is_called_alike(name):
    of, machine, *more = signature(getattr(figures, name)).parameters.values()
    assert (machine.name, machine.default, machine.kind) == ("machine", None, machine.POSITIONAL_OR_KEYWORD)
    assert {one.kind for one in more} == {machine.KEYWORD_ONLY}
    assert [one.default for one in more if one.name == "dark"] == [None]
    assert of.default is of.empty


@every_figure
def test_the_title_states_the_finding(draw):
    assert title(draw(DRAWN[draw])) == TITLES[draw.__name__]


@every_figure
def test_a_relation_a_dataframe_and_dicts_give_the_same_figure(draw):
    frame = pd.DataFrame(DRAWN[draw])
    relation = duckdb.from_df(frame)
    from_dicts = texts(draw(DRAWN[draw]))
    assert texts(draw(frame)) == from_dicts
    assert texts(draw(relation)) == from_dicts


@every_figure
def test_names_from_the_log_are_never_markup(draw):
    said = texts(draw(spoiled(DRAWN[draw], HOSTILE)))
    assert "&lt;img src=x" in said or draw in NAMELESS
    assert "<img" not in said
    assert "$x$" not in said


@every_figure
def test_names_of_ten_thousand_characters_are_cut(draw):
    assert len(texts(draw(spoiled(DRAWN[draw], LONG)))) < 30_000


@every_figure
def test_names_from_right_to_left_leave_the_words_around_them_alone(draw):
    said = texts(draw(spoiled(DRAWN[draw], TURNED)))
    assert "\u202e" not in said
    assert said.count(TURNED[1:]) == said.count(f"\u2068{TURNED[1:]}\u2069")


@every_figure
def test_an_empty_table_gives_a_sentence_and_no_axes(draw):
    figure = draw([])
    assert title(figure).startswith("Nothing to draw: ")
    assert len(figure.data) == 0


@every_figure
def test_light_and_dark_differ_in_the_page_and_not_in_the_data(draw):
    def said(figure):
        return [trace.node.label if trace.type == "sankey" else trace.hovertext for trace in figure.data]

    light, dark = draw(DRAWN[draw]), draw(DRAWN[draw], dark=True)
    assert (light.layout.paper_bgcolor, dark.layout.paper_bgcolor) == ("#FFFFFF", "#111418")
    assert said(light) == said(dark)


@every_figure
def test_without_a_word_a_figure_is_as_dark_as_plotlys_default_template(draw, monkeypatch):
    light, dark = draw(DRAWN[draw], dark=False), draw(DRAWN[draw], dark=True)
    assert draw(DRAWN[draw]) == light
    monkeypatch.setattr(pio.templates, "default", "plotly_dark")
    assert (draw(DRAWN[draw]), draw(DRAWN[draw], dark=False)) == (dark, light)


@every_figure
@pytest.mark.parametrize("types", [1, 30])
def test_the_largest_table_still_makes_a_small_figure(draw, types):
    table = [row | {"type": f"Type{nth % types}"} for nth, row in enumerate(grown(DRAWN[draw], 3_000))]
    assert len(draw(table).to_json()) < 100_000


@pytest.mark.parametrize(
    "draw", [draw for draw in DRAWN if "actor" not in DRAWN[draw][0]], ids=lambda draw: draw.__name__
)
def test_two_groups_are_both_drawn_or_it_is_said(draw):
    def of(actor):
        return [{"type": row["type"], "actor": actor, **row} for row in DRAWN[draw]]

    assert title(draw(of("ann"))) == TITLES[draw.__name__]
    both = texts(draw([*of("ann"), *of("bob")])).replace("<br>", " ")
    assert ("actor ann" in both and "actor bob" in both) or "not drawn" in both or draw in ONE_LIST


@every_figure
def test_a_missing_column_is_named(draw):
    with pytest.raises(UnknownNameError, match="in the table to draw"):
        draw([{"something": 1}])
