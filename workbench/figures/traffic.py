"""Which state follows which, how often, and what of it does the machine not allow? A matrix."""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Row, machine_for, panels, rows
from workbench.figures.theme import GAP, WARNING, frame, heading, names, nothing, order, paper
from workbench.figures.words import noun, percent, plain, span

BEGINNING = "(beginning)"
_CELL = 38
_NUMBERS = 14  # states; with more of them the cells are too small for a number

Cells = dict[tuple[str, str], Row]


def transition_counts(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return a matrix: from which state (row) to which (column), how often; hatched where no transition allows it.

    Parameters
    ----------
    table
        The answer of `transition_counts`: type, from_state, to_state, times, and if they are there aggregates, share,
        median_seconds, p90_seconds.
    machine
        A Machine, or Machines: what it does not allow is hatched, and outlined where it happened nevertheless.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> transition_counts([{"type": "Order", "from_state": "new", "to_state": "paid", "times": 3}]).layout.title.text
    'Orders moved 3 times, most often from new to paid (3)'
    """
    lines = [line for line in rows(table, "from_state", "to_state", "times") if line["times"]]
    parts = panels(lines)
    if not parts:
        return nothing("nothing moved", dark=dark)
    cells = [{(_from(line), str(line["to_state"])): line for line in part} for _, part in parts]
    alone = len(parts) == 1
    mine = [
        machine_for(machine, whose, _states(found), alone=alone) for (whose, _), found in zip(parts, cells, strict=True)
    ]
    said = [_finding(whose, found, one) for (whose, _), found, one in zip(parts, cells, mine, strict=True)]
    title = said[0] if len(parts) == 1 else f"Which state follows which, for {len(parts)} types"
    note = "Row: the state left; column: the state entered; number: how often."
    if any(one is not None for one in mine):
        note += " Hatched: the machine has no such transition; outlined: it happened nevertheless."
    figure = frame(title, note, dark=dark, showlegend=False)
    axes = [_axes(found, one) for found, one in zip(cells, mine, strict=True)]
    heights = [_CELL * len(down) + 110 for down, _ in axes]
    figure.update_layout(height=figure.layout.height - 420 + sum(heights) + 30, margin_b=16)
    figure.update_layout(margin_t=figure.layout.margin.t + 30)
    for number, (found, one) in enumerate(zip(cells, mine, strict=True)):
        top = 1 - sum(heights[:number]) / sum(heights)
        band = heights[number] / sum(heights)
        if len(parts) > 1:
            heading(figure, said[number], y=top, yref="paper", yanchor="top")
        _matrix(figure, number, found, one, dark=dark)
        _place(figure, number, axes[number], (top - band, top), (80 if len(parts) > 1 else 0) / sum(heights))
    return figure


def allowed(machine: Any, from_state: str, to_state: str) -> bool:
    """Return whether the machine has a transition for the pair; a life may begin in the initial state only."""
    if from_state == BEGINNING:
        return bool(to_state == machine.initial)
    return bool(machine.allows(from_state, to_state))


def _from(line: Row) -> str:
    return BEGINNING if line["from_state"] is None else str(line["from_state"])


def _states(cells: Cells) -> set[str]:
    return {state for pair in cells for state in pair}


def _axes(cells: Cells, machine: Any) -> tuple[list[str], list[str]]:
    """Return the states of the rows and of the columns: the machine's all, then those only the table has."""
    declared = [] if machine is None else [state.name for state in machine.states]
    states = order([*_flow(cells), *declared], machine)
    return ([BEGINNING, *states] if any(source == BEGINNING for source, _ in cells) else states), states


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


def _finding(type: str, cells: Cells, machine: Any) -> str:
    moved = {pair: line for pair, line in cells.items() if pair[0] != BEGINNING} or cells
    total = sum(line["times"] for line in moved.values())
    (source, target), top = max(moved.items(), key=lambda item: item[1]["times"])
    who = noun(type).capitalize()
    times = "once" if total == 1 else f"{total:,} times"
    text = f"{who} moved {times}, most often from {source} to {target} ({top['times']:,})"
    if machine is None:
        return text
    wrong = sum(line["times"] for pair, line in cells.items() if not allowed(machine, *pair))
    if not wrong:
        return f"{text}; the machine allows every one"
    return f"{text}; {wrong:,} of these moves {'is' if wrong == 1 else 'are'} not allowed by the machine"


def _matrix(figure: go.Figure, number: int, cells: Cells, machine: Any, *, dark: bool) -> None:
    down, across = _axes(cells, machine)
    grid = [[cells.get((source, target)) for target in across] for source in down]
    axis = "" if number == 0 else str(number + 1)
    deepest = max(line["times"] for line in cells.values())
    figure.add_heatmap(
        x=list(range(len(across))),
        y=list(range(len(down))),
        # the root lets rare moves be seen beside frequent ones
        z=[[None if line is None else (line["times"] / deepest) ** 0.5 for line in row] for row in grid],
        zmin=0,
        zmax=1,
        text=[["" if line is None else f"{line['times']:,}" for line in row] for row in grid],
        texttemplate="%{text}" if len(across) <= _NUMBERS else None,
        hoverinfo="text",
        hovertext=[
            [
                None if line is None else _hover(source, target, line, machine)
                for target, line in zip(across, row, strict=True)
            ]
            for source, row in zip(down, grid, strict=True)
        ],
        hoverongaps=False,
        colorscale=paper(dark=dark).scale,
        showscale=False,
        xgap=2,
        ygap=2,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )
    if machine is not None:
        spots = [(x, y) for y, one in enumerate(down) for x, to in enumerate(across) if not allowed(machine, one, to)]
        _mark(figure, spots, [spot for spot in spots if grid[spot[1]][spot[0]] is not None], axis, dark=dark)


def _mark(
    figure: go.Figure, refused: list[tuple[int, int]], happened: list[tuple[int, int]], axis: str, *, dark: bool
) -> None:
    """Hatch the cells that the machine refuses, and outline those of them that happened nevertheless."""
    where: dict[str, Any] = {"xref": f"x{axis}", "yref": f"y{axis}"}
    quiet = {"color": paper(dark=dark).grid, "width": 1.2}
    loud = {"color": WARNING, "width": 1}
    for spots, line, opacity in ((refused, quiet, 1), (happened, loud, 0.4)):
        if spots:
            path = "".join(_hatch(x, y) for x, y in spots)
            figure.add_shape(type="path", path=path, line=line, opacity=opacity, **where)
    for x, y in happened:
        corners = {"x0": x - 0.46, "x1": x + 0.46, "y0": y - 0.46, "y1": y + 0.46}
        figure.add_shape(type="rect", line={"color": WARNING, "width": 2.5}, **corners, **where)


def _hatch(x: int, y: int, gap: float = 0.23) -> str:
    """Return the SVG path of slanting lines that fill one cell."""
    half, marks = 0.46, []
    for step in range(-3, 4):
        at = step * gap
        low, high = max(-half, at - half), min(half, at + half)
        marks.append(f"M{x + low:.2f},{y + (at - low):.2f}L{x + high:.2f},{y + (at - high):.2f}")
    return "".join(marks)


def _hover(source: str, target: str, line: Row, machine: Any) -> str:
    said = [f"<b>{plain(source)} → {plain(target)}</b>"]
    lives = f" in {line['aggregates']:,} lives" if line.get("aggregates") is not None else ""
    share = f", {percent(line['share'])} of the moves" if line.get("share") is not None else ""
    said.append(f"{line['times']:,} times{lives}{share}")
    if "median_seconds" in line:
        said.append(f"before it: median {span(line['median_seconds'])}, p90 {span(line.get('p90_seconds'))}")
    if machine is not None and not allowed(machine, source, target):
        said.append("no transition of the machine allows it")
    elif machine is not None and source != BEGINNING:
        rules = [plain(rule.name, 40) for rule in machine.allows(source, target) if rule.name]
        if rules:
            said.append("by " + ", ".join(rules))
    return "<br>".join(said)


def _place(
    figure: go.Figure, number: int, axes: tuple[list[str], list[str]], band: tuple[float, float], gap: float
) -> None:
    """Place one type's axes in its band of the figure, under a gap for its heading."""
    axis = "" if number == 0 else str(number + 1)
    rows, columns = ({"tickvals": list(range(len(states))), "ticktext": names(states, 18)} for states in axes)
    across = {"side": "top", "range": [-0.5, len(axes[1]) - 0.5], "anchor": f"y{axis}", "domain": [0, 1]}
    down = {"range": [len(axes[0]) - 0.5, -0.5], "anchor": f"x{axis}", "domain": [max(band[0], 0.0), band[1] - gap]}
    shared = {"tickmode": "array", "showgrid": False, **GAP}
    figure.update_layout({f"xaxis{axis}": columns | across | shared, f"yaxis{axis}": rows | down | shared})
