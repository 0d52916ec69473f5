"""The graph of a machine: a door that opens, closes and locks, drawn alone and with its traffic."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench import figures
from workbench.machines import Machine, read_machines

DOOR = r"""
name: Door
model: App\Models\Door
initial_state: shut
states:
  - {name: shut, description: "Nobody passes", metadata: {color: "#112233"}}
  - {name: open}
  - {name: locked, final: true}
transitions:
  - {name: push, from: shut, to: open, guard: NotStuck, action: RingBell}
  - {name: pull, from: open, to: shut}
  - {name: lock, from: [shut, open], to: locked}
  - {name: knock, from: shut, to: shut}
"""
TRAFFIC = [
    {"type": "Door", "from_state": "shut", "to_state": "open", "times": 9},
    {"type": "Door", "from_state": "open", "to_state": "shut", "times": 3},
    {"type": "Door", "from_state": "locked", "to_state": "open", "times": 2},
    {"type": "Door", "from_state": "shut", "to_state": "burnt", "times": 1},
]


@pytest.fixture
def door(tmp_path: Path) -> Machine:
    (tmp_path / "door.yaml").write_text(DOOR, encoding="utf-8")
    return read_machines(tmp_path)["Door"]


def title(figure) -> str:
    return figure.layout.title.text.replace("<br>", " ")


def notes(figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def widest(figure) -> float:
    return max(shape.line.width for shape in figure.layout.shapes if shape.opacity == 0.75)


def test_every_state_and_transition_is_written_once(door: Machine):
    said = notes(figures.machine(door))
    assert title(figures.machine(door)) == "Door: 3 states, 4 transitions"
    for name in ("<b>shut</b>", "<b>open</b>", "<b>locked</b>", "push", "pull", "knock"):
        assert said.count(name) == 1


def test_hovering_tells_guard_actions_and_description(door: Machine):
    texts = figures.machine(door).data[0].hovertext
    assert "<b>push</b><br>guard NotStuck<br>actions RingBell" in texts
    assert "<b>shut</b><br>Nobody passes" in texts


def test_a_state_has_the_color_of_its_machine(door: Machine):
    assert "#112233" in {shape.fillcolor for shape in figures.machine(door).layout.shapes}


def test_counts_make_busy_transitions_wide_and_unused_ones_dashed(door: Machine):
    figure = figures.machine(door, TRAFFIC)
    assert "push<br>9" in notes(figure)
    assert widest(figure) == 7.0
    assert widest(figures.machine(door)) == 1.4
    assert any(shape.line.dash == "dash" for shape in figure.layout.shapes if shape.opacity == 0.75)


def test_moves_that_follow_no_transition_are_counted_and_drawn(door: Machine):
    figure = figures.machine(door, TRAFFIC)
    assert title(figure) == "2 of 4 transitions of Door were used; 3 moves follow none of them"
    assert "2 not allowed" in notes(figure)
    assert figure.layout.title.subtitle.text == (
        "Not drawn: 1 move into or out of states that the machine does not know."
    )


def test_of_a_table_of_several_types_only_the_machines_own_counts(door: Machine):
    other = {"type": "Window", "from_state": "shut", "to_state": "open", "times": 500}
    assert "push<br>9" in notes(figures.machine(door, [*TRAFFIC, other]))


def test_names_of_a_machine_are_never_markup(tmp_path: Path):
    hostile = DOOR.replace("open", '"<img src=x>"').replace("Nobody passes", "<script>alert(1)</script>")
    (tmp_path / "door.yaml").write_text(hostile, encoding="utf-8")
    said = json.dumps(figures.machine(read_machines(tmp_path)["Door"]).to_plotly_json(), default=str)
    assert "&lt;img src=x&gt;" in said
    assert "<img" not in said
    assert "<script" not in said


def test_a_machine_too_large_to_be_read_is_a_sentence(tmp_path: Path):
    rules = "".join(f"  - {{name: t{n}, from: s{n}, to: s{n + 1}}}\n" for n in range(160))
    (tmp_path / "long.yaml").write_text(f"name: Long\ninitial_state: s0\ntransitions:\n{rules}", encoding="utf-8")
    figure = figures.machine(read_machines(tmp_path)["Long"])
    assert title(figure) == "Nothing to draw: Long has 161 states, too many to draw"
