"""What does a machine look like, and how much of it was used? Its graph as a figure, in the layout of its SVG."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from workbench.figures.tables import panels, rows
from workbench.figures.theme import WARNING, Paper, frame, inks, nothing, paper
from workbench.figures.words import plain
from workbench.machines.drawing import ENTRY, HEAD, LABEL_SIZE, STATE_SIZE, Box, Drawing, Line, Loop
from workbench.machines.layout import layout
from workbench.machines.reach import unreachable
from workbench.machines.svg import MOST_STATES

if TYPE_CHECKING:
    from workbench.machines import Machine

_WIDEST = 7.0
_LANE = 22.0
_NARROWEST = 760

Pair = tuple[str, str]


def machine(machine: Machine, counts: object = None, *, dark: bool | None = None) -> go.Figure:
    """Return the machine's graph: the initial state left, transitions as curves through their names.

    With counts a transition is as wide as it was busy, one that was never used is dashed, and moves that the machine
    does not allow are drawn below in a colour of their own.

    Parameters
    ----------
    machine
        The Machine to draw.
    counts
        The answer of `transition_counts`: type, from_state, to_state, times.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.
    """
    if len(machine.states) > MOST_STATES:
        return nothing(f"{machine.name} has {len(machine.states)} states, too many to draw", dark=dark)
    drawing = layout(machine)
    times = None if counts is None else _times(machine, counts)
    strange = {pair: n for pair, n in (times or {}).items() if not machine.allows(*pair)}
    below = {pair: n for pair, n in strange.items() if set(pair) <= set(drawing.boxes)}
    height = drawing.height + (10 + _LANE * len(below) if below else 0)
    figure = frame(_finding(machine, times, strange), _note(strange, below), dark=dark, height=round(height) + 12)
    top, page = figure.layout.margin.t, paper(dark=dark)
    figure.update_layout(
        width=max(round(drawing.width), _NARROWEST) + 32,
        margin={"l": 16, "r": 16, "t": top, "b": 12},
        showlegend=False,
    )
    figure.update_xaxes(visible=False, range=[0, max(drawing.width, _NARROWEST)], fixedrange=True)
    figure.update_yaxes(visible=False, range=[height, 0], fixedrange=True)
    shapes, notes = _transitions(machine, drawing, times, page)
    states, names = _states(machine, drawing, page)
    off, numbers = _strange(drawing, below, page)
    figure.update_layout(shapes=[*shapes, *off, *states], annotations=[*notes, *numbers, *names])
    return _hovers(figure, machine, drawing, times)


def _times(machine: Machine, counts: object) -> Counter[Pair]:
    """Return how often each pair of states was moved along, in the rows of the machine's type."""
    parts, _ = panels(rows(counts, "from_state", "to_state", "times"), 1_000)
    mine = [part.rows for part in parts if len(parts) == 1 or part.machine(machine, "to_state") is not None]
    found: Counter[Pair] = Counter()
    for part in mine:
        for line in part:
            if line["from_state"] is not None:
                found[str(line["from_state"]), str(line["to_state"])] += line["times"]
    return found


def _finding(machine: Machine, times: Counter[Pair] | None, strange: dict[Pair, int]) -> str:
    if times is None:
        return f"{machine.name}: {len(machine.states)} states, {len(machine.transitions)} transitions"
    used = sum(any(times[source, rule.to_state] for source in rule.from_states) for rule in machine.transitions)
    said = f"{used} of {len(machine.transitions)} transitions of {machine.name} were used"
    wrong = sum(strange.values())
    return f"{said}; {wrong:,} {'move follows' if wrong == 1 else 'moves follow'} none of them" if wrong else said


def _note(strange: dict[Pair, int], below: dict[Pair, int]) -> str:
    hidden = sum(strange.values()) - sum(below.values())
    moves = "move" if hidden == 1 else "moves"
    return f"Not drawn: {hidden:,} {moves} into or out of states that the machine does not know." if hidden else ""


def _transitions(
    machine: Machine, drawing: Drawing, times: Counter[Pair] | None, page: Paper
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    most = max(times.values(), default=1) if times else 1
    for index, label in enumerate(drawing.labels):
        ways = [route for route in drawing.routes if route.label == index]
        used = [0 if times is None else times[way.from_state, way.to_state] for way in ways]
        shapes += [_curve(way.line, _stroke(n, most, page, times)) for way, n in zip(ways, used, strict=True)]
        stroke = _stroke(sum(used), most, page, times)
        *before, (x, y) = label.tail.points
        side = 1 if x > before[-1][0] else -1
        head = HEAD + stroke["width"]
        shapes += [_curve(Line((*before, (x - side * (head - 1), y))), stroke), _head(x, y, side, head, page.faint)]
        if label.text:
            said = plain(label.text) + (f"<br>{sum(used):,}" if sum(used) else "")
            notes.append(_text(label.x, label.y, said, LABEL_SIZE, page.faint) | {"bgcolor": page.page, "borderpad": 1})
    for loop in drawing.loops:
        n = 0 if times is None else times[loop.state, loop.state]
        shapes += _loop(drawing.boxes[loop.state], loop, _stroke(n, most, page, times))
        box = drawing.boxes[loop.state]
        said = plain(loop.text) + (f" {n:,}" if n else "")
        notes.append(_text(box.x, loop.arc(box).y, said, LABEL_SIZE, page.faint))
    if machine.initial in drawing.boxes:
        box = drawing.boxes[machine.initial]
        left = box.x - box.width / 2
        thin = {"color": page.faint, "width": 1.3}
        shapes += [_curve(Line(((left - ENTRY + 4, box.y), (left - 6, box.y))), thin)]
        shapes += [_head(left, box.y, 1, HEAD, page.faint), _dot(left - ENTRY + 4, box.y, page.faint)]
    return shapes, notes


def _states(machine: Machine, drawing: Drawing, page: Paper) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ink = inks(drawing.boxes, machine)
    never = {*unreachable(machine), *(name for name in drawing.boxes if name not in machine.state_names)}
    shapes: list[dict[str, Any]] = []
    for name, box in drawing.boxes.items():
        color = ink[name].color
        line = {"color": color, "width": 2, "dash": "dash" if name in never else "solid"}
        shapes.append(_box(box, 0) | {"fillcolor": page.page, "line": {"width": 0}})
        shapes.append(_box(box, 0) | {"fillcolor": color, "opacity": 0.2, "line": {"width": 0}})
        shapes.append(_box(box, 0) | {"line": line})
        if name in machine.declared_finals:
            shapes.append(_box(box, 3.5) | {"line": {"color": color, "width": 1}})
    names = [
        _text(box.x, box.y, f"<b>{plain(name, 28)}</b>", STATE_SIZE, page.text) for name, box in drawing.boxes.items()
    ]
    return shapes, names


def _strange(
    drawing: Drawing, below: dict[Pair, int], page: Paper
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the curves under the drawing for moves that the machine does not allow, and their numbers."""
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for number, ((source, target), n) in enumerate(sorted(below.items(), key=lambda item: (-item[1], item[0]))):
        start, end = drawing.boxes[source], drawing.boxes[target]
        x, y = start.x - start.width / 4, start.y + start.height / 2
        edge, aside = end.x + end.width / 2, _beside(drawing, end)
        lane = drawing.height + 8 + _LANE * number
        path = f"M{x:.1f} {y:.1f}L{x:.1f} {lane - 8:.1f}Q{x:.1f} {lane:.1f} {x + 8:.1f} {lane:.1f}"
        path += (
            f"L{aside - 8:.1f} {lane:.1f}Q{aside:.1f} {lane:.1f} {aside:.1f} {lane - 8:.1f}L{aside:.1f} {end.y + 8:.1f}"
        )
        path += f"Q{aside:.1f} {end.y:.1f} {edge + HEAD - 1:.1f} {end.y:.1f}"
        shapes.append({"type": "path", "path": path, "line": {"color": WARNING, "width": 1.8, "dash": "dot"}})
        shapes.append(_head(edge, end.y, -1, HEAD, WARNING))
        said = _text((x + aside) / 2, lane, f"{n:,} not allowed", LABEL_SIZE, WARNING)
        notes.append(said | {"bgcolor": page.page, "borderpad": 2})
    return shapes, notes


def _beside(drawing: Drawing, box: Box) -> float:
    """Return where a line may pass to the right of a box and of those above and below it."""
    column = [one for one in drawing.boxes.values() if abs(one.x - box.x) < (one.width + box.width) / 2]
    return max(one.x + one.width / 2 for one in column) + 12


def _hovers(figure: go.Figure, machine: Machine, drawing: Drawing, times: Counter[Pair] | None) -> go.Figure:
    spots: list[tuple[float, float, str]] = []
    known = {state.name: state for state in machine.states}
    for name, box in drawing.boxes.items():
        about = known[name].description if name in known else "not declared"
        spots.append((box.x, box.y, f"<b>{plain(name)}</b>" + (f"<br>{plain(about, 120)}" if about else "")))
    marks = [(label.x, label.y, label.transition) for label in drawing.labels]
    marks += [
        (box.x, box.y - box.height / 2 - 12, one.transition)
        for one in drawing.loops
        for box in [drawing.boxes[one.state]]
    ]
    for x, y, ordinal in marks:
        rule = machine.transitions[ordinal]
        said = [f"<b>{plain(rule.label)}</b>"]
        said += [f"guard {plain(rule.guard.text(), 100)}"] if rule.guard else []
        said += [f"actions {plain(', '.join(rule.actions), 100)}"] if rule.actions else []
        if times is not None:
            pairs = [(source, rule.to_state) for source in rule.from_states]
            said += [f"{plain(pair[0])} → {plain(pair[1])}: {times[pair]:,} times" for pair in pairs]
        spots.append((x, y, "<br>".join(said)))
    xs, ys, texts = zip(*spots, strict=True) if spots else ((), (), ())
    marker = {"size": 26, "opacity": 0, "symbol": "square"}
    return figure.add_scatter(x=xs, y=ys, mode="markers", marker=marker, hoverinfo="text", hovertext=texts)


def _stroke(n: int, most: int, page: Paper, times: Counter[Pair] | None) -> dict[str, Any]:
    if times is None:
        return {"color": page.faint, "width": 1.4}
    if not n:
        return {"color": page.faint, "width": 1.2, "dash": "dash"}
    return {"color": page.faint, "width": 1.2 + (_WIDEST - 1.2) * min(1, n / most)}


def _curve(line: Line, stroke: dict[str, Any]) -> dict[str, Any]:
    return {"type": "path", "path": line.path_in_full(), "line": stroke, "opacity": 0.75}


def _head(x: float, y: float, side: int, size: float, color: str) -> dict[str, Any]:
    back, half = x - side * size, size / 2
    path = f"M{x:.1f} {y:.1f}L{back:.1f} {y - half:.1f}L{back:.1f} {y + half:.1f}Z"
    return {"type": "path", "path": path, "fillcolor": color, "line": {"width": 0}}


def _dot(x: float, y: float, color: str) -> dict[str, Any]:
    corners = {"x0": x - 4.5, "x1": x + 4.5, "y0": y - 4.5, "y1": y + 4.5}
    return {"type": "circle", "fillcolor": color, "line": {"width": 0}, **corners}


def _loop(box: Box, loop: Loop, stroke: dict[str, Any]) -> list[dict[str, Any]]:
    arc = loop.arc(box)
    line = {"type": "path", "path": arc.curve, "line": stroke, "opacity": 0.75}
    return [line, {"type": "path", "path": arc.head, "fillcolor": stroke["color"], "line": {"width": 0}}]


def _box(box: Box, inset: float) -> dict[str, Any]:
    left, right = box.x - box.width / 2 + inset, box.x + box.width / 2 - inset
    top, low = box.y - box.height / 2 + inset, box.y + box.height / 2 - inset
    r = 8 - inset / 2
    path = f"M{left + r:.1f} {top:.1f}L{right - r:.1f} {top:.1f}Q{right:.1f} {top:.1f} {right:.1f} {top + r:.1f}"
    path += f"L{right:.1f} {low - r:.1f}Q{right:.1f} {low:.1f} {right - r:.1f} {low:.1f}"
    path += f"L{left + r:.1f} {low:.1f}Q{left:.1f} {low:.1f} {left:.1f} {low - r:.1f}"
    path += f"L{left:.1f} {top + r:.1f}Q{left:.1f} {top:.1f} {left + r:.1f} {top:.1f}Z"
    return {"type": "path", "path": path}


def _text(x: float, y: float, text: str, size: float, color: str) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": size, "color": color}}
