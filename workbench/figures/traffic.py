"""Which state follows which, how often, and what of it does the machine not allow? Matrices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from workbench.figures.grids import Grid, draw, side
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import nothing, order
from workbench.figures.words import noun, percent, plain, span, times, word

BEGINNING = "(beginning)"

Cells = Mapping[tuple[str, str], Row]


def transition_counts(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a matrix: from which state (row) to which (column), how often; hatched where no transition allows it.

    Parameters
    ----------
    table
        The answer of `transition_counts`: type, from_state, to_state, times, and if they are there aggregates, share,
        median_seconds, p90_seconds.
    machine
        A Machine, or Machines: what it does not allow is hatched, and outlined where it happened nevertheless.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> transition_counts([{"type": "Order", "from_state": "new", "to_state": "paid", "times": 3}]).layout.title.text
    'Orders moved 3 times, most often from new to paid (3)'
    """
    lines = [line for line in rows(table, "from_state", "to_state", "times") if line["times"]]
    parts, more = panels(lines)
    if not parts:
        return nothing("nothing moved", dark=dark)
    cells = [_cells(part) for part in parts]
    mine = [part.machine(machine, "to_state") for part in parts]
    said = [_finding(part, found, one) for part, found, one in zip(parts, cells, mine, strict=True)]
    note = "Row: the state left; column: the state entered; number: how often."
    if any(one is not None for one in mine):
        note += " Hatched: the machine has no such transition; outlined: it happened nevertheless."
    grids, left = [], 0
    for found, one in zip(cells, mine, strict=True):
        grid, hidden = _grid(found, one, side(len(parts)))
        grids.append(grid)
        left += hidden
    note += (f" And {left:,} more states, the least busy, which are not drawn." if left else "") + more
    title = f"Which state follows which, for {subject(parts)}"
    return draw(parts, said, grids, title, note, dark=dark)


def eventually_follows(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a matrix: of the lives once in a state (row), which share came to each other (column) sooner or later.

    Parameters
    ----------
    table
        The answer of `eventually_follows`: type, from_state, to_state, times, aggregates, share.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "from_state": "new", "to_state": "paid", "times": 3, "aggregates": 3, "share": 0.75}
    >>> eventually_follows([line]).layout.title.text.replace("<br>", " ")
    'Of the orders once in new, 75 % came to paid sooner or later: the most frequent of all pairs'
    """
    parts, more = panels(rows(table, "from_state", "to_state", "times", "aggregates", "share"))
    if not parts:
        return nothing("no state came after another", dark=dark)
    said, grids, most = [], [], side(len(parts))
    for part in parts:
        cells, mine = _cells(part), part.machine(machine, "to_state")
        states = order(_flow(cells), mine)[:most]
        kept = {spot: line for spot, line in cells.items() if set(spot) <= set(states)}
        depth = {spot: line["share"] for spot, line in kept.items()}
        text = {spot: percent(share).removesuffix(" %") for spot, share in depth.items()}
        hover = {spot: _later(spot, line, part.type) for spot, line in kept.items()}
        grids.append(Grid(states, states, depth, text, hover))
        (source, target), top = max(cells.items(), key=lambda one: one[1]["aggregates"])
        there = "back there" if source == target else f"to {word(target)}"
        rest = f"{percent(top['share'])} came {there} sooner or later: the most frequent of all pairs"
        said.append(f"Of the {noun(part.type)} once in {word(source)}, {rest}")
    title = f"Which state comes sooner or later after which, for {subject(parts)}"
    note = "Row: the state once entered; column: one entered later; number: of the lives once in the row, in %." + more
    return draw(parts, said, grids, title, note, dark=dark)


def allowed(machine: Any, from_state: str, to_state: str) -> bool:
    """Return whether the machine has a transition for the pair; a life may begin in the initial state only."""
    if from_state == BEGINNING:
        return bool(to_state == machine.initial)
    return bool(machine.allows(from_state, to_state))


def _cells(part: Part) -> Cells:
    return {(_from(line), str(line["to_state"])): line for line in part.rows}


def _from(line: Row) -> str:
    return BEGINNING if line["from_state"] is None else str(line["from_state"])


def _grid(cells: Cells, machine: Any, most: int) -> tuple[Grid, int]:
    """Return the matrix of the busiest states, the machine's all among them, and how many there is no room for."""
    declared = [] if machine is None else [state.name for state in machine.states]
    whole = order([*_flow(cells), *declared], machine)
    busy: Counter[str] = Counter()
    for spot, line in cells.items():
        for state in spot:
            busy[state] += line["times"]
    kept = set(sorted(whole, key=lambda state: -busy[state])[:most])
    states = [state for state in whole if state in kept]
    down = [BEGINNING, *states] if any(source == BEGINNING for source, _ in cells) else states
    drawn = {spot: line for spot, line in cells.items() if spot[0] in down and spot[1] in kept}
    deepest = max((line["times"] for line in drawn.values()), default=1)
    depth = {spot: line["times"] / deepest for spot, line in drawn.items()}
    text = {spot: f"{line['times']:,}" for spot, line in drawn.items()}
    hover = {spot: _hover(spot, line, machine) for spot, line in drawn.items()}
    spots = [(one, other) for one in down for other in states]
    refused = frozenset() if machine is None else frozenset(spot for spot in spots if not allowed(machine, *spot))
    return Grid(down, states, depth, text, hover, refused), len(whole) - len(states)


def _flow(cells: Cells) -> list[str]:
    """Return the states in the order in which most lives go through them: from a source along the frequent pairs."""
    entered: Counter[str] = Counter()
    for (source, target), line in cells.items():
        entered[target] += 0 if source == BEGINNING else line["times"]
        entered[source] -= line["times"]
    found: dict[str, None] = {}
    pile = sorted(entered, key=lambda state: (-entered[state], state))
    while pile:
        state = pile.pop()
        if state not in found:
            found[state] = None
            onward = [(line["times"], target) for (source, target), line in cells.items() if source == state]
            pile += [target for _, target in sorted(onward)]
    return [state for state in found if state != BEGINNING]


def _finding(part: Part, cells: Cells, machine: Any) -> str:
    moved = {pair: line for pair, line in cells.items() if pair[0] != BEGINNING} or cells
    total = sum(line["times"] for line in moved.values())
    (source, target), top = max(moved.items(), key=lambda item: item[1]["times"])
    who = noun(part.type).capitalize()
    most = f"most often from {word(source)} to {word(target)} ({top['times']:,})"
    text = (
        f"{who} moved {times(total)}, {most}"
        if total > 1
        else f"{who} moved once, from {word(source)} to {word(target)}"
    )
    if machine is None:
        return text
    wrong = sum(line["times"] for pair, line in cells.items() if not allowed(machine, *pair))
    if not wrong:
        return f"{text}; the machine allows every one"
    return f"{text}; {wrong:,} of these moves {'is' if wrong == 1 else 'are'} not allowed by the machine"


def _hover(spot: tuple[str, str], line: Row, machine: Any) -> str:
    source, target = spot
    said = [f"<b>{plain(source, 40)} → {plain(target, 40)}</b>"]
    lives = f" in {line['aggregates']:,} lives" if line.get("aggregates") is not None else ""
    share = f", {percent(line['share'])} of the moves" if line.get("share") is not None else ""
    said.append(f"{times(line['times'])}{lives}{share}")
    if "median_seconds" in line:
        said.append(f"before it: median {span(line['median_seconds'])}, p90 {span(line.get('p90_seconds'))}")
    if machine is not None and not allowed(machine, source, target):
        said.append("no transition of the machine allows it")
    elif machine is not None and source != BEGINNING:
        rules = [plain(rule.name, 40) for rule in machine.allows(source, target) if rule.name]
        said += [f"by {', '.join(rules)}"] if rules else []
    return "<br>".join(said)


def _later(spot: tuple[str, str], line: Row, type: str) -> str:
    source, target = (plain(state, 40) for state in spot)
    who = plain(noun(type, one=line["aggregates"] == 1))
    return f"<b>{target} after {source}</b><br>{line['aggregates']:,} {who}, {times(line['times'])} in all"
