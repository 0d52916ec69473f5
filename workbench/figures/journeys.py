"""Which way do lives go? Through the steps of a funnel, and along sequences of states."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Row, machine_for, panels, rows, steps
from workbench.figures.theme import Ink, fill, frame, inks, legible, nothing, order, paper, rank_axis
from workbench.figures.words import count, noun, percent, plain, span

_ROW = 46
_LONG = 14  # states of a variant that are drawn


def funnel(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return bars, one a step: how many lives reached it, which share, and how long they took from the step before.

    Parameters
    ----------
    table
        The answer of `funnel`: step, state, aggregates, of_first, of_previous, median_seconds.
    machine
        A Machine for the colours of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> table = [{"step": 1, "state": "new", "aggregates": 4}, {"step": 2, "state": "paid", "aggregates": 3}]
    >>> funnel(table).layout.title.text
    '3 of 4 lives went from new to paid (75 %)'
    """
    lines = sorted(rows(table, "step", "state", "aggregates"), key=lambda line: line["step"])
    if not lines or not lines[0]["aggregates"]:
        return nothing("no life entered the first step", dark=dark)
    whose = str(lines[0].get("type") or "")
    mine = machine_for(machine, whose)
    states = [str(line["state"]) for line in lines]
    numbers = [line["aggregates"] for line in lines]
    ink = inks(states, mine)
    figure = frame(
        _converted(states, numbers, whose), "Time: median from the step before.", dark=dark, showlegend=False
    )
    page = paper(dark=dark)
    for spot, (line, before) in enumerate(zip(lines, [None, *lines], strict=False)):
        bar = {"orientation": "h", "y": [spot], "hoverinfo": "text", "width": 0.62}
        bar["hovertext"] = [_step(line, before, numbers[0])]
        figure.add_bar(**bar, x=[numbers[0]], marker={"color": page.grid, "opacity": 0.5})
        figure.add_bar(**bar, x=[numbers[spot]], marker=fill(ink[states[spot]]))
    for spot, line in enumerate(lines):
        said = f"<b>{line['aggregates']:,}</b>  {percent(line['aggregates'] / numbers[0])}"
        if spot and line.get("median_seconds") is not None:
            said += f"  ·  after {span(line['median_seconds'])}"
        figure.add_annotation(x=numbers[0], y=spot, text=said, xanchor="left", xshift=10, showarrow=False)
    figure.update_layout(barmode="overlay", height=figure.layout.height - 420 + 70 + _ROW * len(lines), margin_r=210)
    figure.update_xaxes(title=f"{noun(whose)} that got this far", rangemode="tozero", range=[0, numbers[0]])
    rank_axis(figure, [f"{line['step']}. {plain(state, 26)}" for line, state in zip(lines, states, strict=True)])
    return figure


def variants(table: object, machine: Any = None, *, top: int = 12, dark: bool = False) -> go.Figure:
    """Return one lane a sequence of states, the commonest first, with its share and what all so far cover.

    Parameters
    ----------
    table
        The answer of `variants`: variant, states, aggregates, share, median_seconds.
    machine
        A Machine for the colours of the states.
    top
        How many are drawn; the title says of how many.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> variants([{"states": ["new", "paid"], "aggregates": 3}]).layout.title.text
    'All 3 lives go the same way: new → paid'
    """
    lines = sorted(rows(table, "states", "aggregates"), key=lambda line: -line["aggregates"])
    if not lines:
        return nothing("no life has a state", dark=dark)
    shown = lines[:top]
    paths = [steps(line["states"]) for line in shown]
    ways = [way for way, _ in panels(lines)]
    whose = ways[0] if len(ways) == 1 else ""
    names = order((state for path in paths for state in path[:_LONG]), machine_for(machine, whose))
    ink = inks(names, machine_for(machine, whose))
    total = sum(line["aggregates"] for line in lines)
    figure = frame(_commonest(lines, paths[0], total, whose), _coverage(lines, top, total), dark=dark)
    for state in names:
        _blocks(figure, state, ink[state], paths, dark=dark)
    width = _counts(figure, shown, paths, total)
    figure.update_layout(barmode="overlay", height=figure.layout.height - 420 + 60 + 30 * len(shown), margin_r=290)
    figure.update_layout(uniformtext={"mode": "hide", "minsize": 9}, legend={"orientation": "h", "y": -0.02, "x": 0})
    figure.update_xaxes(visible=False, range=[0, width])
    prefix = {way: "" if whose else f"{plain(noun(way), 20)} " for way in ways}
    labels = [
        f"{prefix.get(str(line.get('type') or ''), '')}{line.get('variant') or spot}"
        for spot, line in enumerate(shown, 1)
    ]
    rank_axis(figure, labels)
    return figure


def _counts(figure: go.Figure, shown: list[Row], paths: list[list[str]], total: int) -> int:
    """Write beside each lane how many go that way, and return the width of the longest."""
    covered, width = 0, max(1, *(min(len(path), _LONG) for path in paths))
    for spot, (line, path) in enumerate(zip(shown, paths, strict=True)):
        covered += line["aggregates"]
        said = f"<b>{line['aggregates']:,}</b>  {percent(line['aggregates'] / total)}  ·  Σ {percent(covered / total)}"
        if line.get("median_seconds") is not None:
            said += f"  ·  {span(line['median_seconds'])}"
        rest = f"… +{len(path) - _LONG}  " if len(path) > _LONG else ""
        figure.add_annotation(x=width, y=spot, text=rest + said, xanchor="left", xshift=10, showarrow=False)
    return width


def _converted(states: list[str], numbers: list[int], type: str) -> str:
    whole = f"{numbers[-1]:,} of {count(numbers[0], type)} went from {states[0]} to {states[-1]}"
    text = f"{whole} ({percent(numbers[-1] / numbers[0])})"
    losses = [(before - after, number) for number, (before, after) in enumerate(pairwise(numbers))]
    if len(states) < 3 or not max(losses)[0]:  # noqa: PLR2004  with two steps there is one place to lose
        return text
    lost, where = max(losses, key=lambda loss: loss[0])
    return f"{text}; most are lost between {states[where]} and {states[where + 1]} ({lost:,})"


def _step(line: Row, before: Row | None, first: int) -> str:
    said = [f"<b>{line['step']}. {plain(line['state'])}</b>", f"{line['aggregates']:,} lives"]
    said.append(f"{percent(line['aggregates'] / first)} of the first step")
    if before is not None:
        reached = line["aggregates"] / before["aggregates"] if before["aggregates"] else None
        said.append(f"{percent(reached)} of the step before, median {span(line.get('median_seconds'))} after it")
    return "<br>".join(said)


def _commonest(lines: list[Row], path: list[str], total: int, type: str) -> str:
    way = (" → ".join(path[:8]) or "no state at all") + (" → …" if len(path) > 8 else "")  # noqa: PLR2004  a title's worth
    if len(lines) == 1:
        return f"All {count(total, type)} go the same way: {way}"
    share = percent(lines[0]["aggregates"] / total)
    return f"{share} of {count(total, type)} go the commonest of {len(lines):,} ways: {way}"


def _coverage(lines: list[Row], top: int, total: int) -> str:
    shown = sum(line["aggregates"] for line in lines[:top])
    if len(lines) <= top:
        return "Σ: covered so far; time: median from the first event to the last."
    return f"The {top} commonest cover {percent(shown / total)}. Σ: covered so far; time: median, first event to last."


def _blocks(figure: go.Figure, state: str, ink: Ink, paths: list[list[str]], *, dark: bool) -> None:
    spots = [
        (place, lane) for lane, path in enumerate(paths) for place, name in enumerate(path[:_LONG]) if name == state
    ]
    label = plain(state, 28)
    figure.add_bar(
        orientation="h",
        base=[place for place, _ in spots],
        x=[1] * len(spots),
        y=[lane for _, lane in spots],
        width=0.72,
        name=label,
        marker=fill(ink, line={"width": 1.5, "color": paper(dark=dark).page}),
        text=[plain(state, 16)] * len(spots),
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": legible(ink.color)},
        hoverinfo="text",
        hovertext=[f"<b>{label}</b><br>step {place + 1} of {len(paths[lane])}" for place, lane in spots],
    )
