"""Which share of the stays lasts longer than a time? A curve a state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from workbench.figures.layouts import band
from workbench.figures.tables import Part, panels, rows
from workbench.figures.theme import PALETTE, frame, nothing
from workbench.figures.words import SECONDS, noun, plain, span, word

_POINTS = 2_400  # of all curves together
_CURVES = 24
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
    figure = frame(_half(whole, ended=ended), note + more, dark=dark, showlegend=True)
    grouped = len({part.group for part in parts}) > 1
    room = max(40, _POINTS // max(1, len(curves)))
    ink = [part.inks(machine) for part in parts]
    for number, (part, state, points) in enumerate(curves):
        color = ink[_nth(parts, part)][state].color
        named = [noun(part.type, one=True)] * (len({one.type for one in parts}) > 1) + [part.field, state, part.group]
        if grouped and len({state for _, state, _ in curves}) == 1:
            named, color = [part.group], PALETTE[number % len(PALETTE)]
        round_of = number // len(PALETTE) if len(parts) == 1 else _nth(parts, part)
        dash = ("solid", "dash", "dot", "dashdot")[round_of % 4]
        _curve(figure, points, " ".join(filter(None, named)), {"color": color, "dash": dash}, room, ended=ended)
    band(figure, 0, 1, "", title="time in the state", tickmode="array", type="log")
    figure.update_xaxes(tickvals=list(SECONDS.values()), ticktext=list(SECONDS))
    return figure.update_yaxes(title="over" if ended else "still there", tickformat=".0%", range=[0, 1.02])


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


def _curve(
    figure: go.Figure, points: list[tuple[float, float]], name: str, line: dict[str, str], most: int, *, ended: bool
) -> None:
    steps = [point for point in points if point[0] > 0]  # a logarithmic axis has no nought
    every = -(-len(steps) // most) or 1
    shown = steps[::-1][::every][::-1]
    what = "were over after" if ended else "last longer than"
    figure.add_scatter(
        x=[seconds for seconds, _ in shown],
        y=[round(share, 4) for _, share in shown],
        name=plain(name, 34),
        mode="lines",
        line={"shape": "hv", "width": 2, **line},
        text=[span(seconds) for seconds, _ in shown],
        hovertemplate=f"<b>%{{fullData.name}}</b><br>%{{y:.0%}} {what} %{{text}}<extra></extra>",
    )


def _nth(parts: Sequence[Part], part: Part) -> int:
    return next(number for number, one in enumerate(parts) if one is part)
