"""How many lives are in each state? At an instant, over time, and before and after an edit."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import TIME, Ledger, axis_of, band, tall, whole
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import Ink, frame, nothing, order, paper, thin
from workbench.figures.words import count, moment, noun, percent, plain, word
from workbench.instants import Instant, instant

_ROW = 30
_UNKNOWN = "(unknown)"
_INSTANTS = 1_500
_POINTS = 12_000
_STATES = 24  # of all panels together; the rarest are drawn as one
_REST = "(other states)"
_EDITED = 12  # states whose lines before and after are drawn


def state_distribution(
    table: object, machine: Any = None, *, at: Instant | None = None, dark: bool | None = None
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
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> figure = state_distribution([{"type": "Order", "state": "paid", "aggregates": 3, "share": 1.0}])
    >>> figure.layout.title.text
    '3 of 3 orders are paid'
    """
    lines = _known(rows(table, "state", "aggregates"))
    parts, more = panels(lines)
    if not parts:
        return nothing("no life has a state", dark=dark)
    asked = lines[0].get("instant") if at is None else instant(at)
    when = "" if asked is None else f" at {moment(asked)}"
    said = [_largest(part) + (when if len(parts) == 1 else "") for part in parts]
    title = f"Where {sum(line['aggregates'] for line in lines):,} {subject(parts)} are{when}"
    ledger = Ledger(parts, said, title, _unknown(lines) + more, dark=dark)
    for part in ledger:
        total = sum(line["aggregates"] for line in part.rows) or 1
        by_state = {line["state"]: line["aggregates"] for line in _descending(part.rows)}
        mine = part.machine(machine)
        states = order(ledger.fit(by_state), mine)
        ink, numbers = part.inks(machine), [by_state[state] for state in states]
        said = [f"{number:,}  ({percent(number / total)})" for number in numbers]
        spots = ledger.add(states)
        whole = plain(count(total, part.type))
        hovers = [f"<b>{plain(state)}</b><br>{text} of {whole}" for state, text in zip(states, said, strict=True)]
        ledger.bars(spots, numbers, [ink[state] for state in states], hovers)
        ledger.beside(spots, numbers, said)
    return ledger.close(_ROW, **ledger.counts("lives in the state"))


def states_over_time(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return stacked areas: how many lives are in each state at each instant (UTC).

    Parameters
    ----------
    table
        The answer of `states_over_time`: type, instant, state, aggregates.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> table = [{"type": "Order", "instant": "2026-01-01", "state": "paid", "aggregates": n} for n in (3,)]
    >>> states_over_time(table).layout.title.text
    '3 orders on 2026-01-01 UTC, 3 of them paid'
    """
    lines = _known(rows(table, "instant", "state", "aggregates"))
    parts, more = panels(_busiest(lines), 8)
    if not parts:
        return nothing("no life has a state", dark=dark)
    times = sorted({line["instant"] for line in lines})
    states = len({(part.type, part.group, line["state"]) for part in parts for line in part.rows})
    every = -(-len(times) // max(40, min(_INSTANTS, _POINTS // states // (1 if "x0" in _even(times) else 5)))) or 1
    shown = times[::-1][::every][::-1]
    said = [_at_the_end(part, times[-1]) for part in parts]
    title = said[0] if len(parts) == 1 else f"Where {subject(parts)} were until {moment(times[-1])}"
    note = f"One instant of {every:,} is drawn." if every > 1 else ""
    named = max(len({line["state"] for line in part.rows}) for part in parts)
    height = tall(380 if len(parts) == 1 else 230, named) * len(parts)
    figure = frame(title, (note + more).strip(), dark=dark, height=height, hovermode="x", showlegend=True)
    after = _after(shown)
    seen = {"range": [shown[0], shown[-1] + (after[0] - shown[-1]) / 2]} if after else {}
    for number, part in enumerate(parts):
        _areas(figure, number, part, machine, shown, dark=dark)
        top = band(figure, number, len(parts), part.heading(said[number]), **TIME, **seen, title="time (UTC)")
        figure.update_layout({f"yaxis{axis_of(number)}": {"title": plain(noun(part.type)), **whole(_most(part))}})
        legend = {"traceorder": "reversed", "x": 1.02, "y": top, "yanchor": "top"}
        figure.update_layout({f"legend{axis_of(number)}": legend})
    return figure


def what_if(answer: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return how many are in each state before an edit and after it: at the end in bars, or over time in lines.

    Parameters
    ----------
    answer
        What `what_if` returns, or one of its tables: `.populations` (type, state, before, after), or of
        `.over_time()` (type, instant, state, before, after).
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> table = [{"type": "Order", "state": "paid", "before": 3, "after": 1},
    ...          {"type": "Order", "state": "held", "before": 0, "after": 2}]
    >>> what_if(table).layout.title.text
    'Of 3 orders 2 fewer would be in paid, 2 more in held'
    """
    lines = _known(rows(getattr(answer, "populations", answer), "state", "before", "after", also=["instant"]))
    if lines and "instant" in lines[0]:
        return _edited_over_time(lines, machine, dark=dark)
    parts, more = panels(lines)
    if not parts:
        return nothing("no life was looked at", dark=dark)
    said = [_edited(part) for part in parts]
    note = "Faint bar: before; full bar: after." + more
    ledger = Ledger(parts, said, f"Where {subject(parts)} would be", note, dark=dark, barmode="overlay")
    for part in ledger:
        mine = part.machine(machine)
        by_state = {line["state"]: line for line in part.rows}
        states = order(ledger.fit(by_state), mine)
        ink, spots = part.inks(machine), ledger.add(states)
        told = [by_state[state] for state in states]
        hovers = [f"<b>{plain(line['state'])}</b><br>{_changed(line)}" for line in told]
        own = [ink[state] for state in states]
        ledger.bars(spots, [line["before"] for line in told], own, hovers, width=0.8, opacity=0.35)
        ledger.bars(spots, [line["after"] for line in told], own, hovers, width=0.4)
        ledger.beside(spots, [max(line["before"], line["after"]) for line in told], list(map(_changed, told)))
    return ledger.close(**ledger.counts("lives in the state at the end"))


def _busiest(lines: list[Row]) -> list[Row]:
    """Return the rows, those of all but the states with the most lives under one name."""
    sizes: Counter[str] = Counter()
    for line in lines:
        sizes[line["state"]] += line["aggregates"]
    if len(sizes) <= _STATES:
        return lines
    kept = {state for state, _ in sizes.most_common(_STATES - 1)}
    return [line if line["state"] in kept else line | {"state": _REST} for line in lines]


def _known(lines: list[Row]) -> list[Row]:
    """Return the rows with a name for the state that is unknown."""
    return [line | {"state": _UNKNOWN} if line["state"] is None else line for line in lines]


def _descending(lines: list[Row]) -> list[Row]:
    return sorted(lines, key=lambda line: -line["aggregates"])


def _largest(part: Part) -> str:
    total = sum(line["aggregates"] for line in part.rows)
    top = max(part.rows, key=lambda line: line["aggregates"])
    verb = "is" if total == 1 else "are"
    return f"{top['aggregates']:,} of {count(total, part.type)} {verb} {word(top['state'])}"


def _unknown(lines: list[Row]) -> str:
    lost = sum(line["aggregates"] for line in lines if line["state"] == _UNKNOWN)
    return f"{count(lost)} without a known state." if lost else ""


def _at_the_end(part: Part, last: Any) -> str:
    final = [line for line in part.rows if line["instant"] == last] or part.rows[-1:]
    total = sum(line["aggregates"] for line in final)
    top = max(final, key=lambda line: line["aggregates"])
    return f"{count(total, part.type)} on {moment(last)}, {top['aggregates']:,} of them {word(top['state'])}"


def _most(part: Part) -> int:
    """Return how many lives there were when there were most."""
    lives: Counter[Any] = Counter()
    for line in part.rows:
        lives[line["instant"]] += line["aggregates"]
    return max(lives.values())


def _after(times: list[Any]) -> list[Any]:
    """Return the instant up to which the last one is drawn, half of it in sight: else what began there had no width."""
    if not isinstance(times[-1], date):
        return []
    return [times[-1] + (times[-1] - times[-2] if len(times) > 1 else timedelta(days=1))]


def _areas(figure: go.Figure, number: int, part: Part, machine: Any, shown: list[Any], *, dark: bool | None) -> None:
    cells: Counter[tuple[str, Any]] = Counter()
    for line in part.rows:
        cells[line["state"], line["instant"]] += line["aggregates"]
    states = order((state for state, _ in sorted(cells, key=lambda cell: (cell[1], cell[0]))), part.machine(machine))
    ink = part.inks(machine)
    axis, after = axis_of(number), _after(shown)
    for state in states:
        figure.add_scatter(
            **_even([*shown, *after]),
            y=[cells[state, time] for time in [*shown, *shown[-1:][: len(after)]]],
            name=plain(state, 28),
            legend=f"legend{axis}",
            stackgroup=str(number),
            mode="lines",
            line={"width": 0.7, "color": paper(dark=dark).page, "shape": "hv"},
            fillcolor=ink[state].color,
            fillpattern={"shape": ink[state].pattern, "solidity": 0.2, "fgcolor": "#FFFFFF"},
            hovertemplate="%{fullData.name}  %{y:,}<extra></extra>",
            xaxis=f"x{axis}",
            yaxis=f"y{axis}",
        )


def _even(times: list[Any]) -> dict[str, Any]:
    """Return instants for Plotly: the first and the step where they are evenly spaced, which is much less to send."""
    steps = {after - before for before, after in pairwise(times)} if isinstance(times[0], datetime) else set()
    if len(steps) != 1:
        return {"x": times}
    return {"x0": times[0], "dx": steps.pop().total_seconds() * 1000}


def _changed(line: Row) -> str:
    gap = line["after"] - line["before"]
    return f"{line['before']:,} → {line['after']:,}" + (f"  ({gap:+,})" if gap else "")


def _edited(part: Part) -> str:
    moved = {line["state"]: line["after"] - line["before"] for line in part.rows}
    total = sum(line["before"] for line in part.rows)
    fewer, more = min(moved, key=lambda state: moved[state]), max(moved, key=lambda state: moved[state])
    if not any(moved.values()):
        return f"As many of {count(total, part.type)} would be in each state as before"
    told = [f"{-moved[fewer]:,} fewer would be in {word(fewer)}"] if moved[fewer] < 0 else []
    told += [f"{moved[more]:,} more {'' if told else 'would be '}in {word(more)}"] if moved[more] > 0 else []
    return f"Of {count(total, part.type)} {', '.join(told)}"


def _edited_over_time(lines: list[Row], machine: Any, *, dark: bool | None) -> go.Figure:
    gaps: Counter[str] = Counter()
    for line in lines:
        gaps[line["state"]] += abs(line["after"] - line["before"])
    kept = {state for state, _ in gaps.most_common(_EDITED)}
    parts, more = panels((line for line in lines if line["state"] in kept), 4)
    more += f" And {len(gaps) - len(kept):,} more states, which change less." if len(gaps) > len(kept) else ""
    times = sorted({line["instant"] for line in lines})
    every = -(-len(times) // max(40, 2_000 // (len(kept) * len(parts)))) or 1
    shown = times[::-1][::every][::-1]
    said = [_widest(part) for part in parts]
    title = said[0] if len(parts) == 1 else f"How many {subject(parts)} would have been in each state"
    note = "Dotted: before; line: after." + (f" One instant of {every:,} is drawn." if every > 1 else "") + more
    height = tall(max(380, 260 * len(parts)), sum(len({line["state"] for line in part.rows}) for part in parts))
    figure = frame(title, note, dark=dark, height=height, hovermode="x", showlegend=True)
    for number, part in enumerate(parts):
        cells = {(line["state"], line["instant"]): line for line in part.rows}
        states = order((state for state, _ in cells), part.machine(machine))
        ink: dict[str, Ink] = dict(part.inks(machine))
        for nth, state in enumerate(states):
            for key, dash, wide in (("before", "dot", 2), ("after", "solid", 2)):
                figure.add_scatter(
                    **_even(shown),
                    y=[cells.get((state, time), {}).get(key, 0) for time in shown],
                    name=plain(state, 28),
                    legendgroup=f"{number} {nth}",
                    showlegend=key == "after",
                    mode="lines",
                    line={"color": thin(ink[state].color, dark=dark), "dash": dash, "width": wide, "shape": "hv"},
                    hovertemplate=f"%{{fullData.name}}, {key}  %{{y:,}}<extra></extra>",
                    xaxis=f"x{axis_of(number)}",
                    yaxis=f"y{axis_of(number)}",
                )
        band(figure, number, len(parts), part.heading(said[number]), **TIME, title="time (UTC)")
        figure.update_layout({f"yaxis{axis_of(number)}": {"title": plain(noun(part.type)), "rangemode": "tozero"}})
    return figure


def _widest(part: Part) -> str:
    top = max(part.rows, key=lambda line: abs(line["after"] - line["before"]))
    gap = top["after"] - top["before"]
    if not gap:
        return f"{noun(part.type).capitalize()} would at all times have been where they were"
    said = amount(abs(gap), "more" if gap > 0 else "fewer", "more" if gap > 0 else "fewer")
    return f"The widest gap: {said} in {word(top['state'])} on {moment(top['instant'])}"
