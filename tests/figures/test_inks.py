"""A state wears the same ink wherever it is drawn, and no two look alike."""

from __future__ import annotations

import subprocess
import sys

from drawn_tables import (
    DISTRIBUTION,
)
from shown_figures import machine

from workbench import figures
from workbench.figures.theme import inks


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
