"""How does every figure look, and which colour is a state? One theme, light and dark."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from zlib import crc32

import plotly.graph_objects as go
import plotly.io as pio

from workbench.figures.words import lines

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#C00068", "#999933")
PATTERNS = ("", "/", ".", "x")
WARNING = "#D55E00"
# Between the plot and what is written at its edge.
GAP = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}

_NAMED = {"red": "#F00", "green": "#008000", "blue": "#00F", "orange": "#FFA500", "yellow": "#FF0", "purple": "#800080"}
_NAMED |= {"gray": "#808080", "grey": "#808080", "black": "#000", "pink": "#FFC0CB", "teal": "#008080"}
_PROTAN = ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052))
_DEUTAN = ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969))
_SEEN = 4.5  # contrast of a line with its page
_TOLD_APART = 48  # states; beyond them no eye can, and comparing all with all takes its time
_EYES = (((1, 0, 0), (0, 1, 0), (0, 0, 1)), _PROTAN, _DEUTAN)
_ALIKE = (60, 45, 45)  # in 0-255 RGB, for each eye; nearer than this two areas side by side read as one


@dataclass(frozen=True)
class Ink:
    """The colour of a state, and a pattern where the colour alone would not tell it from another."""

    color: str
    pattern: str = ""


@dataclass(frozen=True)
class Paper:
    """What lies under the ink: a light or a dark page."""

    page: str
    text: str
    faint: str
    grid: str
    hatch: str
    scale: tuple[tuple[float, str], ...]


LIGHT = Paper("#FFFFFF", "#1F2937", "#667085", "#E5E7EB", "#C6CCD6", ((0.0, "#EAF2FB"), (1.0, "#0B4F8A")))
DARK = Paper("#111418", "#E6E9EE", "#9AA4B2", "#2A3038", "#4A5463", ((0.0, "#1B2A3A"), (1.0, "#8CC8FF")))


def paper(*, dark: bool | None) -> Paper:
    """Return the page a figure is drawn on; without a word, one as dark as Plotly's default template."""
    if dark is None:
        dark = "dark" in str(pio.templates.default)
    return DARK if dark else LIGHT


def inks(states: Iterable[str], machine: Any = None, *, beside: Iterable[Collection[str]] = ()) -> Mapping[str, Ink]:
    """Return the ink of each state: the machine's own colour, else one of the palette chosen by the state's name.

    Over the same states (or with the same machine) a name has the same ink in every figure and every process.
    States whose colours look alike, also to a colour-blind eye, get patterns.

    Parameters
    ----------
    states
        Names as the table has them.
    machine
        A Machine; its `metadata.color` wins, and its states are given ink first.
    beside
        Sets of names that are seen together, those of a type each: only within a set must colours differ. If left
        out, all states are.
    """
    declared = _declared(machine)
    sets = [set(names) for names in beside]
    sets.append(set(declared) if sets else {*declared, *states})
    known = [*declared, *sorted(set(states).union(*sets) - set(declared))]
    chosen: dict[str, Ink] = {}
    for name in known:
        if declared.get(name):
            chosen[name] = _apart(str(declared[name]), chosen.values())
    free = [color for color in PALETTE if not any(_alike(color, ink.color, 1.8) for ink in chosen.values())]
    for name in sorted(set(known) - set(chosen)):
        start = crc32(name.encode()) % len(PALETTE)
        order = PALETTE[start:] + PALETTE[:start]
        near = set().union(*(names for names in sets if name in names)) & set(chosen)
        if len(near) >= _TOLD_APART:
            chosen[name] = Ink(order[0], PATTERNS[start % len(PATTERNS)])
            continue
        worn = [chosen[other] for other in near]
        taken = {ink.color for ink in worn}
        color = next((one for one in order if one in free and one not in taken), order[0])
        chosen[name] = _apart(color, worn)
    return MappingProxyType(chosen)


def order(states: Iterable[str], machine: Any = None) -> list[str]:
    """Return each state once: in the machine's order, those it does not know after them as they were given."""
    given = list(dict.fromkeys(states))
    declared = [name for name in _declared(machine) if name in given]
    return declared + [name for name in given if name not in declared]


def fill(ink: Ink, solidity: float = 0.22, **more: Any) -> dict[str, Any]:
    """Return the marker of bars in this ink; words on them need a thin pattern."""
    patterned = {"pattern": _pattern(ink.pattern, solidity)} if ink.pattern else {}
    return {"color": ink.color, "line": {"width": 0}, **patterned, **more}


def fills(of: Sequence[Ink], **more: Any) -> dict[str, Any]:
    """Return the marker of bars, each in its own ink."""
    patterned = {"pattern": _pattern([ink.pattern for ink in of])} if any(ink.pattern for ink in of) else {}
    return {"color": [ink.color for ink in of], "line": {"width": 0}, **patterned, **more}


def _pattern(shape: str | list[str], solidity: float = 0.22) -> dict[str, Any]:
    return {"shape": shape, "solidity": solidity, "fgcolor": "#FFFFFF"}


def safe_colors(machine: Any) -> Any:
    """Return a machine, or machines, without colours of their own: figures then choose those any eye can tell apart.

    Parameters
    ----------
    machine
        A Machine, or Machines.

    Examples
    --------
    >>> import workbench as wb
    >>> device = wb.read_machines("machines/smart_device.yaml")["SmartDeviceStateMachine"]
    >>> inks(["error"], device)["error"].color, inks(["error"], safe_colors(device))["error"].color
    ('#EF4444', '#E69F00')
    """
    if isinstance(machine, Mapping):
        return {name: safe_colors(one) for name, one in machine.items()}
    bare = (replace(one, metadata={k: v for k, v in one.metadata.items() if k != "color"}) for one in machine.states)
    return replace(machine, states=tuple(bare))


def legible(color: str) -> str:
    """Return black or white, whichever can be read better on a colour.

    Examples
    --------
    >>> legible("#56B4E9"), legible("#0072B2")
    ('#000000', '#FFFFFF')
    """
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, color))


def contrast(one: str, other: str) -> float:
    """Return how well two colours are told apart by their light, as WCAG counts it: 1 (not at all) to 21."""
    dim, bright = sorted(map(_light, (one, other)))
    return (bright + 0.05) / (dim + 0.05)


def thin(color: str, *, dark: bool | None) -> str:
    """Return the colour for lines and dots: lighter on a dark page, until as little of it as that can be seen.

    Examples
    --------
    >>> thin("#0072B2", dark=False), thin("#0072B2", dark=True)
    ('#0072B2', '#2687BE')
    """
    page = paper(dark=dark)
    if page is LIGHT or _rgb(color) is None:
        return color
    mixed = (mix(color, "#FFFFFF", step / 20) for step in range(20))
    return next((one for one in mixed if contrast(one, page.page) >= _SEEN), color)


def mix(one: str, other: str, share: float) -> str:
    """Return a colour between two: the first at 0, the second at 1."""
    pairs = zip(_rgb(one) or (0, 0, 0), _rgb(other) or (0, 0, 0), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02X}" for a, b in pairs)


def _light(color: str) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    shares = (part / 255 for part in _rgb(color) or (0, 0, 0))
    red, green, blue = (part / 12.92 if part <= 0.04 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)  # noqa: PLR2004  sRGB
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def frame(title: str, note: str = "", *, dark: bool | None = None, height: int = 420, **layout: Any) -> go.Figure:
    """Return an empty figure that says its finding in the title and its units in the note.

    The height is that of what is drawn; title, note and axis come on top.
    """
    page = paper(dark=dark)
    head, said = lines(title), lines(note, 100)
    axis = {"gridcolor": page.grid, "linecolor": page.grid, "zeroline": False, "automargin": True}
    axis |= {"title": {"font": {"size": 13}}} | GAP
    rows = head.count("<br>") + 1
    text = {"text": head, "x": 0, "xanchor": "left", "yref": "container", "y": 1, "yanchor": "top"}
    pad = 14 if rows == 1 else 30  # Plotly sets the first of several rows that much higher than a single one
    text |= {"pad": {"t": pad, "l": 16}, "font": {"size": 17, "color": page.text}}
    if note:
        text["subtitle"] = {"text": said, "font": {"size": 12, "color": page.faint}}
    top = 26 + 22 * rows + (22 + 14 * said.count("<br>") if note else 0)
    figure = go.Figure(layout={"template": "plotly"})  # whatever a notebook draws its own figures with
    figure.update_layout(
        template={"layout": {"xaxis": axis, "yaxis": axis}},
        title=text,
        height=height + top,
        margin={"l": 24, "r": 32, "t": top + 8, "b": 44},
        meta={"head": top + 8},  # what a page spares that says the title itself
        paper_bgcolor=page.page,
        plot_bgcolor=page.page,
        font={"family": "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif", "size": 13, "color": page.text},
        hoverlabel={"align": "left", "bgcolor": page.page, "font": {"color": page.text}, "bordercolor": page.faint},
        bargap=0.28,
        **layout,
    )
    return figure


def nothing(question: str, *, dark: bool | None = None) -> go.Figure:
    """Return the figure of an empty table: a sentence instead of empty axes."""
    return sentence(f"Nothing to draw: {question}", dark=dark)


def sentence(said: str, *, dark: bool | None = None) -> go.Figure:
    """Return a figure that is its finding alone: of what keeps to every rule there is nothing to draw."""
    return frame(said, dark=dark, height=40).update_xaxes(visible=False).update_yaxes(visible=False)


def _declared(machine: Any) -> dict[str, str | None]:
    return {} if machine is None else {state.name: _valid(state.color) for state in machine.states}


def _valid(color: object) -> str | None:
    """Return the colour when Plotly knows it; a machine file may say anything."""
    if not isinstance(color, str) or "var(" in color:
        return None
    try:
        go.scatter.Line(color=color)
    except ValueError:
        return None
    return color


def _apart(color: str, others: Iterable[Ink]) -> Ink:
    """Return the colour with the first pattern that no look-alike among the others has."""
    worn = {ink.pattern for ink in others if _alike(color, ink.color)}
    return Ink(color, next((pattern for pattern in PATTERNS if pattern not in worn), PATTERNS[-1]))


def _alike(one: str, other: str, times: float = 1) -> bool:
    if one.casefold() == other.casefold():
        return True
    first, second = _rgb(one), _rgb(other)
    if first is None or second is None:
        return False
    gap = [a - b for a, b in zip(first, second, strict=True)]
    seen = (sum(sum(m * g for m, g in zip(row, gap, strict=True)) ** 2 for row in eye) ** 0.5 for eye in _EYES)
    return any(distance < times * least for distance, least in zip(seen, _ALIKE, strict=True))


def _rgb(color: str) -> tuple[int, ...] | None:
    color = _NAMED.get(color.casefold(), color)
    if re.fullmatch(r"#[0-9a-fA-F]{3}", color):
        return tuple(17 * int(digit, 16) for digit in color[1:])
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", color)
    return tuple(int(part, 16) for part in found.groups()) if found else None
