"""Which share of the stays lasts longer than a time? A curve a state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import plotly.graph_objects as go

from workbench.figures.layouts import band, duration_ticks, tall
from workbench.figures.tables import Part, panels, rows
from workbench.figures.theme import PALETTE, frame, nothing, thin
from workbench.figures.words import noun, percent, plain, span, word

_POINTS = 2_400  # of all curves together
_CURVES = 12  # beyond them no eye follows one
_DASHES = {"": "solid", "/": "dash", ".": "dot", "x": "dashdot"}  # of the patterns that tell look-alikes apart
_CENSORED = "Share of stays that last longer; stays still open are counted as such."
Curve = dict[str, list[tuple[float, float]]]


def survival(table: object, machine: Any = None, *, ended: bool = False, dark: bool | None = None) -> go.Figure:
    """Return a falling line a state: the share of stays that last longer than a time. Of groups, a line a group.

    Parameters
    ----------
    table
        The answer of `survival`: type, state, seconds, surviving, and for `ended` exits.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    ended
        Draw the stays that have ended only: a rising line, the share of them that was over after a time (ECDF).
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "seconds": 60.0, "surviving": 0.25, "exits": 3}
    >>> survival([line]).layout.title.text
    'Of the stays in paid, half are over after 1 min'
    """
    lines = rows(table, "state", "seconds", "exits" if ended else "surviving")
    parts, more = panels(lines)
    if not parts:
        return nothing("no life stayed in a state", dark=dark)
    whole = [(part, _rising(part) if ended else _falling(part)) for part in parts]
    note = "Stays that have ended; those still open are left out." if ended else _CENSORED
    every = [(part, state, points) for part, curve in whole for state, points in curve.items()]
    curves = sorted(every, key=lambda curve: -len(curve[2]))[:_CURVES]
    more += f" And {len(every) - len(curves):,} more curves, which are not drawn." if len(every) > len(curves) else ""
    height = tall(420, len(curves))
    figure = frame(_half(whole, ended=ended), note + more, dark=dark, height=height, showlegend=True)
    known = [seconds for _, _, points in curves for seconds, _ in points if seconds > 0] or [1.0]
    first = min(known) / 1.5
    room = max(40, _POINTS // max(1, len(curves)))
    for (name, line), (_, _, points) in zip(_looks(parts, curves, machine), curves, strict=True):
        line["color"] = thin(line["color"], dark=dark)
        _curve(figure, points, name, line, (first, room), ended=ended)
    axis = {"title": "time in the state (log scale)", "type": "log", **duration_ticks(first, max(known))}
    band(figure, 0, 1, "", **axis)
    what = "stays that are over" if ended else "stays still there"
    return figure.update_yaxes(title=what, ticksuffix=" %", range=[-1, 102])


def _falling(part: Part) -> Curve:
    found: Curve = {}
    for line in part.rows:
        found.setdefault(line["state"], []).append((line["seconds"], line["surviving"]))
    return found


def _rising(part: Part) -> Curve:
    ends: dict[str, list[tuple[float, int]]] = {}
    for line in part.rows:
        if line["exits"]:
            ends.setdefault(line["state"], []).append((line["seconds"], line["exits"]))
    found: Curve = {}
    for state, exits in ends.items():
        whole, so_far = sum(number for _, number in exits), 0
        for seconds, number in exits:
            so_far += number
            found.setdefault(state, []).append((seconds, so_far / whole))
    return found


def _half(whole: list[tuple[Part, Curve]], *, ended: bool) -> str:
    """Return when half of the stays of the slowest are over."""
    found = []
    for part, curve in whole:
        for state, points in curve.items():
            over = (seconds for seconds, share in points if (share >= 0.5 if ended else share <= 0.5))  # noqa: PLR2004  half
            found += [(seconds, part, state) for seconds in [next(over, None)] if seconds is not None]
    if not found:
        return "No state has seen half of its stays end"
    seconds, part, state = max(found, key=lambda one: one[0])
    several = {one.type for one, _ in whole}
    among = f" of {noun(part.type)}" if len(several) > 1 else ""
    group = f" ({part.group})" if part.group else ""
    return f"Of the stays{among} in {word(state)}{group}, half are over after {span(seconds)}"


def _looks(
    parts: Sequence[Part], curves: Sequence[tuple[Part, str, object]], machine: Any
) -> Iterator[tuple[str, dict[str, str]]]:
    """Return the name and the line of each curve: a colour a state, and dashes where that does not tell them apart."""
    types, grouped = len({part.type for part in parts}), len({part.group for part in parts}) > 1
    ink = [part.inks(machine) for part in parts]
    for number, (part, state, _) in enumerate(curves):
        nth = next(spot for spot, one in enumerate(parts) if one is part)
        worn = ink[nth][state]
        if grouped and len({state for _, state, _ in curves}) == 1:
            yield part.group, {"color": PALETTE[number % len(PALETTE)]}
            continue
        named = [noun(part.type, one=True)] * (types > 1) + [part.field, state, part.group]
        dash = _DASHES[worn.pattern] if len(parts) == 1 else list(_DASHES.values())[nth % len(_DASHES)]
        yield " ".join(filter(None, named)), {"color": worn.color, "dash": dash}


def _curve(
    figure: go.Figure,
    points: list[tuple[float, float]],
    name: str,
    line: dict[str, str],
    room: tuple[float, int],
    *,
    ended: bool,
) -> None:
    first, most = room
    steps = [point for point in points if point[0] > 0]  # a logarithmic axis has no nought
    at_once = [share for seconds, share in points if seconds <= 0] or [0.0 if ended else 1.0]
    every = -(-len(steps) // most) or 1
    shown = [(first, at_once[-1]), *steps[::-1][::every][::-1]]
    what = "were over after" if ended else "last longer than"
    figure.add_scatter(
        x=[seconds for seconds, _ in shown],
        y=[round(100 * share, 2) for _, share in shown],
        name=plain(name, 34),
        mode="lines",
        line={"shape": "hv", "width": 2, **line},
        text=[f"{percent(share)} {what} {span(seconds)}" for seconds, share in shown],
        hovertemplate="<b>%{fullData.name}</b><br>%{text}<extra></extra>",
    )
