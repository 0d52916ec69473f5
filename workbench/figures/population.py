"""How many lives are in each state? At an instant, and over time."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Row, machine_for, panels, rows
from workbench.figures.theme import fill, frame, heading, inks, names, nothing, order, paper, rank_axis
from workbench.figures.words import count, moment, noun, percent, plain
from workbench.instants import Instant, instant

_ROW = 30
_INSTANTS = 1_500
_POINTS = 30_000


def state_distribution(
    table: object, machine: Any = None, *, at: Instant | None = None, dark: bool = False
) -> go.Figure:
    """Return bars: how many lives of each type are in each state.

    Parameters
    ----------
    table
        The answer of `state_distribution`: type, state, aggregates, and if it is there instant.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    at
        The instant the answer was asked for, where the table does not say it.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> figure = state_distribution([{"type": "Order", "state": "paid", "aggregates": 3, "share": 1.0}])
    >>> figure.layout.title.text
    '3 of 3 orders are paid'
    """
    lines = rows(table, "state", "aggregates")
    parts = panels(lines)
    if not parts:
        return nothing("no life has a state", dark=dark)
    asked = lines[0].get("instant") if at is None else instant(at)
    when = "" if asked is None else f" at {moment(asked)}"
    said = [_largest(whose, part) for whose, part in parts]
    total = count(sum(line["aggregates"] for line in lines))
    title = said[0] + when if len(parts) == 1 else f"Where {total} of {len(parts)} types are{when}"
    figure = frame(title, _unknown(lines), dark=dark, showlegend=False, barmode="overlay")
    labels: list[str] = []
    for (whose, part), head in zip(parts, said, strict=True):
        mine = machine_for(machine, whose, map(_name, part), alone=len(parts) == 1)
        if len(parts) > 1:
            heading(figure, head, y=len(labels))
            labels.append("")
        labels += _bars(figure, whose, part, mine, len(labels))
    rank_axis(figure, labels)
    figure.update_layout(height=figure.layout.height - 420 + 70 + _ROW * len(labels), margin_r=110)
    return figure.update_xaxes(title="lives in the state", rangemode="tozero")


def states_over_time(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return stacked areas: how many lives are in each state at each instant (UTC).

    Parameters
    ----------
    table
        The answer of `states_over_time`: type, instant, state, aggregates.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> table = [{"type": "Order", "instant": "2026-01-01", "state": "paid", "aggregates": n} for n in (3,)]
    >>> states_over_time(table).layout.title.text
    '3 orders on 2026-01-01 UTC, 3 of them paid'
    """
    lines = rows(table, "instant", "state", "aggregates")
    parts = panels(lines)
    if not parts:
        return nothing("no life has a state in this window", dark=dark)
    times = sorted({line["instant"] for line in lines})
    states = len({(line.get("type"), line["state"]) for line in lines})
    every = max(-(-len(times) // _INSTANTS), -(-len(times) * states // _POINTS))
    shown = times[::-1][::every][::-1]
    said = [_at_the_end(whose, part, times[-1]) for whose, part in parts]
    title = said[0] if len(parts) == 1 else f"Where the lives of {len(parts)} types were over time"
    note = "" if every == 1 else f"One instant of {every} is drawn."
    figure = frame(title, note, dark=dark, height=380 if len(parts) == 1 else 230 * len(parts))
    figure.update_layout(hovermode="x")
    for number, (whose, part) in enumerate(parts):
        mine = machine_for(machine, whose, map(_name, part), alone=len(parts) == 1)
        _areas(figure, (whose, number, len(parts)), part, mine, shown, dark=dark)
        if len(parts) > 1:
            _panel(figure, number, len(parts), said[number])
    return figure


def _name(line: Row) -> str:
    return "(unknown)" if line["state"] is None else str(line["state"])


def _largest(type: str, part: list[Row]) -> str:
    total = sum(line["aggregates"] for line in part)
    top = max(part, key=lambda line: line["aggregates"])
    verb = "is" if total == 1 else "are"
    return f"{top['aggregates']:,} of {count(total, type)} {verb} {_name(top)}"


def _unknown(lines: list[Row]) -> str:
    lost = sum(line["aggregates"] for line in lines if line["state"] is None)
    return f"{count(lost)} without a known state." if lost else ""


def _bars(figure: go.Figure, type: str, part: list[Row], machine: Any, first: int) -> list[str]:
    """Draw one type's bars from line `first` down and return their labels."""
    total = sum(line["aggregates"] for line in part) or 1
    by_state = {_name(line): line for line in sorted(part, key=lambda line: -line["aggregates"])}
    states = order(by_state, machine)
    ink = inks(states, machine)
    for place, state in enumerate(states, first):
        number = by_state[state]["aggregates"]
        share = percent(number / total)
        figure.add_bar(
            orientation="h",
            x=[number],
            y=[place],
            marker=fill(ink[state]),
            text=[f"{number:,}  ({share})"],
            textposition="outside",
            cliponaxis=False,
            hoverinfo="text",
            hovertext=[f"<b>{plain(state)}</b><br>{number:,} of {plain(count(total, type))} ({share})"],
        )
    return names(states)


def _at_the_end(type: str, part: list[Row], last: Any) -> str:
    final = [line for line in part if line["instant"] == last] or part[-1:]
    total = sum(line["aggregates"] for line in final)
    top = max(final, key=lambda line: line["aggregates"])
    return f"{count(total, type)} on {moment(last)}, {top['aggregates']:,} of them {_name(top)}"


def _areas(
    figure: go.Figure, where: tuple[str, int, int], part: list[Row], machine: Any, shown: list[Any], *, dark: bool
) -> None:
    whose, number, parts = where
    cells = {(_name(line), line["instant"]): line["aggregates"] for line in part}
    states = order((state for state, _ in sorted(cells, key=lambda cell: (cell[1], cell[0]))), machine)
    ink = inks(states, machine)
    axis = "" if number == 0 else str(number + 1)
    for state in states:
        figure.add_scatter(
            **_even(shown),
            y=[cells.get((state, time), 0) for time in shown],
            name=plain(state, 28),
            legend=f"legend{axis}",
            stackgroup=str(number),
            mode="lines",
            line={"width": 0.7, "color": paper(dark=dark).page},
            fillcolor=ink[state].color,
            fillpattern={"shape": ink[state].pattern, "solidity": 0.2, "fgcolor": "#FFFFFF"},
            hovertemplate="%{fullData.name}  %{y:,}<extra></extra>",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )
    top = 1 - number / parts - (0.14 / parts if parts > 1 else 0)
    figure.update_layout({f"legend{axis}": {"traceorder": "reversed", "x": 1.05, "y": top, "yanchor": "top"}})
    time_axis = {
        "type": "date",
        "hoverformat": "%Y-%m-%d %H:%M UTC",
        "title": "time (UTC)" if number == parts - 1 else None,
        "anchor": f"y{axis}",
    }
    figure.update_layout(
        {f"xaxis{axis}": time_axis, f"yaxis{axis}": {"title": plain(noun(whose)), "anchor": f"x{axis}"}}
    )


def _even(times: list[Any]) -> dict[str, Any]:
    """Return instants for Plotly: the first and the step where they are evenly spaced, which is much less to send."""
    steps = {after - before for before, after in pairwise(times)} if isinstance(times[0], datetime) else set()
    if len(steps) != 1:
        return {"x": times}
    return {"x0": times[0], "dx": steps.pop().total_seconds() * 1000}


def _panel(figure: go.Figure, number: int, parts: int, head: str) -> None:
    """Place one type's axes in its band of the figure, the first on top, its finding above it."""
    edges = [1 - row / parts for row in range(parts + 1)]
    top, bottom = list(pairwise(edges))[number]
    axis = "" if number == 0 else str(number + 1)
    band = top - bottom
    figure.update_layout({f"yaxis{axis}": {"domain": [bottom + 0.17 * band, top - 0.14 * band]}})
    if number:
        figure.update_layout({f"xaxis{axis}": {"matches": "x"}})
    heading(figure, head, y=top, yref="paper", yanchor="top")
