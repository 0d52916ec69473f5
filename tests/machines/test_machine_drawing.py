"""Machines to look at: names that would break a page do not, and the drawing holds what the machine holds."""

# ruff: noqa: S318  the XML is our own

import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.dom import minidom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.machines import Machine, Machines, Name, State, Transition, check, read_machines
from workbench.machines.layers import arrange
from workbench.machines.layout import layout
from workbench.machines.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><b>",
    "a: b; c --> d",
    "]]>",
    "end",
    "state",
    "#quot;",
    "%% comment",
    "line\nbreak",
    "\x00\x1b\ud7ff",
    "日本語",
    "",
    "x" * 500,
]


def hostile(name):
    states = (State(name, description=name, metadata={"color": name, name: name}), State("plain"))
    transitions = (
        Transition(name, (name,), "plain", Name(name), (name,)),
        Transition(name, ("plain", name), name),
        Transition(None, ("plain",), "undeclared"),
    )
    return Machine(name, name, states, transitions, model=name, description=name, path=name)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, tuple(name for name, _ in attrs)))


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.seen


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_adds_an_element_or_an_attribute_to_a_page(name):
    allowed = {"style", "div", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "b", "i", "br", "code"}
    allowed |= {"svg", "g", "title", "path", "rect", "text", "circle"}
    machine = hostile(name)
    for html in (machine._repr_html_(), Machines([machine])._repr_html_(), check(machine)._repr_html_()):
        assert {tag for tag, _ in tags(html)} <= allowed
        assert not [
            attr for _, attrs in tags(html) for attr in attrs if attr.startswith("on") or attr in {"src", "href"}
        ]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_drawing_is_well_formed_whatever_the_names(name):
    document = minidom.parseString(hostile(name).svg())
    assert len(document.getElementsByTagName("rect")) == 3


@pytest.mark.parametrize("name", HOSTILE)
def test_mermaid_text_keeps_its_lines_whatever_the_names(name):
    lines = hostile(name).mermaid().splitlines()
    patterns = [
        r"stateDiagram-v2",
        r"    direction LR",
        r'    state "[^"<>{}:%;\\]*(#\d+;[^"<>{}:%;\\]*)*" as s\d',
        r"    (\[\*\]|s\d) --> (\[\*\]|s\d)( : [^:%<>\"]*)?",
    ]
    assert [line for line in lines if not any(re.fullmatch(pattern, line) for pattern in patterns)] == []


def test_colours_that_are_none_are_left_out():
    for color, drawn in {"#DC2626": True, "teal": True, "url(x)": False, "red;x:y": False, "#12": False}.items():
        machine = Machine("M", "a", (State("a", metadata={"color": color}),), ())
        assert (f'fill="{color}"' in machine.svg()) is drawn
        assert (f"background:{color}" in machine._repr_html_()) is drawn


def test_drawing_marks_the_initial_the_final_and_the_unreachable_state():
    (draft,) = read_machines(ROOT / "machines" / "drafts").values()
    document = minidom.parseString(draft.svg())
    groups = {
        g.getAttribute("data-state"): g for g in document.getElementsByTagName("g") if g.hasAttribute("data-state")
    }
    assert list(groups) == list(draft.state_names)
    never = [name for name, group in groups.items() if "wb-never" in group.getAttribute("class")]
    doubled = [name for name, group in groups.items() if len(group.getElementsByTagName("rect")) == 2]
    assert (never, doubled) == (["backordered"], ["shipped", "cancelled"])
    assert [g.getAttribute("class") for g in document.getElementsByTagName("g")][-1] == "wb-entry"


def test_a_machine_too_large_to_read_is_not_drawn():
    machine = Machine("M", "s0", tuple(State(f"s{n}") for n in range(151)), ())
    assert "151 states are too many to draw" in machine.svg()


def test_a_machine_without_states_is_drawn_empty():
    assert minidom.parseString(Machine("M", "", (), ()).svg())


def crossing(one, other):
    """Tell whether two straight pieces cross inside both."""
    (a, b), (c, d) = one, other

    def side(p, q, r):
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


def pieces(drawing):
    lines = [route.line.points for route in drawing.routes] + [label.tail.points for label in drawing.labels]
    return [(index, piece) for index, points in enumerate(lines) for piece in pairwise(points)]


def test_smart_device_is_drawn_with_few_crossings_and_the_initial_state_leftmost():
    machine = read_machines(ROOT / "machines" / "smart_device.yaml")["SmartDeviceStateMachine"]
    drawing = layout(machine)
    assert min(drawing.boxes, key=lambda name: drawing.boxes[name].x) == "offline"
    all_pieces = pieces(drawing)
    crossings = sum(crossing(p, q) for i, p in all_pieces for j, q in all_pieces if i < j)
    assert crossings <= 2


def test_drawing_is_the_same_in_every_process():
    code = "from workbench.machines import read_machines; import zlib; "
    code += "print([zlib.crc32(m.svg().encode()) for m in read_machines('machines/').values()])"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            text=True,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1


NAMES = st.sampled_from([f"s{n}" for n in range(8)])


@st.composite
def machines(draw):
    pairs = draw(st.lists(st.tuples(st.lists(NAMES, min_size=1, max_size=3), NAMES), max_size=12))
    transitions = tuple(Transition(f"t{n}", tuple(sources), target) for n, (sources, target) in enumerate(pairs))
    return Machine("M", "s0", tuple(map(State, draw(st.sets(NAMES).map(sorted)))), transitions)


@given(machines())
def test_every_from_state_has_a_line_to_its_label_and_the_label_one_to_the_target(machine):
    drawing = layout(machine)
    drawn = {(route.transition, route.from_state, route.to_state) for route in drawing.routes}
    drawn |= {(loop.transition, loop.state, loop.state) for loop in drawing.loops}
    declared = {(n, s, t.to_state) for n, t in enumerate(machine.transitions) for s in t.from_states}
    assert drawn == declared
    for route in drawing.routes:
        label = drawing.labels[route.label]
        source, target = drawing.boxes[route.from_state], drawing.boxes[route.to_state]
        assert touches(source, route.line.points[0])
        assert touches(target, label.tail.points[-1])
        assert abs(route.line.points[-1][0] - label.x) <= label.width / 2 + 0.1


def touches(box, point):
    x, y = point
    return abs(abs(x - box.x) - box.width / 2) < 0.1 and abs(y - box.y) <= box.height / 2 + 0.1


@given(machines())
def test_boxes_do_not_overlap_and_lie_inside_the_drawing(machine):
    drawing = layout(machine)
    boxes = list(drawing.boxes.values())
    for box in boxes:
        assert box.x - box.width / 2 >= 0
        assert box.y - box.height / 2 >= 0
        assert box.x + box.width / 2 <= drawing.width
        assert box.y + box.height / 2 <= drawing.height
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2
            assert apart or abs(one.y - other.y) >= (one.height + other.height) / 2


def test_layers_follow_the_edges_and_a_long_edge_has_a_joint_in_each_layer_between():
    found = arrange([(10, 10)] * 4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    assert list(found.xs) == sorted(found.xs)
    assert [len(way) for way in found.joints] == [0, 0, 0, 2]


def test_representations_of_what_was_read_show_every_name():
    machines = read_text("name: Door\ninitial_state: open\ntransitions:\n  - {name: close, from: open, to: shut}\n")
    html = machines["Door"]._repr_html_()
    assert all(f"<b>{name}</b>" in html for name in ("open", "shut", "close"))
    assert "Door" in machines._repr_html_()
    assert "1 error" in check(read_text("name: A\n"))._repr_html_()
