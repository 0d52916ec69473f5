"""The drawings of machines of other tools, of large machines in parts, and with or without fast-sugiyama."""

# ruff: noqa: S318  the XML is our own

import re
import subprocess
import sys
from pathlib import Path
from random import Random
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UnknownNameError
from workbench.machines import Machine, State, Transition, layers_sugiyama, read_machines
from workbench.machines.drawing import LABEL_SIZE, Line, text_width
from workbench.machines.layout import layout
from workbench.machines.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
MACHINES = ROOT.parent / "shared" / "data" / "machines"
FILES = sorted(MACHINES.glob("*.yaml"))


def labels(drawing):
    found = [(label.x, label.y, label.width) for label in drawing.labels if label.text]
    for loop in drawing.loops:
        box = drawing.boxes[loop.state]
        width = text_width(loop.text, LABEL_SIZE)
        found.append((box.x, box.y - box.height / 2 - 16 - 24 * loop.nth, width))
    return found


def labels_over_states(drawing):
    return [
        name
        for x, y, width in labels(drawing)
        for name, box in drawing.boxes.items()
        if abs(x - box.x) < (width + box.width) / 2 - 0.1 and abs(y - box.y) < (LABEL_SIZE + box.height) / 2 - 0.1
    ]


@pytest.mark.skipif(not FILES, reason="needs shared/data/machines beside the project")
def test_no_label_lies_over_a_state_in_any_machine():
    for path in FILES:
        (machine,) = read_machines(path).values()
        assert labels_over_states(layout(machine)) == [], path.name


def chain(states, edges):
    chance = Random(1)
    steps = [Transition(f"t{n}", (f"s{n}",), f"s{n + 1}") for n in range(states - 1)]
    for n in range(edges - states + 1):
        start = chance.randrange(states)
        steps.append(Transition(f"x{n}", (f"s{start}",), f"s{min(states - 1, start + chance.randint(0, 4))}"))
    return Machine("Large", "s0", tuple(State(f"s{n}") for n in range(states)), tuple(steps))


def test_sixty_states_are_drawn_without_a_label_over_a_state():
    drawing = layout(chain(60, 119))
    assert len(drawing.boxes) == 60
    assert labels_over_states(drawing) == []


def drawn(svg, kind):
    groups = minidom.parseString(svg).getElementsByTagName("g")
    return [g.getAttribute(kind) for g in groups if g.hasAttribute(kind)]


def test_a_large_machine_is_drawn_around_a_state():
    machine = chain(200, 199)
    assert "200 states are too many to draw" in machine.svg()
    svg = machine.svg(around="s100", steps=2)
    assert sorted(drawn(svg, "data-state")) == ["s100", "s101", "s102", "s98", "s99"]
    assert sorted(drawn(svg, "data-transition")) == ["100", "101", "98", "99"]
    assert svg.count("1 more way in or out") == 2
    assert "cannot be reached" not in svg
    with pytest.raises(UnknownNameError, match="no state named 's200x' in Large"):
        machine.svg(around="s200x")


def test_too_many_edges_are_not_drawn_either():
    machine = chain(100, 401)
    assert "401 transitions are too many to draw" in machine.svg()
    assert "<b>s7</b>" in machine._repr_html_()


def test_a_state_that_cannot_finish_bears_a_bar():
    text = "name: D\ninitial_state: a\nstates: [a, b, {name: c, final: true}]\n"
    machine = read_text(text + "transitions: [{name: x, from: a, to: b}, {name: y, from: a, to: c}]\n")["D"]
    groups = minidom.parseString(machine.svg()).getElementsByTagName("g")
    dead = [g.getAttribute("data-state") for g in groups if "wb-dead" in g.getAttribute("class")]
    assert dead == ["b"]
    assert machine.svg().count('class="wb-stop"') == 1


@pytest.fixture
def without_sugiyama(monkeypatch):
    monkeypatch.setattr(layers_sugiyama, "_engine", lambda: None)


@pytest.mark.usefixtures("without_sugiyama")
def test_a_machine_is_drawn_as_well_without_fast_sugiyama():
    machine = read_machines(ROOT / "machines" / "smart_device.yaml")["SmartDeviceStateMachine"]
    assert labels_over_states(layout(machine)) == []
    assert set(layout(machine).boxes) == set(machine.state_names)


def test_large_machines_are_drawn_the_same_in_every_process():
    code = "import sys, zlib; sys.path.insert(0, 'tests/machines'); from test_layout import chain; "
    code += "print(zlib.crc32(chain(40, 80).svg().encode()))"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


@given(st.lists(st.tuples(*[st.floats(-9_999, 9_999)] * 2), min_size=2, max_size=6))
def test_a_path_told_step_by_step_ends_where_it_does_in_full(points):
    line = Line(tuple(points))
    steps = re.findall(r"[Mch][^Mch]+", line.path())
    x, y = (sum(axis) for axis in zip(*(_last(step) for step in steps), strict=True))
    full = [float(number) for number in line.path_in_full().replace("C", " ").split()[-2:]]
    assert (x, y) == pytest.approx(full, abs=0.1)


def _last(step: str) -> tuple[float, float]:
    *_, x, y = [0.0, *map(float, step[1:].split())] if step[0] != "h" else [float(step[1:]), 0.0]
    return x, y


def test_the_line_of_a_transition_without_a_name_has_no_gap():
    machine = Machine("M", "new", (State("new"), State("paid")), (Transition(None, ("new",), "paid"),))
    drawing = layout(machine)
    assert drawing.routes[0].line.points[-1] == drawing.labels[0].tail.points[0]
