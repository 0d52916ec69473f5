"""What is in the log, and what of it is doubtful?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger, stacked
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import WARNING, Ink, nothing
from workbench.figures.words import count, noun, plain, times, word

_EFFECTS = {
    "state": ("change the state", Ink("#0072B2")),
    "attributes": ("change attributes", Ink("#009E73")),
    "none": ("change nothing that a replay knows", Ink("#9AA4B2")),
}


def event_types(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a kind of event: how many there are, of how many aggregates, and what they change.

    Parameters
    ----------
    table
        The answer of `event_types`: type, event_type, schema_version, events, aggregates, changes_state, replayed.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "schema_version": None, "aggregates": 4, "changes_state": True, "replayed": 6}
    >>> table = [line | {"event_type": "paid", "events": 6}, line | {"event_type": "made", "events": 4}]
    >>> event_types(table).layout.title.text
    '6 of 10 events of orders are paid;<br>2 of 2 kinds of event change the state'
    """
    del machine
    lines = rows(table, "event_type", "events", "aggregates", "changes_state")
    parts, more = panels(sorted(lines, key=lambda line: -line["events"]))
    if not parts:
        return nothing("there is no event", dark=dark)
    note = "Beside each bar: events, and how many lives have one." + more
    ledger = Ledger(
        parts, list(map(_commonest, parts)), f"What is told of {subject(parts)}", note, dark=dark, barmode="stack"
    )
    for part in ledger:
        shown = ledger.fit(part.rows, "kinds of event")
        spots = ledger.add(map(_kind, shown), 44)
        stacked(ledger, spots, [{_effect(line): line["events"]} for line in shown], _EFFECTS)
        told = [f"{line['events']:,} · {count(line['aggregates'], part.type)}" for line in shown]
        ledger.beside(spots, [line["events"] for line in shown], told)
    return ledger.close(**ledger.counts("events"))


def quality(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a doubt: how many events, ids, rows, aggregates or hours it concerns; hover tells an example.

    Parameters
    ----------
    table
        The answer of `quality`: type, check, count, example, explanation.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "check": "version gap", "count": 3, "example": "", "explanation": "events are missing"}
    >>> quality([line]).layout.title.text
    '1 kind of doubt about this log, version gap of orders: 3 times'
    """
    del machine
    lines = sorted(rows(table, "check", "count", "example", "explanation"), key=lambda line: -line["count"])
    if not lines:
        return nothing("no check found anything doubtful", dark=dark)
    top = lines[0]
    note = f"{word(top['check'], 60)}: {word(top['explanation'], 160)}." if top["explanation"] else ""
    ledger = Ledger([Part("", "", "", lines)], [_doubted(lines)], "", note, dark=dark)
    shown = ledger.fit(lines, "doubts")
    spots = ledger.add(map(_doubt, shown), 52)
    values = [line["count"] for line in shown]
    hovers = [
        f"<b>{plain(_doubt(line))}</b><br>{plain(line['explanation'], 140)}<br>such as {plain(line['example'], 100)}"
        for line in shown
    ]
    ledger.bars(spots, values, [Ink(WARNING)] * len(shown), hovers)
    ledger.beside(spots, values, [f"{value:,}" for value in values])
    return ledger.close(**ledger.counts("events, ids, rows, lives or hours"))


def _effect(line: Row) -> str:
    if line["changes_state"]:
        return "state"
    return "attributes" if line.get("replayed", 1) else "none"


def _kind(line: Row) -> str:
    version = line.get("schema_version")
    return word(line["event_type"], 34) + ("" if version is None else f" v{word(version, 8)}")


def _commonest(part: Part) -> str:
    numbers: Counter[str] = Counter()
    for line in part.rows:
        numbers[str(line["event_type"])] += line["events"]
    top, number = numbers.most_common(1)[0]
    kinds = len(numbers)
    stating = len({str(line["event_type"]) for line in part.rows if line["changes_state"]})
    said = f"{number:,} of {amount(sum(numbers.values()), 'event')} of {noun(part.type)} are {word(top)}"
    verb = "changes" if stating == 1 else "change"
    return f"{said}; {stating:,} of {amount(kinds, 'kind of event', 'kinds of event')} {verb} the state"


def _doubt(line: Row) -> str:
    return f"{line['type'] or 'the store'}: {word(line['check'], 40)}"


def _doubted(lines: list[Row]) -> str:
    top, kinds = lines[0], len({line["check"] for line in lines})
    whose = f" of {noun(top['type'])}" if top["type"] else ""
    often = "" if kinds == 1 else "most often "
    most = f"{often}{word(top['check'])}{whose}: {times(top['count'])}"
    return f"{amount(kinds, 'kind')} of doubt about this log, {most}"
