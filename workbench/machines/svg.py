"""What does a machine look like? One self-contained SVG element, readable on light and on dark paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from workbench.cards import amount
from workbench.machines.drawing import (
    ENTRY,
    LABEL_SIZE,
    NEUTRAL,
    STATE_SIZE,
    Box,
    Drawing,
    Loop,
    level_head,
    shortened,
)
from workbench.machines.layout import layout
from workbench.machines.layout_around import Part, part_around, whole
from workbench.machines.model import Machine, Transition
from workbench.machines.reach import predecessors, reached, unreachable

MOST_STATES = 150
SMALLEST = 0.7  # of its size: narrower than that a drawing is scrolled, for its texts could not be read
MOST_EDGES = 400
_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-zA-Z]{3,20}")
_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_INK = "var(--wb-page-ink,var(--jp-content-font-color1,var(--vscode-editor-foreground,{})))"
_STYLE = (
    f".wb-machine{{--wb-ink:{_INK.format('#1F2937')};--wb-faint:var(--wb-page-faint,#667085);font-family:{_FONT}}}"
    f"@media(prefers-color-scheme:dark){{.wb-machine{{--wb-ink:{_INK.format('#E6E9EE')};--wb-faint:var(--wb-page-faint,#9AA4B2)}}}}"
    "[data-jp-theme-light=false] .wb-machine{--wb-faint:var(--wb-page-faint,#9AA4B2)}"
    "[data-jp-theme-light=true] .wb-machine{--wb-faint:var(--wb-page-faint,#667085)}"
    f".wb-machine text{{text-anchor:middle;dominant-baseline:central;fill:var(--wb-ink);font-size:{STATE_SIZE:g}px}}"
    f".wb-machine .wb-label{{font-size:{LABEL_SIZE:g}px;fill:var(--wb-faint)}}"
    ".wb-machine .wb-state text{font-weight:600}"
    ".wb-machine .wb-line{fill:none;stroke:var(--wb-faint);stroke-width:1.3;stroke-opacity:.75}"
    ".wb-machine .wb-head{fill:var(--wb-faint)}"
    ".wb-machine .wb-never rect{stroke-dasharray:4 3}"
    ".wb-machine .wb-cut text{font-style:italic}"
    ".wb-machine .wb-stop{stroke:var(--wb-ink);stroke-width:3;stroke-linecap:round}"
)


@dataclass(frozen=True)
class _Marks:
    """What a drawing says of its states beside their names; the part drawn, and what holds in the whole machine."""

    part: Part
    never: set[str]
    dead: set[str]
    around: str | None

    def kind(self, name: str) -> str:
        """Return the classes of a state."""
        marks = {"wb-never": name in self.never, "wb-dead": name in self.dead, "wb-cut": name in self.part.cut}
        return " ".join(["wb-state", *(mark for mark, holds in marks.items() if holds)])

    def said(self, name: str) -> list[str]:
        """Return what the tooltip of a state says."""
        machine = self.part.machine
        declared = name in machine.state_names
        description = machine.state(name).description if declared else None
        cut = self.part.cut.get(name, 0)
        said = {
            description or "": bool(description),
            "not declared": not declared,
            "cannot be reached": declared and name in self.never,
            "no final state can be reached from here": name in self.dead,
            f"{cut} more {'way' if cut == 1 else 'ways'} in or out": cut > 0,
        }
        return [name, *(text for text, holds in said.items() if holds)]

    def transition(self, index: int, inside: str) -> str:
        """Return the element of a transition of the part, with its tooltip."""
        title = f"<title>{safe_text(tooltip(self.part.machine.transitions[index]))}</title>"
        return f'<g class="wb-transition" data-transition="{self.part.ordinals[index]}">{title}{inside}</g>'


def machine_svg(machine: Machine, *, around: str | None = None, steps: int = 2) -> str:
    """Return the machine as an SVG element: no script, no reference to anything outside it.

    The initial state bears a dot and an arrow, a final state a double border; what no run can reach is dashed, and a
    bar closes a state from which no declared final state can be reached. It follows a notebook's theme, else the
    reader's; a page with colours of its own sets --wb-page-ink and --wb-page-faint. States are
    `g.wb-state[data-state]`, transitions `g.wb-transition[data-transition]`, which is their ordinal in the file.

    Parameters
    ----------
    around
        Draw only what lies around this state, which a large machine needs.
    steps
        How many steps before and after it.

    Raises
    ------
    UnknownNameError
        When the machine has no state of that name.
    """
    part = whole(machine) if around is None else part_around(machine, around, steps)
    if not drawable(part.machine):
        return _too_large(machine, part.machine)
    drawing = layout(part.machine)
    marks = _Marks(
        part,
        never={*unreachable(machine), *(name for name in drawing.boxes if name not in machine.state_names)},
        dead=_dead(machine),
        around=around,
    )
    parts = [_transition(marks, drawing, index) for index in range(len(drawing.labels))]
    parts += [_loop(marks, loop, drawing.boxes[loop.state]) for loop in drawing.loops]
    parts += [_state(marks, name, box) for name, box in drawing.boxes.items()]
    parts += [_entry(drawing.boxes[machine.initial])] if machine.initial in drawing.boxes else []
    return _element(machine, drawing.width, drawing.height, "".join(parts))


def drawable(machine: Machine) -> bool:
    """Return whether a machine is small enough to be drawn as a whole."""
    return len(machine.states) <= MOST_STATES and sum(len(t.from_states) for t in machine.transitions) <= MOST_EDGES


def _dead(machine: Machine) -> set[str]:
    """Return the states from which no declared final state can be reached; none where none is declared."""
    if not machine.declared_finals:
        return set()
    ending = reached(predecessors(machine), machine.declared_finals)
    return set(machine.state_names).difference(ending)


def safe_color(color: str | None) -> str | None:
    """Return a colour as declared if it is one (#RGB, #RRGGBB or a name), else None."""
    return color if color is not None and _COLOR.fullmatch(color) else None


def safe_text(text: str) -> str:
    """Return the text for XML: escaped, and without the characters XML forbids."""
    return escape("".join(c if c.isprintable() or c == " " else "\N{REPLACEMENT CHARACTER}" for c in text))


def tooltip(transition: Transition) -> str:
    """Return what the tooltip of a transition says: its label, its guard, its actions."""
    said = [transition.label]
    said += [f"guard: {transition.guard.text()}"] if transition.guard else []
    said += [f"actions: {', '.join(transition.actions)}"] if transition.actions else []
    return " · ".join(said)


def _element(machine: Machine, width: float, height: float, inside: str) -> str:
    counted = f"{amount(len(machine.states), 'state')}, {amount(len(machine.transitions), 'transition')}"
    title = f"State machine {machine.name}: {counted}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wb-machine" role="img" aria-label="{safe_text(title)}" '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'style="max-width:100%;min-width:{width * SMALLEST:.0f}px;height:auto"><style>{_STYLE}</style>{inside}</svg>'
    )


def _too_large(machine: Machine, part: Machine) -> str:
    many = f"{len(part.states)} states"
    if len(part.states) <= MOST_STATES:
        many = f"{sum(len(transition.from_states) for transition in part.transitions)} transitions"
    text = f"{many} are too many to draw: svg(around=a state) draws a part"
    return _element(machine, 520, 60, f'<text x="260" y="30">{text}</text>')


def _transition(marks: _Marks, drawing: Drawing, index: int) -> str:
    label = drawing.labels[index]
    lines = [f'<path class="wb-line" d="{r.line.path()}"/>' for r in drawing.routes if r.label == index]
    text = _text(label.x, label.y, label.text) if label.text else ""
    tail, head = label.arrow()
    return marks.transition(label.transition, "".join([*lines, _arrow(tail.path(), head), text]))


def _loop(marks: _Marks, loop: Loop, box: Box) -> str:
    arc = loop.arc(box)
    return marks.transition(loop.transition, _arrow(arc.curve, arc.head) + _text(box.x, arc.y, loop.text))


def _arrow(way: str, head: str) -> str:
    return f'<path class="wb-line" d="{way}"/><path class="wb-head" d="{head}"/>'


def _text(x: float, y: float, text: str) -> str:
    return f'<text class="wb-label" x="{x:.1f}" y="{y:.1f}">{safe_text(text)}</text>'


def _state(marks: _Marks, name: str, box: Box) -> str:
    machine = marks.part.machine
    state = machine.state(name) if name in machine.state_names else None
    color = (safe_color(state.color) if state else None) or NEUTRAL
    left, top = box.x - box.width / 2, box.y - box.height / 2
    width = 3.2 if name == marks.around else 1.8
    frame = f'x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="8"'
    rect = f'<rect {frame} fill="{color}" fill-opacity=".16" stroke="{color}" stroke-width="{width}"/>'
    if state and state.final:
        inner = (
            f'x="{left + 3.5:.1f}" y="{top + 3.5:.1f}" width="{box.width - 7:.1f}" height="{box.height - 7:.1f}" rx="5"'
        )
        rect += f'<rect {inner} fill="none" stroke="{color}" stroke-width="1"/>'
    if name in marks.dead:
        x, low = left + box.width - 5, top + box.height
        rect += f'<path class="wb-stop" d="M{x:.1f} {top + 7:.1f}L{x:.1f} {low - 7:.1f}"/>'
    title = f"<title>{safe_text(' · '.join(marks.said(name)))}</title>"
    text = f'<text x="{box.x:.1f}" y="{box.y:.1f}">{safe_text(shortened(name))}</text>'
    return f'<g class="{marks.kind(name)}" data-state="{safe_text(name)}">{title}{rect}{text}</g>'


def _entry(box: Box) -> str:
    left = box.x - box.width / 2
    arrow = _arrow(f"M{left - ENTRY + 6:.1f} {box.y:.1f}L{left - 6:.1f} {box.y:.1f}", level_head(left, box.y, 1))
    dot = f'<circle class="wb-head" cx="{left - ENTRY + 4:.1f}" cy="{box.y:.1f}" r="4.5"/>'
    return f'<g class="wb-entry"><title>initial state</title>{dot}{arrow}</g>'
