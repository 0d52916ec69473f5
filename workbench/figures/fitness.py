"""Does history keep to the machines, to what they promise, and to what the application itself says?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger, stacked
from workbench.figures.tables import GROUP, Part, Row, panels, rows, subject
from workbench.figures.theme import PALETTE, WARNING, Ink, nothing, sentence
from workbench.figures.words import count, percent, plain, word

_FITS, _GREY = Ink("#009E73"), Ink("#9AA4B2")
_VERDICTS = {
    "satisfied": ("kept it", _FITS),
    "pending": ("still open", Ink("#56B4E9")),
    "unknowable": ("cannot be known", _GREY),
    "violated": ("broke it", Ink(WARNING)),
}


def conformance(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: how many lives kept to their machine in every move, and how many did not.

    Parameters
    ----------
    table
        The answer of `conformance`: type, machine, lives, moves, off_machine, lives_fitting.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "machine": "Orders", "lives": 9, "moves": 30, "off_machine": 2, "lives_fitting": 8}
    >>> conformance([line]).layout.title.text
    '2 of 30 moves are off their machine; 8 of 9 lives keep to it (89 %)'
    """
    del machine
    lines = rows(table, "machine", "lives", "moves", "off_machine", "lives_fitting")
    if not lines:
        return nothing("there is neither a machine nor a life", dark=dark)
    told = [line for line in lines if line["machine"] and line["lives"]]
    for line in lines:
        line["strange"] = (line["lives"] - line["lives_fitting"]) if line in told else 0
        line["unspoken"] = 0 if line["machine"] else line["lives"]
    ledger = Ledger([Part("", "", "", lines)], [_fit(told)], "", dark=dark, barmode="stack")
    pieces = {
        "lives_fitting": ("lives that keep to it", _FITS),
        "strange": ("lives that do not", Ink(WARNING)),
        "unspoken": ("lives without a machine", _GREY),
    }
    shown = ledger.fit(lines, "rows")
    labels = [f"{word(line['machine'] or '(no machine)', 28)} · {line['type'] or 'no lives'}" for line in shown]
    grouped = [line[GROUP] for line in shown]
    spots = ledger.add((f"{label} {group}" for label, group in zip(labels, grouped, strict=True)), 44)
    stacked(ledger, spots, shown, pieces)
    ledger.beside(spots, [line["lives"] or 0 for line in shown], list(map(_moves, shown)))
    return ledger.close(**ledger.counts("lives"))


def off_machine(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: which moves no transition allows, how often, and why not.

    Parameters
    ----------
    table
        The answer of `off_machine`: type, aggregate_id, from_state, to_state, why.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "aggregate_id": "4", "from_state": "new", "to_state": "paid"}
    >>> off_machine([line | {"why": "no such transition"}] * 2).layout.title.text.replace("<br>", " ")
    '2 moves of 1 order no transition allows, most often new → paid (2): no such transition'
    """
    del machine
    lines = rows(table, "aggregate_id", "from_state", "to_state", "why")
    parts, more = panels(lines)
    if not parts:
        return nothing("every move is allowed by its machine", dark=dark)
    reasons = [why for why, _ in Counter(line["why"] for line in lines).most_common(8)]
    kept = {line["why"]: line["why"] if line["why"] in reasons else "other" for line in lines}
    ink = {why: Ink(PALETTE[(5 + number) % len(PALETTE)]) for number, why in enumerate(dict.fromkeys(kept.values()))}
    title = f"Which moves of {subject(parts)} no transition allows"
    ledger = Ledger(parts, [_strange(part) for part in parts], title, more.strip(), dark=dark, barmode="stack")
    for part in ledger:
        pairs = Counter(_pair(line) for line in part.rows)
        shown = ledger.fit((pair for pair, _ in pairs.most_common()), "moves")
        why = Counter((_pair(line), kept[line["why"]]) for line in part.rows)
        spots = ledger.add(shown, 44)
        told = [{reason: why[pair, reason] for reason in ink} for pair in shown]
        stacked(ledger, spots, told, {reason: (plain(reason, 60), one) for reason, one in ink.items()})
        ledger.beside(spots, [pairs[pair] for pair in shown], [f"{pairs[pair]:,}" for pair in shown])
    return ledger.close(**ledger.counts("moves"))


def holds(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a declared property: how many of the lives it concerns kept it, broke it, or may still do either.

    Parameters
    ----------
    table
        The answer of `holds(log, machines)`: type, machine, property, asked_of, concerned, satisfied, violated,
        pending, unknowable. What was asked of the machines alone is not drawn.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "machine": "Orders", "property": "pay first", "asked_of": "log", "concerned": 9}
    >>> holds([line | {"satisfied": 7, "violated": 2, "pending": 0, "unknowable": 0}]).layout.title.text
    '1 of 1 property is broken, pay first by most lives: 2 of 9'
    """
    del machine
    lines = [line for line in rows(table, "machine", "property", "asked_of", *_VERDICTS) if line["asked_of"] == "log"]
    if not lines:
        return nothing("no property was asked of history", dark=dark)
    ledger = Ledger([Part("", "", "", lines)], [_broken(lines)], "", dark=dark, barmode="stack")
    shown = ledger.fit(lines, "properties")
    spots = ledger.add((f"{line['type'] or line['machine']}: {word(line['property'], 50)}" for line in shown), 60)
    stacked(ledger, spots, shown, _VERDICTS)
    concerned = [sum(int(line[key] or 0) for key in _VERDICTS) for line in shown]
    numbers = zip(shown, concerned, strict=True)
    told = [f"{int(line['violated']):,} of {n:,} broke it" if n else "concerns no life" for line, n in numbers]
    ledger.beside(spots, concerned, told)
    return ledger.close(**ledger.counts("lives it concerns"))


def drift(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: in what the replay and the application's own rows and counters part, and how often.

    Parameters
    ----------
    table
        The answer of `drift`: type, aggregate_id, what.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> drift([{"type": "Order", "aggregate_id": "4", "what": "state"}]).layout.title.text
    'The replay and the application part in 1 order, most often in state (1)'
    """
    del machine
    lines = rows(table, "aggregate_id", "what")
    return _partings(lines, ("The replay and the application part", "nothing parts from the replay"), dark=dark)


def snapshot_check(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: which attributes of snapshots part from what the events add up to, and in how many aggregates first.

    Parameters
    ----------
    table
        The answer of `snapshot_check`: type, aggregate_id, snapshots, differing, what.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "aggregate_id": "4", "snapshots": 3, "differing": 1, "what": ["total"]}
    >>> snapshot_check([line]).layout.title.text
    'Snapshots part from the events in 1 of 1 order, most often in total (1)'
    """
    del machine
    lines = rows(table, "aggregate_id", "snapshots", "differing", "what")
    told = [{**line, "what": what} for line in lines if line["differing"] for what in list(line["what"])]
    if lines and not told:
        return sentence(f"All snapshots of {count(len(lines))} say what the events add up to", dark=dark)
    words = ("Snapshots part from the events", "there is no snapshot")
    return _partings(told, words, Counter(str(line.get("type") or "") for line in lines), dark=dark)


def _partings(
    lines: list[Row], words: tuple[str, str], whole: Mapping[str, int] | None = None, *, dark: bool | None
) -> go.Figure:
    """Draw one bar for each thing in which two sides part."""
    parts, more = panels(lines)
    if not parts:
        return nothing(words[1], dark=dark)
    said = []
    for part in parts:
        lives = len({line["aggregate_id"] for line in part.rows if line["aggregate_id"] is not None})
        of, counters = (whole or {}).get(part.type), sum(line["aggregate_id"] is None for line in part.rows)
        top, number = Counter(line["what"] for line in part.rows).most_common(1)[0]
        told = [count(lives, part.type) if of is None else f"{lives:,} of {count(of, part.type)}"] if lives else []
        who = " and ".join(told + ([amount(counters, "counter")] if counters else []))
        said.append(f"{words[0]} in {who}, most often in {word(top)} ({number:,})")
    ledger = Ledger(parts, said, f"{words[0]} in {subject(parts)}", more.strip(), dark=dark)
    for part in ledger:
        numbers = Counter(line["what"] for line in part.rows)
        shown = ledger.fit(sorted(numbers, key=lambda what: (-numbers[what], what)), "kinds")
        values = [numbers[what] for what in shown]
        told = [f"{number:,}" for number in values]
        spots = ledger.add(shown, 44)
        ledger.bars(spots, values, [Ink(WARNING)] * len(shown), told)
        ledger.beside(spots, values, told)
    return ledger.close(**ledger.counts("differences"))


def _fit(told: list[Row]) -> str:
    if not told:
        return "No machine speaks for any life"
    off, moves = sum(int(line["off_machine"] or 0) for line in told), sum(line["moves"] or 0 for line in told)
    fit, lives = sum(int(line["lives_fitting"] or 0) for line in told), sum(line["lives"] for line in told)
    which = "it" if len(told) == 1 else "theirs"
    kept = f"{fit:,} of {count(lives)} {'keeps' if fit == 1 else 'keep'} to {which} ({percent(fit / lives)})"
    return f"{off:,} of {amount(moves, 'move')} {'is' if off == 1 else 'are'} off their machine; {kept}"


def _moves(line: Row) -> str:
    if not line["machine"]:
        return "no machine speaks for it"
    if not line["lives"]:
        return "it speaks for no life"
    return f"{int(line['off_machine'] or 0):,} of {amount(line['moves'], 'move')} off it"


def _pair(line: Row) -> str:
    source = "(beginning)" if line["from_state"] is None else word(line["from_state"], 20)
    return f"{source} → {word(line['to_state'], 20)}"


def _strange(part: Part) -> str:
    lives = len({line["aggregate_id"] for line in part.rows})
    pair, number = Counter(map(_pair, part.rows)).most_common(1)[0]
    why, often = Counter(line["why"] for line in part.rows if _pair(line) == pair).most_common(1)[0]
    moves = f"{amount(len(part.rows), 'move')} of {count(lives, part.type)} no transition allows"
    reason = why if often == number else f"{why} ({often:,})"
    return f"{moves}, most often {pair} ({number:,}): {reason}"


def _broken(lines: list[Row]) -> str:
    broken = [line for line in lines if line["violated"]]
    whole = amount(len(lines), "property", "properties")
    if not broken:
        return f"No life broke any of {whole}" if len(lines) > 1 else "No life broke the property"
    top = max(broken, key=lambda line: line["violated"])
    concerned = sum(int(top[key] or 0) for key in _VERDICTS)
    verb = "is" if len(broken) == 1 else "are"
    most = f"{word(top['property'], 60)} by most lives: {int(top['violated']):,} of {concerned:,}"
    return f"{len(broken):,} of {whole} {verb} broken, {most}"
