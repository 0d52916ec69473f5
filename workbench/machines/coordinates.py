"""Where does everything of a machine's drawing go, as plain numbers and paths for a browser?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workbench.machines.drawing import ENTRY, Box, Drawing, Label, Line, Loop, shortened
from workbench.machines.layout import layout
from workbench.machines.model import Machine, Transition
from workbench.machines.svg import safe_color

_HEAD = 7.0
_NEUTRAL = "#8A94A6"


def coordinates(
    machine: Machine,
    *,
    colors: Mapping[str, str] | None = None,
    off_states: Collection[str] = (),
    off_transitions: Collection[int] = (),
    tall: float = 46.0,
) -> dict[str, Any]:
    """Return the drawing of a machine as JSON: what `drawMachine` of the widgets' core.js draws.

    Parameters
    ----------
    machine
        The machine, laid out as in its `svg()`.
    colors
        State to colour (#RRGGBB or a name); `metadata.color`, else a neutral one where a state has none here.
    off_states, off_transitions
        States, and ordinals of transitions, that the machine does not declare: drawn dashed.
    tall
        How tall the box of a state is at least; 46 pixels hold its name and a number.

    Returns
    -------
    dict
        width, height (pixels); states: name, label, title, x, y (centre), width, height, color, final, declared;
        labels: text, title, x, y, tail, head (SVG paths), off; routes: from, to, label (index), path, off; loops:
        from, to, text, title, path, head, x, y, off; each way with the ordinal of its transition. entry: x, y, path,
        head, or None.
    """
    drawing = layout(machine, tall=tall)
    off = set(off_transitions)
    inks = {state.name: safe_color(state.color) for state in machine.states} | {
        name: safe_color(color) for name, color in (colors or {}).items()
    }
    return {
        "width": round(drawing.width),
        "height": round(drawing.height),
        "states": [_state(machine, name, box, inks.get(name), off_states) for name, box in drawing.boxes.items()],
        "labels": [_label(label, machine.transitions[label.transition], off) for label in drawing.labels],
        "routes": [
            {
                "from": route.from_state,
                "to": route.to_state,
                "label": route.label,
                "path": route.line.path(),
                "transition": route.transition,
                "off": route.transition in off,
            }
            for route in drawing.routes
        ],
        "loops": [
            _loop(loop, drawing.boxes[loop.state], machine.transitions[loop.transition], off) for loop in drawing.loops
        ],
        "entry": _entry(drawing, machine.initial),
    }


def _state(machine: Machine, name: str, box: Box, color: str | None, off_states: Collection[str]) -> dict[str, Any]:
    known = machine.state(name) if name in machine.state_names else None
    declared = known is not None and name not in off_states
    said = [name, (known.description or "") if known else "", "" if declared else "not declared"]
    return {
        "name": name,
        "label": shortened(name),
        "title": " · ".join(filter(None, said)),
        "x": round(box.x, 1),
        "y": round(box.y, 1),
        "width": round(box.width, 1),
        "height": round(box.height, 1),
        "color": color or _NEUTRAL,
        "final": bool(known and known.final),
        "declared": declared,
    }


def _title(transition: Transition) -> str:
    said = [transition.label]
    said += [f"guard: {transition.guard.text()}"] if transition.guard else []
    said += [f"actions: {', '.join(transition.actions)}"] if transition.actions else []
    return " · ".join(said)


def _label(label: Label, transition: Transition, off: Collection[int]) -> dict[str, Any]:
    *before, (x, y) = label.tail.points
    way = 1 if x > before[-1][0] else -1
    return {
        "text": label.text,
        "title": _title(transition),
        "x": round(label.x, 1),
        "y": round(label.y, 1),
        "tail": Line((*before, (x - way * (_HEAD - 1), y))).path(),
        "head": _level_head(x, y, way),
        "transition": label.transition,
        "off": label.transition in off,
    }


def _level_head(x: float, y: float, way: int) -> str:
    back = x - way * _HEAD
    return f"M{x:.1f} {y:.1f}L{back:.1f} {y - 3.6:.1f}L{back:.1f} {y + 3.6:.1f}Z"


def _loop(loop: Loop, box: Box, transition: Transition, off: Collection[int]) -> dict[str, Any]:
    top = box.y - box.height / 2
    peak, reach = top - 13 - 24 * loop.nth, 13 + 5 * loop.nth
    start, end = box.x - reach, box.x + reach
    return {
        "from": loop.state,
        "to": loop.state,
        "text": loop.text,
        "title": _title(transition),
        "x": round(box.x, 1),
        "y": round(peak - 3, 1),
        "path": f"M{start:.1f} {top:.1f}C{start - 7:.1f} {peak:.1f} {end + 7:.1f} {peak:.1f} {end:.1f} {top - 6:.1f}",
        "head": f"M{end:.1f} {top:.1f}L{end - 3.6:.1f} {top - _HEAD:.1f}L{end + 3.6:.1f} {top - _HEAD:.1f}Z",
        "transition": loop.transition,
        "off": loop.transition in off,
    }


def _entry(drawing: Drawing, initial: str) -> dict[str, Any] | None:
    if initial not in drawing.boxes:
        return None
    box = drawing.boxes[initial]
    left = box.x - box.width / 2
    return {
        "x": round(left - ENTRY + 4, 1),
        "y": round(box.y, 1),
        "path": f"M{left - ENTRY + 6:.1f} {box.y:.1f}L{left - 6:.1f} {box.y:.1f}",
        "head": _level_head(left, box.y, 1),
    }
