"""How long have lives waited, which wait too long, and where do they come back to?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger, duration_axis, stacked
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import WARNING, Ink, nothing, order
from workbench.figures.words import count, moment, noun, percent, span, times, word

Pieces = Mapping[str, tuple[str, Ink]]

_AGES: Pieces = {
    "hour": ("less than 1 h", Ink("#CFE3F5")),
    "day": ("1 h to 1 d", Ink("#8FBFE8")),
    "week": ("1 to 7 d", Ink("#4C93CE")),
    "month": ("7 to 30 d", Ink("#1B5FA0")),
    "longer": ("longer", Ink(WARNING)),
}
_KEPT: Pieces = {
    "within": ("left in time", Ink("#0072B2")),
    "waiting": ("open, in time so far", Ink("#A8CBE6")),
    "late": ("left too late", Ink("#E69F00")),
    "overdue": ("open, too late", Ink(WARNING)),
}
_AGAIN: Pieces = {
    "self_loops": ("stated again while in it", Ink("#56B4E9")),
    "returns": ("back after leaving it", Ink("#0072B2")),
}


def ageing(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return stacked bars: how long those in each state have been there.

    Parameters
    ----------
    table
        The answer of `ageing`: type, state, aggregates, unknown_start, median_seconds, hour, day, week, month, longer.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "aggregates": 3, "median_seconds": 7200.0, "hour": 1, "day": 2}
    >>> ageing([line]).layout.title.text
    'Half of the 3 orders in paid have been there for more than 2 h'
    """
    lines = rows(table, "state", "aggregates", "median_seconds")
    unknown = sum(line.get("unknown_start") or 0 for line in lines)
    note = f"Left out: {count(unknown)} whose beginning is unknown." if unknown else ""
    if lines and lines[0].get("instant"):
        note = f"At {moment(lines[0]['instant'])}. {note}".strip()
    return _pieces(lines, machine, _AGES, (_oldest, "How long {} wait", _half_of, note), dark=dark)


def time_limits(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return stacked bars: how many stays in each state kept to its limit, and how many did not.

    Parameters
    ----------
    table
        The answer of `time_limits`: type, state, limit_seconds, within, late, waiting, overdue.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "limit_seconds": 3600.0, "within": 6, "late": 1, "overdue": 1}
    >>> time_limits([line]).layout.title.text
    'Orders keep least to the limit of paid:<br>2 of 8 stays were longer than 1 h (25 %)'
    """
    lines = rows(table, "state", "limit_seconds", "within", "late", "overdue")
    return _pieces(lines, machine, _KEPT, (_worst, "How {} keep to their limits", _limit, ""), dark=dark, axis="stays")


def rework(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return stacked bars: how often lives came back to each state; beside them, through the same actor or another.

    Parameters
    ----------
    table
        The answer of `rework`: type, state, aggregates, share, times, self_loops, returns, repeats, redos.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "aggregates": 2, "share": 0.1, "times": 3, "self_loops": 1}
    >>> rework([line | {"returns": 2, "repeats": 2, "redos": 1}]).layout.title.text
    '2 orders came back to paid, 3 times in all: 10 % of those ever there'
    """
    lines = rows(table, "state", "aggregates", "times", "self_loops", "returns", "repeats", "redos")
    words = (_again, "Where {} come back to", _by_whom, "")
    return _pieces(lines, machine, _AGAIN, words, dark=dark, axis="entries again")


def late_stays(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a stay that was too long: by how much, the longest over its limit on top.

    Parameters
    ----------
    table
        The answer of `late_stays`: type, aggregate_id, state, exited_at, seconds, limit_seconds, over_seconds.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "aggregate_id": "42", "state": "paid", "exited_at": None, "seconds": 7200.0}
    >>> late_stays([line | {"limit_seconds": 3600.0, "over_seconds": 3600.0}]).layout.title.text.replace("<br>", " ")
    '1 stay too long, 1 of them still open; the longest over its limit is order 42 in paid, by 1 h'
    """
    lines = rows(table, "aggregate_id", "state", "exited_at", "seconds", "limit_seconds", "over_seconds")
    if not lines:
        return nothing("no stay was too long", dark=dark)
    lines.sort(key=lambda line: -line["over_seconds"])
    still = sum(line["exited_at"] is None for line in lines)
    top = lines[0]
    worst = f"{noun(str(top.get('type') or ''), one=True)} {word(top['aggregate_id'], 24)} in {word(top['state'])}"
    said = f"{amount(len(lines), 'stay')} too long, {still:,} of them still open; the longest over its limit is {worst}"
    part = Part(str(top.get("type") or ""), "", "", lines, len({line.get("type") for line in lines}) == 1)
    ink = part.inks(machine)
    note = "Beside each: how long it was over its limit."
    ledger = Ledger([part], [f"{said}, by {span(top['over_seconds'])}"], "", note, dark=dark)
    shown = lines[:30]
    axis, unit = duration_axis((line["over_seconds"] for line in shown), "time over the limit")
    spots = ledger.add(
        f"{line.get('type') or ''} {word(line['aggregate_id'], 20)} · {word(line['state'], 20)}" for line in shown
    )
    told = [f"{span(line['over_seconds'])} over {span(line['limit_seconds'])}" for line in shown]
    told = [text + (", open" if line["exited_at"] is None else "") for text, line in zip(told, shown, strict=True)]
    values = [line["over_seconds"] / unit for line in shown]
    ledger.bars(spots, values, [ink[line["state"]] for line in shown], told)
    ledger.beside(spots, values, told)
    if len(lines) > len(shown):
        ledger.labels.append(f"… and {len(lines) - len(shown):,} more")
    return ledger.close(28, **axis)


Words = tuple[Callable[[Part], str], str, Callable[[Row], str], str]


def _pieces(
    lines: list[Row], machine: Any, pieces: Pieces, words: Words, *, dark: bool | None, axis: str = "lives"
) -> go.Figure:
    """Draw one bar a state of pieces that add up, a finding for each panel, some words beside each bar."""
    parts, more = panels(lines)
    if not parts:
        return nothing("no life is in a state asked for", dark=dark)
    tell, title, beside, note = words
    ledger = Ledger(
        parts, list(map(tell, parts)), title.format(subject(parts)), note + more, dark=dark, barmode="stack"
    )
    used = {key: piece for key, piece in pieces.items() if any(line.get(key) for line in lines)}
    for part in ledger:
        by_state = {line["state"]: line for line in part.rows}
        states = order(ledger.fit(by_state), part.machine(machine))
        shown, spots = [by_state[state] for state in states], ledger.add(states)
        stacked(ledger, spots, shown, used)
        ledger.beside(spots, [sum(line.get(key) or 0 for key in used) for line in shown], list(map(beside, shown)))
    return ledger.close(**ledger.counts(axis))


def _half_of(line: Row) -> str:
    return f"median {span(line['median_seconds'])}"


def _limit(line: Row) -> str:
    return f"limit {span(line['limit_seconds'])}"


def _by_whom(line: Row) -> str:
    told = {"by the same actor": line["repeats"], "by another": line["redos"]}
    told |= {"by nobody named": line.get("unknown_actor")}
    return ", ".join(f"{number:,} {who}" for who, number in told.items() if number)


def _oldest(part: Part) -> str:
    aged = [line for line in part.rows if line["median_seconds"] is not None]
    if not aged:
        return f"Of no {noun(part.type, one=True)} is known since when it has been in its state"
    top = max(aged, key=lambda line: line["median_seconds"])
    known, there = top["aggregates"] - (top.get("unknown_start") or 0), span(top["median_seconds"])
    if known == 1:
        return f"The {noun(part.type, one=True)} in {word(top['state'])} has been there for {there}"
    return f"Half of the {count(known, part.type)} in {word(top['state'])} have been there for more than {there}"


def _worst(part: Part) -> str:
    def late(line: Row) -> int:
        return int(line["late"] + line["overdue"])

    def share(line: Row) -> float:
        return late(line) / ((late(line) + line["within"]) or 1)

    top = max(part.rows, key=share)
    who = noun(part.type).capitalize()
    if not late(top):
        return f"{who} keep to every limit"
    decided = f"{late(top):,} of {amount(late(top) + top['within'], 'stay')}"
    longer = f"{'was' if late(top) == 1 else 'were'} longer than {span(top['limit_seconds'])} ({percent(share(top))})"
    return f"{who} keep least to the limit of {word(top['state'])}: {decided} {longer}"


def _again(part: Part) -> str:
    top = max(part.rows, key=lambda line: line["aggregates"])
    said = f"{count(top['aggregates'], part.type)} came back to {word(top['state'])}, {times(top['times'])} in all"
    return said if top.get("share") is None else f"{said}: {percent(top['share'])} of those ever there"
