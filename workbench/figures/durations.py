"""How long do lives stay in each state? Median and p90, in bars."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Row, machine_for, panels, rows
from workbench.figures.theme import fill, frame, heading, inks, names, nothing, order, paper, rank_axis
from workbench.figures.words import SECONDS, noun, plain, span

_ROW = 38
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_SPREAD = 100  # longest over shortest; beyond it short stays would vanish on an even scale


def time_in_state(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return bars: the median stay in each state, and the stay that one in ten exceeds (p90).

    Closed stays with a known start are drawn; open ones and those without a known start are counted beside them.

    Parameters
    ----------
    table
        The answer of `time_in_state`: type, state, stays, open, unknown_start, median_seconds, p90_seconds.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "stays": 3, "median_seconds": 90.0, "p90_seconds": 600.0}
    >>> time_in_state([line]).layout.title.text
    'Orders stay longest in paid: half of the stays there take more than 1 min 30 s'
    """
    lines = rows(table, "state", "stays", "median_seconds", "p90_seconds")
    parts = panels(lines)
    if not parts:
        return nothing("no life stayed in a state", dark=dark)
    said = [_longest(whose, part) for whose, part in parts]
    title = said[0] if len(parts) == 1 else f"How long the lives of {len(parts)} types stay in each state"
    figure = frame(title, _left_out(lines), dark=dark, barmode="overlay", showlegend=False)
    labels: list[str] = []
    drawn = [line[key] for line in lines for key in ("median_seconds", "p90_seconds") if line[key]]
    scale = _scale(figure, drawn)
    figure.update_layout(margin_r=170)
    for (whose, part), head in zip(parts, said, strict=True):
        mine = machine_for(machine, whose, (str(line["state"]) for line in part), alone=len(parts) == 1)
        if len(parts) > 1:
            heading(figure, head, y=len(labels))
            labels.append("")
        labels += _pairs(figure, part, mine, (len(labels), scale), dark=dark)
    rank_axis(figure, labels)
    return figure.update_layout(height=figure.layout.height - 420 + 70 + _ROW * len(labels))


def _longest(type: str, part: list[Row]) -> str:
    closed = [line for line in part if line["median_seconds"] is not None]
    who = noun(type).capitalize()
    if not closed:
        return f"{who} have left no state yet"
    top = max(closed, key=lambda line: line["median_seconds"])
    return f"{who} stay longest in {top['state']}: half of the stays there take more than {span(top['median_seconds'])}"


def _left_out(lines: list[Row]) -> str:
    still = sum(line.get("open") or 0 for line in lines)
    unknown = sum(line.get("unknown_start") or 0 for line in lines)
    said = "Thick bar: median; thin bar: one stay in ten is longer (p90)."
    if not still and not unknown:
        return said
    return f"{said} Left out: {still:,} stays still open, {unknown:,} without a known start."


def _scale(figure: go.Figure, seconds: list[float]) -> float:
    """Set up the axis of durations and return how many seconds one of its units has."""
    longest, shortest = max(seconds, default=1.0), min(seconds, default=1.0)
    if longest / shortest > _SPREAD:
        figure.update_xaxes(type="log", title="time in the state (log scale)")
        figure.update_xaxes(tickmode="array", tickvals=list(SECONDS.values()), ticktext=list(SECONDS))
        return 1
    name, size = next((unit for unit in _UNITS if longest >= 2 * unit[1]), _UNITS[-1])
    figure.update_xaxes(title=f"time in the state ({name})", rangemode="tozero")
    return size


def _pairs(figure: go.Figure, part: list[Row], machine: Any, place: tuple[int, float], *, dark: bool) -> list[str]:
    """Draw one type's bars from a line down, in units of `scale` seconds, and return their labels."""
    first, scale = place
    by_state = {str(line["state"]): line for line in sorted(part, key=lambda line: -(line["median_seconds"] or 0))}
    states = order(by_state, machine)
    ink = inks(states, machine)
    for spot, state in enumerate(states, first):
        line = by_state[state]
        if line["median_seconds"] is None:
            text = f"{line.get('open') or 0:,} still inside, none left"
            figure.add_annotation(x=0.01, xref="paper", y=spot, text=text, showarrow=False, xanchor="left")
            continue
        shared = {"orientation": "h", "y": [spot], "hoverinfo": "text", "hovertext": [_hover(state, line)]}
        figure.add_bar(
            **shared,
            x=[line["p90_seconds"] / scale],
            width=0.34,
            marker=fill(ink[state], opacity=0.4),
            text=[_said(line)],
            textposition="outside",
            cliponaxis=False,
            textfont={"color": paper(dark=dark).text, "size": 12},
        )
        figure.add_bar(**shared, x=[line["median_seconds"] / scale], width=0.72, marker=fill(ink[state]))
    return names(states)


def _said(line: Row) -> str:
    return "" if line["median_seconds"] is None else f"{span(line['median_seconds'])} · {span(line['p90_seconds'])}"


def _hover(state: str, line: Row) -> str:
    said = [f"<b>{plain(state)}</b>", f"median {span(line['median_seconds'])}", f"p90 {span(line['p90_seconds'])}"]
    if line.get("mean_seconds") is not None:
        said.append(f"mean {span(line['mean_seconds'])}")
    said.append(f"{line['stays']:,} stays, {line.get('open') or 0:,} of them open")
    return "<br>".join([*said, f"{line.get('unknown_start') or 0:,} without a known start"])
