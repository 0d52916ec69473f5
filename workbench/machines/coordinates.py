"""Where does everything of a machine's drawing go, as plain numbers and paths for a browser?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from workbench.machines.drawing import ENTRY, NEUTRAL, Box, Drawing, Label, Loop, level_head, shortened
from workbench.machines.layout import layout
from workbench.machines.model import Machine, Transition
from workbench.machines.svg import safe_color, tooltip


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
    said = [
        name if name.strip() else shortened(name),
        (known.description or "") if known else "",
        "" if declared else "not declared",
    ]
    return {
        "name": name,
        "label": shortened(name),
        "title": " · ".join(filter(None, said)),
        "x": round(box.x, 1),
        "y": round(box.y, 1),
        "width": round(box.width, 1),
        "height": round(box.height, 1),
        "color": color or NEUTRAL,
        "final": bool(known and known.final),
        "declared": declared,
    }


def _label(label: Label, transition: Transition, off: Collection[int]) -> dict[str, Any]:
    tail, head = label.arrow()
    return {
        "text": label.text,
        "title": tooltip(transition),
        "x": round(label.x, 1),
        "y": round(label.y, 1),
        "tail": tail.path(),
        "head": head,
        "transition": label.transition,
        "off": label.transition in off,
    }


def _loop(loop: Loop, box: Box, transition: Transition, off: Collection[int]) -> dict[str, Any]:
    arc = loop.arc(box)
    return {
        "from": loop.state,
        "to": loop.state,
        "text": loop.text,
        "title": tooltip(transition),
        "x": round(box.x, 1),
        "y": round(arc.y, 1),
        "path": arc.curve,
        "head": arc.head,
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
        "head": level_head(left, box.y, 1),
    }
