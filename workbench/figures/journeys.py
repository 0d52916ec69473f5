"""Which way do lives go? Through the steps of a funnel, and along sequences of states."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.grids import CELLS, Grid, draw
from workbench.figures.layouts import Ledger
from workbench.figures.tables import GROUP, Part, Row, machine_for, panels, rows, steps
from workbench.figures.theme import Ink, fill, inks, legible, nothing, order, paper
from workbench.figures.words import count, noun, percent, plain, span, word

_ROW = 46
_LONG = 14  # states of a variant that are drawn
_COHORTS = 60
_NAMED = 24  # states in the legend


def funnel(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars, one a step: how many lives reached it, which share, and how long they took from the step before.

    Of a table with groups: a matrix, a row a group and a column a step, in each cell the share of the group that got
    this far.

    Parameters
    ----------
    table
        The answer of `funnel`: step, state, aggregates, of_first, of_previous, median_seconds.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> table = [{"step": 1, "state": "new", "aggregates": 4}, {"step": 2, "state": "paid", "aggregates": 3}]
    >>> funnel(table).layout.title.text
    '3 of 4 lives went from new to paid (75 %)'
    """
    lines = sorted(rows(table, "step", "state", "aggregates"), key=lambda line: line["step"])
    groups: dict[str, list[Row]] = {}
    for line in lines:
        groups.setdefault(line[GROUP], []).append(line)
    started = {group: part for group, part in groups.items() if part[0]["aggregates"]}
    if not started:
        return nothing("no life entered the first step", dark=dark)
    if len(groups) > 1:
        return _cohorts(groups, dark=dark)
    part = Part(str(lines[0].get("type") or ""), "", "", lines)
    first = lines[0]["aggregates"]
    said = [_converted([str(line["state"]) for line in lines], [line["aggregates"] for line in lines], part.type)]
    note = "Beside each step: lives, share of the first step, median time from the step before."
    ledger = Ledger([part], said, "", note, dark=dark, barmode="overlay")
    shown, ink = ledger.fit(lines, "steps"), inks((str(line["state"]) for line in lines), part.machine(machine))
    spots = ledger.add((f"{line['step']}. {word(line['state'], 28)}" for line in shown), 34)
    hovers = [_step(line, before, first) for line, before in zip(shown, [None, *shown], strict=False)]
    whole, shadow = [first] * len(shown), [Ink(paper(dark=dark).grid)] * len(shown)
    ledger.bars(spots, whole, shadow, hovers, width=0.62, opacity=0.5)
    numbers, own = [line["aggregates"] for line in shown], [ink[str(line["state"])] for line in shown]
    ledger.bars(spots, numbers, own, hovers, width=0.62)
    ledger.beside(spots, whole, [_reached(line, first) for line in shown])
    return ledger.close(_ROW, **ledger.counts(f"{plain(noun(part.type))} that got this far"))


def variants(table: object, machine: Any = None, *, top: int = 12, dark: bool | None = None) -> go.Figure:
    """Return one lane a sequence of states, the commonest first, with its share and what all so far cover.

    Parameters
    ----------
    table
        The answer of `variants`: variant, states, aggregates, share, median_seconds; with machines also fitting.
    machine
        A Machine, or Machines, for the colours of the states.
    top
        How many are drawn of each type and group; the note says what they cover.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> variants([{"variant": 1, "states": ["new", "paid"], "aggregates": 3}]).layout.title.text
    'All 3 lives go the same way: new → paid'
    """
    lines = rows(table, "variant", "states", "aggregates")
    parts, more = panels(sorted(lines, key=lambda line: -line["aggregates"]), 6)
    if not parts:
        return nothing("no life has a state", dark=dark)
    top = max(1, min(top, 40 // len(parts)))
    said = [_commonest(part) for part in parts]
    note = _coverage(parts, top) + more
    ledger = Ledger(parts, said, "Which ways lives go", note, dark=dark, barmode="overlay")
    mine = [machine_for(machine, part.type, _states(part), alone=part.alone) for part in parts]
    ink: dict[str, Ink] = {}
    for part, one in zip(parts, mine, strict=True):
        drawn = [state for line in part.rows[:top] for state in steps(line["states"])[:_LONG]]
        ink |= {state: own for state, own in inks(drawn, one).items() if state in drawn and state not in ink}
    longest = max((min(len(steps(line["states"])), _LONG) for part in parts for line in part.rows[:top]), default=1)
    lanes: list[tuple[int, list[str]]] = []
    for part in ledger:
        shown = part.rows[:top]
        spots = ledger.add(f"{line['variant']}." for line in shown)
        lanes += [(spot, steps(line["states"])) for spot, line in zip(spots, shown, strict=True)]
        ledger.beside(spots, [max(longest, 1)] * len(shown), _counts(part, shown))
    for number, state in enumerate(order(ink, mine[0])):
        _blocks(ledger.figure, state, ink[state], lanes, dark=dark)
        ledger.figure.data[-1].showlegend = number < _NAMED
    ledger.figure.update_layout(uniformtext={"mode": "hide", "minsize": 9})
    return ledger.close(30, visible=False, range=[0, max(longest, 1)])


def _states(part: Part) -> set[str]:
    return {state for line in part.rows for state in steps(line["states"])}


def _counts(part: Part, shown: list[Row]) -> list[str]:
    """Return what stands beside each lane: how many go that way, their share, and what all so far cover."""
    total, covered, told = sum(line["aggregates"] for line in part.rows), 0, []
    for line in shown:
        covered += line["aggregates"]
        said = f"{line['aggregates']:,}  ·  {percent(line['aggregates'] / total)}  ·  Σ {percent(covered / total)}"
        if line.get("median_seconds") is not None:
            said += f"  ·  {span(line['median_seconds'])}"
        if line.get("fitting") is not None:
            said += "  ·  fits" if line["fitting"] else "  ·  off the machine"
        rest = len(steps(line["states"])) - _LONG
        told.append((f"… +{rest}  ·  " if rest > 0 else "") + said)
    return told


def _cohorts(groups: dict[str, list[Row]], *, dark: bool | None) -> go.Figure:
    """Draw a matrix of the shares of each group that reached each step."""
    shown = dict(list(groups.items())[:_COHORTS])
    steps_of = next(iter(shown.values()))[: CELLS // len(shown)]
    names = [f"{line['step']}. {word(line['state'], 18)}" for line in steps_of]
    cells = {
        (group, name): (line, before, part[0]["aggregates"])
        for group, part in shown.items()
        for name, line, before in zip(names, part, [None, *part], strict=False)
        if part[0]["aggregates"]
    }
    depth = {spot: line["aggregates"] / first for spot, (line, _, first) in cells.items()}
    text = {spot: percent(share) for spot, share in depth.items()}
    hover = {spot: f"<b>{plain(spot[0])}</b><br>{_step(*one)}" for spot, one in cells.items()}
    entered = {group: f"{word(group, 26)} ({part[0]['aggregates']:,})" for group, part in shown.items()}
    grid = Grid(list(shown), names, depth, text, hover, names=entered)
    note = "Row: group, and how many entered the first step; column: step; number: share of them that got this far."
    left = len(groups) - len(shown)
    note += f" And {left:,} more groups, which are not drawn." if left else ""
    return draw([Part("", "", "", [])], [_spread(groups)], [grid], "", note, dark=dark)


def _spread(groups: dict[str, list[Row]]) -> str:
    shares = {
        group: part[-1]["aggregates"] / part[0]["aggregates"] for group, part in groups.items() if part[0]["aggregates"]
    }
    least, most = min(shares, key=lambda group: shares[group]), max(shares, key=lambda group: shares[group])
    first, last = (word(next(iter(groups.values()))[spot]["state"]) for spot in (0, -1))
    who = noun(str(next(iter(groups.values()))[0].get("type") or ""))
    if len(shares) == 1:
        return f"{percent(shares[most])} of {who} went from {first} to {last} in {most}"
    if percent(shares[least]) == percent(shares[most]):
        return f"In each group {percent(shares[most])} of {who} went from {first} to {last}"
    low, high = f"{percent(shares[least])} ({least})", f"{percent(shares[most])} ({most})"
    return f"Between {low} and {high} of {who} went from {first} to {last}"


def _reached(line: Row, first: int) -> str:
    said = f"{line['aggregates']:,}  ·  {percent(line['aggregates'] / first)}"
    return said if line.get("median_seconds") is None else f"{said}  ·  after {span(line['median_seconds'])}"


def _converted(states: list[str], numbers: list[int], type: str) -> str:
    whole = f"{numbers[-1]:,} of {count(numbers[0], type)} went from {word(states[0])} to {word(states[-1])}"
    text = f"{whole} ({percent(numbers[-1] / numbers[0])})"
    losses = [(before - after, number) for number, (before, after) in enumerate(pairwise(numbers))]
    if len(states) < 3 or not max(losses)[0]:  # noqa: PLR2004  with two steps there is one place to lose
        return text
    lost, where = max(losses, key=lambda loss: loss[0])
    return f"{text}; most are lost between {word(states[where])} and {word(states[where + 1])} ({lost:,})"


def _step(line: Row, before: Row | None, first: int) -> str:
    said = [f"<b>{line['step']}. {plain(line['state'])}</b>", amount(line["aggregates"], "life", "lives")]
    said.append(f"{percent(line['aggregates'] / first)} of the first step")
    if before is not None:
        reached = line["aggregates"] / before["aggregates"] if before["aggregates"] else None
        said.append(f"{percent(reached)} of the step before, median {span(line.get('median_seconds'))} after it")
    return "<br>".join(said)


def _commonest(part: Part) -> str:
    total, path = sum(line["aggregates"] for line in part.rows), steps(part.rows[0]["states"])
    way = " → ".join(word(state, 20) for state in path[:8]) or "no state at all"
    way += " → …" if len(path) > 8 else ""  # noqa: PLR2004  a title's worth
    if len(part.rows) == 1:
        one = f"The one {noun(part.type, one=True)} goes this way"
        return f"{one if total == 1 else f'All {count(total, part.type)} go the same way'}: {way}"
    if part.rows[0]["aggregates"] == 1:
        return f"No two of {count(total, part.type)} go the same way"
    share = percent(part.rows[0]["aggregates"] / total)
    return f"{share} of {count(total, part.type)} go the commonest of {len(part.rows):,} ways: {way}"


def _coverage(parts: Sequence[Part], top: int) -> str:
    beside = "Beside each: lives, share, Σ what all so far cover, median time from the first event to the last."
    if all(len(part.rows) <= top for part in parts):
        return beside
    if len(parts) > 1:
        return f"The {top} commonest of each. {beside}"
    shown, total = (sum(line["aggregates"] for line in lines) for lines in (parts[0].rows[:top], parts[0].rows))
    more = len(parts[0].rows) - top
    return f"The {top} commonest cover {percent(shown / total)}; and {more:,} more. {beside}"


def _blocks(figure: go.Figure, state: str, ink: Ink, lanes: list[tuple[int, list[str]]], *, dark: bool | None) -> None:
    spots = [(place, lane) for lane, path in lanes for place, name in enumerate(path[:_LONG]) if name == state]
    label = plain(state, 28)
    figure.add_bar(
        orientation="h",
        base=[place for place, _ in spots],
        x=[1] * len(spots),
        y=[lane for _, lane in spots],
        width=0.72,
        name=label,
        marker=fill(ink, solidity=0.12, line={"width": 1.5, "color": paper(dark=dark).page}),
        text=plain(state, 16),
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        insidetextfont={"color": legible(ink.color)},
        hoverinfo="text",
        hovertext=f"<b>{label}</b>",
    )
