"""How long do stays, ways and lives last? Their quantiles, in boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger, duration_axis
from workbench.figures.tables import GROUP, Part, Row, by_state, panels, rows, subject
from workbench.figures.theme import Ink, inks, nothing, order, paper
from workbench.figures.words import count, moment, noun, plain, span, word

_ROW = 38
_BOXES = "Box: the middle half of {}; line in it: median; thin bar: all but the shortest tenth and the longest tenth."


def time_in_state(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a box a state: half of the stays last as long as the box is wide, one in ten longer than the thin bar.

    Closed stays with a known start are drawn; open ones and those without a known start are counted beside them. Of a
    table with groups each state is a panel, and each group a line in it.

    Parameters
    ----------
    table
        The answer of `time_in_state`: type, state, stays, open, unknown_start, and p10, p25, median, p75, p90_seconds.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "stays": 3, "p10_seconds": 30.0, "p25_seconds": 60.0}
    >>> time_in_state([line | {"median_seconds": 90.0, "p75_seconds": 120.0, "p90_seconds": 600.0}]).layout.title.text
    'Orders stay longest in paid: half of the<br>stays there take more than 1 min 30 s'
    """
    lines = rows(table, "state", "stays", *_QUANTILES)
    parts, more = panels(lines)
    if not parts:
        return nothing("no life stayed in a state", dark=dark)
    title = f"How long {subject(parts)} stay in each state"
    note = f"{_BOXES.format('the stays')} {_left_out(lines)}{more}".strip()
    if len({part.group for part in parts}) > 1:
        whole = sorted(by_state(parts), key=lambda part: -sum(line["stays"] for line in part.rows))
        left = [part for part in whole if any(line["median_seconds"] is not None for line in part.rows)]
        states = (left or whole)[:12]
        stuck = [word(part.rows[0]["state"]) for part in whole if part not in left]
        note += f" Nobody left {', '.join(stuck[:6])}." if left and stuck else ""
        said = [_apart(part) if len(states) > 1 else part.heading(_apart(part)) for part in states]
        return _boxes(states, said, (title, note), _in_group(machine), dark=dark)
    return _boxes(parts, list(map(_longest, parts)), (title, note), _in_state(machine), dark=dark)


def life_durations(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a box a latest state: how long lives took to their end there, or how old those are that are still there.

    Parameters
    ----------
    table
        The answer of `life_durations`: type, state, ended, aggregates, and p10, p25, median, p75, p90_seconds.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "done", "ended": True, "aggregates": 3, "p10_seconds": 30.0}
    >>> line |= {"p25_seconds": 60.0, "median_seconds": 90.0, "p75_seconds": 120.0, "p90_seconds": 600.0}
    >>> life_durations([line]).layout.title.text
    'Half of the 3 orders that ended in done took longer than 1 min 30 s'
    """
    lines = rows(table, "state", "ended", "aggregates", *_QUANTILES)
    parts, more = panels(lines)
    if not parts:
        return nothing("no life has a state", dark=dark)
    when = f" At {moment(lines[0]['instant'])}." if lines[0].get("instant") else ""
    note = f"{_BOXES.format('the lives')}{when}{more}"
    title = f"How long {subject(parts)} took to their end, and how old the others are"
    return _boxes(parts, list(map(_ended, parts)), (title, note), _in_state(machine), dark=dark, title="age")


def throughput(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a box: how long the way from one state to another takes; a line a group.

    Parameters
    ----------
    table
        The answer of `throughput`: from_state, to_state, aggregates, times, open, and p10, p25, median, p75,
        p90_seconds.
    machine
        A Machine, or Machines, for the colour of the state where the way ends.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "from_state": "new", "to_state": "paid", "times": 8, "open": 2, "p10_seconds": 30.0}
    >>> line |= {"p25_seconds": 60.0, "median_seconds": 90.0, "p75_seconds": 120.0, "p90_seconds": 600.0}
    >>> throughput([line]).layout.title.text.replace("<br>", " ")
    'From new to paid half of 8 ways take more than 1 min 30 s, one in ten more than 10 min'
    """
    lines = rows(table, "from_state", "to_state", "times", *_QUANTILES)
    if not lines:
        return nothing("nobody set out", dark=dark)
    part = Part(str(lines[0].get("type") or ""), "", "", lines)
    ink = inks((line["to_state"] for line in lines), part.machine(machine, "to_state"))
    note = _BOXES.format("the ways")

    def told(part: Part) -> list[tuple[str, Row, Ink]]:
        grouped = any(line[GROUP] for line in part.rows)
        ways = (
            line[GROUP] if grouped else f"{word(line['from_state'], 20)} → {word(line['to_state'], 20)}"
            for line in part.rows
        )
        return [(way, line, ink[line["to_state"]]) for way, line in zip(ways, part.rows, strict=True)]

    return _boxes([part], [_way(lines)], ("", note), told, dark=dark, title="time on the way")


_QUANTILES = ("p10_seconds", "p25_seconds", "median_seconds", "p75_seconds", "p90_seconds")

Told = Callable[[Part], list[tuple[str, Row, Ink]]]


def _boxes(
    parts: Sequence[Part],
    said: list[str],
    words: tuple[str, str],
    told: Told,
    *,
    dark: bool | None,
    title: str = "time in the state",
) -> go.Figure:
    """Draw a line a row: thin from p10 to p90, a box from p25 to p75, and the median."""
    every = [line[key] for part in parts for line in part.rows for key in _QUANTILES]
    axis, unit = duration_axis(every, title)
    least = min((one for one in every if one), default=1.0) / 2 if axis.get("type") == "log" else 0.0
    ledger = Ledger(parts, said, *words, dark=dark, barmode="overlay")
    for part in ledger:
        found = ledger.fit(told(part), "lines")
        spots = ledger.add(label for label, _, _ in found)
        drawn = [(spot, *one) for spot, one in zip(spots, found, strict=True) if one[1]["median_seconds"] is not None]
        at = {key: [max(line[key], least) / unit for _, _, line, _ in drawn] for key in _QUANTILES}
        own, places = [ink for *_, ink in drawn], [spot for spot, *_ in drawn]
        hovers = [_hover(label, line) for _, label, line, _ in drawn]
        thin: dict[str, Any] = {"opacity": 0.55, "hoverinfo": "skip", "hovertext": None}
        for low, high, width, more in (("p10", "p90", 0.16, thin), ("p25", "p75", 0.62, {})):
            base, ends = at[f"{low}_seconds"], at[f"{high}_seconds"]
            wide = [end - start for start, end in zip(base, ends, strict=True)]
            ledger.bars(places, wide, own, hovers, base=base, width=width, **more)
        line = {"width": 3, "color": paper(dark=dark).text}
        marks = {"symbol": "line-ns", "size": 22, "line": line, "color": line["color"]}
        ledger.figure.add_scatter(x=at["median_seconds"], y=places, mode="markers", marker=marks, hoverinfo="skip")
        ledger.beside(places, at["p90_seconds"], [span(line["median_seconds"]) for _, _, line, _ in drawn])
        for spot, (_, line, _) in zip(spots, found, strict=True):
            if line["median_seconds"] is None:
                text = f"{line.get('open') or 0:,} still inside, none left"
                ledger.figure.add_annotation(x=0.01, xref="paper", y=spot, text=text, showarrow=False, xanchor="left")
    return ledger.close(_ROW, **axis)


def _in_state(machine: Any) -> Told:
    def told(part: Part) -> list[tuple[str, Row, Ink]]:
        lines = sorted(part.rows, key=lambda line: -(line["median_seconds"] or 0))
        states = order((line["state"] for line in lines), part.machine(machine))
        places = {state: number for number, state in enumerate(states)}
        ink = part.inks(machine)
        lines.sort(key=lambda line: places[line["state"]])
        return [(_labelled(line), line, ink[line["state"]]) for line in lines]

    return told


def _in_group(machine: Any) -> Told:
    def told(part: Part) -> list[tuple[str, Row, Ink]]:
        state = part.rows[0]["state"]
        ink = part.inks(machine)[state]
        return [(line[GROUP], line, ink) for line in part.rows]

    return told


def _labelled(line: Row) -> str:
    if "ended" not in line:
        return word(line["state"], 32)
    return f"{word(line['state'], 24)} ({'ended' if line['ended'] else 'open'})"


def _hover(label: str, line: Row) -> str:
    said = [f"<b>{plain(label)}</b>", f"median {span(line['median_seconds'])}"]
    said.append(f"half between {span(line['p25_seconds'])} and {span(line['p75_seconds'])}")
    said.append(f"eight in ten between {span(line['p10_seconds'])} and {span(line['p90_seconds'])}")
    if line.get("mean_seconds") is not None:
        said.append(f"mean {span(line['mean_seconds'])}")
    if line.get("stays") is not None:
        said.append(f"{amount(line['stays'], 'stay')}, {line.get('open') or 0:,} of them open")
    elif line.get("aggregates") is not None:
        said.append(count(line["aggregates"]))
    if line.get("unknown_start"):
        said.append(f"{line['unknown_start']:,} without a known start")
    return "<br>".join(said)


def _longest(part: Part) -> str:
    closed = [line for line in part.rows if line["median_seconds"] is not None]
    who = noun(part.type).capitalize()
    if not closed:
        return f"{who} have left no state yet"
    top = max(closed, key=lambda line: line["median_seconds"])
    half = f"half of the stays there take more than {span(top['median_seconds'])}"
    return f"{who} stay longest in {word(top['state'])}: {half}"


def _apart(part: Part) -> str:
    closed = [line for line in part.rows if line["median_seconds"] is not None]
    if len(closed) < 2:  # noqa: PLR2004  one cannot be compared
        return "no two groups can be compared"
    low, high = _extremes(closed)
    return f"median from {low} to {high}"


def _extremes(lines: list[Row]) -> list[str]:
    """Return the shortest and the longest median, each with its group."""
    found = (pick(lines, key=lambda line: line["median_seconds"]) for pick in (min, max))
    return [f"{span(line['median_seconds'])} ({line[GROUP]})" for line in found]


def _ended(part: Part) -> str:
    closed = [line for line in part.rows if line["ended"] and line["median_seconds"] is not None]
    top = max(closed or part.rows, key=lambda line: line["aggregates"])
    who, half = count(top["aggregates"], part.type), span(top["median_seconds"])
    if top["aggregates"] == 1:
        one = f"The {noun(part.type, one=True)}"
        then = f"that ended in {word(top['state'])} took" if closed else f"still in {word(top['state'])} is as old as"
        return f"{one} {then} {half}"
    if not closed:
        return f"Half of the {who} still in {word(top['state'])} are older than {half}"
    return f"Half of the {who} that ended in {word(top['state'])} took longer than {half}"


def _way(lines: list[Row]) -> str:
    way = f"From {word(lines[0]['from_state'])} to {word(lines[0]['to_state'])}"
    known = [line for line in lines if line["median_seconds"] is not None]
    if not known:
        return f"{way} nobody has come yet"
    if len(known) > 1:
        low, high = _extremes(known)
        return f"{way} it takes between {low} and {high}, by the median"
    one = known[0]
    if one["times"] == 1:
        return f"{way} the one way took {span(one['median_seconds'])}"
    ways = f"half of {amount(one['times'], 'way')} take more than {span(one['median_seconds'])}"
    return f"{way} {ways}, one in ten more than {span(one['p90_seconds'])}"


def _left_out(lines: list[Row]) -> str:
    still = sum(line.get("open") or 0 for line in lines)
    unknown = sum(line.get("unknown_start") or 0 for line in lines)
    if not still and not unknown:
        return ""
    lost = f", {unknown:,} without a known start" if unknown else ""
    return f"Left out: {amount(still, 'stay')} still open{lost}."
