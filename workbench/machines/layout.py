"""Where do the states, transitions and labels of a machine go in a drawing?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.machines.bundles import Bundle, bundles_of, loops_of, rank_states
from workbench.machines.drawing import (
    ENTRY,
    LABEL_SIZE,
    STATE_SIZE,
    Box,
    Drawing,
    Label,
    Line,
    Loop,
    Point,
    Route,
    shortened,
    text_width,
)
from workbench.machines.layers import arrange
from workbench.machines.model import Machine

_MARGIN = 14.0
_PORT = 9.0
_TALL = 34.0
_LOOP = 24.0
_RANKS = 4
_FEW_PAIRS = 80


@dataclass(frozen=True)
class _Plan:
    """The vertices (states, then the labels of the bundles) and edges of a drawing, and where they went.

    A joint is the (left, right, y) at which an edge passes a layer.
    """

    ids: Mapping[str, int]
    bundles: list[Bundle]
    edges: list[tuple[int, int]]
    sizes: list[tuple[float, float]]
    boxes: Mapping[str, Box]
    centres: list[Point]
    joints: list[tuple[tuple[float, float, float], ...]]


@dataclass(frozen=True)
class _Room:
    """What the box of a state needs: room above it for its loops, and how wide and tall it is at least."""

    above: float
    wide: float
    tall: float


def layout(machine: Machine, *, tall: float = _TALL) -> Drawing:
    """Return where everything goes: the initial state left, transitions as level curves through their labels.

    The boxes of states are at least so `tall`; more than a name may have to stand in them.
    """
    names = sorted(machine.known_states, key=lambda name: name != machine.initial)
    loops = loops_of(machine)
    plan = _best_plan(machine, names, loops, tall)
    labels, routes = _lines(plan)
    right = [box.x + box.width / 2 for box in plan.boxes.values()] + [label.x + label.width / 2 for label in labels]
    low = [box.y + box.height / 2 for box in plan.boxes.values()] + [label.y + LABEL_SIZE for label in labels]
    low += [y for way in plan.joints for _, _, y in way]
    width, height = max(right, default=0.0) + _MARGIN, max(low, default=0.0) + _MARGIN
    return Drawing(width, height, plan.boxes, labels, routes, loops)


def _best_plan(machine: Machine, names: list[str], loops: tuple[Loop, ...], tall: float) -> _Plan:
    """Return the plan with the fewest crossings of several, in each of which other edges lead back.

    Their number follows from the size of the machine, not from the clock: every computer draws the same.
    """
    many = _RANKS if len(machine.pairs) <= _FEW_PAIRS else 1
    found = []
    for bundles in dict.fromkeys(tuple(bundles_of(machine, rank_states(machine, names, n))) for n in range(many)):
        back = sum(len(bundle.from_states) for bundle in bundles if bundle.backward)
        plan, crossings = _plan(names, list(bundles), loops, tries=12 if many > 1 else 24, tall=tall)
        found.append((crossings + back / 2, plan))
    return min(found, key=lambda pair: pair[0])[1]


def _plan(
    names: list[str], bundles: list[Bundle], loops: tuple[Loop, ...], *, tries: int, tall: float
) -> tuple[_Plan, int]:
    ids = {name: index for index, name in enumerate(names)}
    edges = [edge for index, bundle in enumerate(bundles) for edge in bundle.edges(ids, len(names) + index)]
    above = {name: _LOOP * sum(loop.state == name for loop in loops) for name in names}
    wide = {name: max((_label_size(loop.text)[0] for loop in loops if loop.state == name), default=0) for name in names}
    rooms = {name: _Room(above[name], wide[name], tall) for name in names}
    sizes = [_state_size(name, edges, ids[name], rooms[name]) for name in names]
    sizes += [_label_size(bundle.text) for bundle in bundles]
    found = arrange(sizes, edges, tries=tries)
    left, top = _MARGIN + ENTRY, _MARGIN
    centres = [(x + left, y + top) for x, y in zip(found.xs, found.ys, strict=True)]
    boxes = {}
    for name, index in ids.items():
        (x, y), (width, height) = centres[index], sizes[index]
        boxes[name] = Box(x, y + above[name] / 2, width, height - above[name])
    joints = [tuple((a + left, b + left, y + top) for a, b, y in way) for way in found.joints]
    return _Plan(ids, bundles, edges, sizes, MappingProxyType(boxes), centres, joints), found.crossings


def _state_size(name: str, edges: list[tuple[int, int]], vertex: int, room: _Room) -> tuple[float, float]:
    ports = max(sum(start == vertex for start, _ in edges), sum(end == vertex for _, end in edges))
    width = max(64.0, room.wide, 1.08 * text_width(shortened(name), STATE_SIZE) + 28)
    return width, max(room.tall, ports * _PORT + 8) + room.above


def _label_size(text: str) -> tuple[float, float]:
    return (text_width(text, LABEL_SIZE) + 12, LABEL_SIZE + 5) if text else (0.0, 2.0)


def _lines(plan: _Plan) -> tuple[tuple[Label, ...], tuple[Route, ...]]:
    ways = _ways(plan)
    labels, routes, index = [], [], 0
    for number, bundle in enumerate(plan.bundles):
        own = ways[index : index + len(bundle.from_states) + 1]
        index += len(own)
        own = [way[::-1] for way in own] if bundle.backward else own[-1:] + own[:-1]
        vertex = len(plan.ids) + number
        labels.append(Label(bundle.transition, bundle.text, *plan.centres[vertex], plan.sizes[vertex][0], Line(own[0])))
        for name, way in zip(bundle.from_states, own[1:], strict=True):
            routes.append(Route(bundle.transition, name, bundle.to_state, Line(way), number))
    return tuple(labels), tuple(routes)


def _ways(plan: _Plan) -> list[tuple[Point, ...]]:
    """Return the points of each edge, from left to right."""
    ports = _ports(plan)
    found: list[tuple[Point, ...]] = []
    for index, (start, end) in enumerate(plan.edges):
        x, y = plan.centres[start]
        first = (x + plan.sizes[start][0] / 2, ports.get((index, start), y))
        x, y = plan.centres[end]
        last = (x - plan.sizes[end][0] / 2, ports.get((index, end), y))
        found.append((first, *(point for a, b, y in plan.joints[index] for point in ((a, y), (b, y))), last))
    return found


def _ports(plan: _Plan) -> dict[tuple[int, int], float]:
    """Return the height at which each edge meets its state: side by side, in the order of where they come from."""
    found: dict[tuple[int, int], float] = {}
    for name, vertex in plan.ids.items():
        for side in (0, 1):
            meeting = [index for index, edge in enumerate(plan.edges) if edge[side] == vertex]
            meeting = [index for _, index in sorted((_aim(plan, index, side), index) for index in meeting)]
            for place, index in enumerate(meeting):
                found[index, vertex] = plan.boxes[name].y + (place - (len(meeting) - 1) / 2) * _PORT
    return found


def _aim(plan: _Plan, index: int, side: int) -> float:
    way = plan.joints[index]
    if not way:
        return plan.centres[plan.edges[index][1 - side]][1]
    return way[0][2] if side == 0 else way[-1][2]
