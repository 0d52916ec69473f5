"""Did one pair of eyes do both, which rules were broken, and what of the machines does nobody use?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger, stacked
from workbench.figures.tables import GROUP, Part, Row, panels, rows, steps, subject
from workbench.figures.theme import PALETTE, WARNING, Ink, nothing
from workbench.figures.words import count, moment, plain, word

_GREY = Ink("#9AA4B2")
_VERDICTS = {
    "same": ("by the same actor", Ink(WARNING)),
    "unknown": ("some actor not known", _GREY),
    "different": ("by different actors", Ink("#009E73")),
}
_ELEMENTS = {
    "state": ("states", Ink("#0072B2")),
    "transition": ("transitions", Ink("#E69F00")),
    "from-state": ("from-states of transitions", Ink("#CC79A7")),
    "before": ("used before, but no more", _GREY),
}
_NAMED = 3


def four_eyes(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: how many aggregates came into both states by the same actor, and by whom.

    Parameters
    ----------
    table
        The answer of `four_eyes`: type, aggregate_id, verdict, actors.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> table = [{"type": "Order", "aggregate_id": "1", "verdict": "same", "actors": ["ann"]},
    ...          {"type": "Order", "aggregate_id": "2", "verdict": "different", "actors": []}]
    >>> four_eyes(table).layout.title.text
    'The same actor brought 1 of 2 orders<br>into both states, most often ann (1)'
    """
    del machine
    parts, more = panels(rows(table, "aggregate_id", "verdict", "actors"))
    if not parts:
        return nothing("no life entered both states", dark=dark)
    title = f"Whether the same actor brought {subject(parts)} into both states"
    ledger = Ledger(parts, list(map(_alone, parts)), title, more.strip(), dark=dark, barmode="stack")
    for part in ledger:
        verdicts = Counter(str(line["verdict"]) for line in part.rows)
        told = [{verdict: verdicts[verdict]} for verdict in ("different", "unknown") if verdicts[verdict]]
        names = [_VERDICTS[verdict][0] for line in told for verdict in line]
        by = _both(part)
        told += [{"same": number} for number in by.values()]
        shown = ledger.fit(zip([*names, *(f"actor {word(one, 36)}" for one in by)], told, strict=True), "actors")
        spots = ledger.add((name for name, _ in shown), 44)
        stacked(ledger, spots, [line for _, line in shown], _VERDICTS)
        values = [sum(line.values()) for _, line in shown]
        ledger.beside(spots, values, [f"{value:,}" for value in values])
    return ledger.close(**ledger.counts("lives that entered both states"))


def violations(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a declared property: how many events broke it, and what came then.

    Parameters
    ----------
    table
        The answer of `violations`: type, aggregate_id, machine, property, occurred_at, event_type, to_state.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "aggregate_id": "4", "property": "pay first", "event_type": "shipped"}
    >>> violations([line | {"to_state": "shipped"}] * 2).layout.title.text
    '2 events of 1 order broke a rule, most often pay first (2)'
    """
    del machine
    lines = rows(table, "aggregate_id", "property", "event_type", "to_state", also=["machine"])
    parts, more = panels(lines)
    if not parts:
        return nothing("no life broke a rule", dark=dark)
    title = f"Which rules {subject(parts)} broke"
    ledger = Ledger(parts, list(map(_broken, parts)), title, more.strip(), dark=dark, barmode="stack")
    common = [came for came, _ in Counter(map(_came, lines)).most_common(len(PALETTE) - 1)]
    pieces = {came: (f"at {plain(came, 40)}", Ink(PALETTE[nth])) for nth, came in enumerate(common)}
    pieces[""] = ("at others", _GREY)
    for part in ledger:
        rules = Counter(str(line["property"]) for line in part.rows)
        when = Counter((str(line["property"]), _came(line) if _came(line) in pieces else "") for line in part.rows)
        lives = {rule: {line["aggregate_id"] for line in part.rows if str(line["property"]) == rule} for rule in rules}
        shown = ledger.fit((rule for rule, _ in rules.most_common()), "rules")
        spots = ledger.add(shown, 52)
        stacked(ledger, spots, [{came: when[rule, came] for came in pieces} for rule in shown], pieces)
        told = [f"{amount(rules[rule], 'event')} of {count(len(lives[rule]), part.type)}" for rule in shown]
        ledger.beside(spots, [rules[rule] for rule in shown], told)
    return ledger.close(**ledger.counts("events that broke the rule"))


def unused(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a bar a machine: how many of its states and transitions history never used, the first of them named.

    Parameters
    ----------
    table
        The answer of `unused`: type, machine, element, name, from_state, times.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "machine": "Orders", "from_state": None, "times": 0}
    >>> table = [line | {"element": "state", "name": "held"}, line | {"element": "transition", "name": "hold"}]
    >>> unused(table).layout.title.text
    '1 state and 1 transition of Orders were never used: held, hold'
    """
    del machine
    lines = rows(table, "machine", "element", "name", "from_state", "times")
    if not lines:
        return nothing("every state and every transition was used", dark=dark)
    ledger = Ledger([Part("", "", "", lines)], [_unneeded(lines)], "", dark=dark, barmode="stack")
    machines: dict[str, list[Row]] = {}
    for line in lines:
        whose = f"{word(line['machine'], 28)} · {line['type'] or 'no lives'} {line[GROUP]}"
        machines.setdefault(whose.strip(), []).append(line)
    shown = ledger.fit(machines.items(), "machines")
    spots = ledger.add((whose for whose, _ in shown), 60)
    counted = [Counter(map(_piece, part)) for _, part in shown]
    stacked(ledger, spots, counted, _ELEMENTS)
    ledger.beside(spots, [len(part) for _, part in shown], [plain(_names(part), 140) for _, part in shown])
    return ledger.close(**ledger.counts("parts of the machine"))


def _both(part: Part) -> dict[str, int]:
    """Return of each actor how many lives they brought into both states, the most first."""
    return dict(Counter(actor for line in part.rows for actor in steps(line["actors"])).most_common())


def _alone(part: Part) -> str:
    verdicts, whole = Counter(str(line["verdict"]) for line in part.rows), count(len(part.rows), part.type)
    rest = f"; of {verdicts['unknown']:,} it is not known" if verdicts["unknown"] else ""
    if verdicts["unknown"] == len(part.rows):
        return f"Of none of {whole} is it known who brought it into both states"
    if not verdicts["same"]:
        return f"No actor alone brought any of {whole} into both states{rest}"
    top, number = next(iter(_both(part).items()))
    most = f"most often {word(top)} ({number:,})"
    return f"The same actor brought {verdicts['same']:,} of {whole} into both states, {most}{rest}"


def _came(line: Row) -> str:
    return str(line["event_type"] if line["to_state"] is None else line["to_state"])


def _broken(part: Part) -> str:
    top, number = Counter(line["property"] for line in part.rows).most_common(1)[0]
    lives = count(len({line["aggregate_id"] for line in part.rows}), part.type)
    times = [line["occurred_at"] for line in part.rows if line.get("occurred_at") is not None]
    last = f", last on {moment(max(times))}" if times else ""
    return f"{amount(len(part.rows), 'event')} of {lives} broke a rule, most often {word(top, 60)} ({number:,}){last}"


def _piece(line: Row) -> str:
    return "before" if line["times"] else str(line["element"])


def _named(line: Row) -> str:
    name = word(line["name"], 20)
    return name if line["from_state"] is None else f"{name} from {word(line['from_state'], 20)}"


def _names(lines: list[Row], most: int = _NAMED) -> str:
    left = len(lines) - most
    return ", ".join(map(_named, lines[:most])) + (f" and {left:,} more" if left > 0 else "")


def _unneeded(lines: list[Row]) -> str:
    never_used = [line for line in lines if not line["times"]]
    machines = list(dict.fromkeys(word(line["machine"]) for line in never_used or lines))
    whose = machines[0] if len(machines) == 1 else f"{len(machines)} machines"
    numbers = Counter(map(_piece, lines))
    never = [amount(numbers[key], key) for key in ("state", "transition", "from-state") if numbers[key]]
    before = f"{amount(numbers['before'], 'part')} of {whose} {'was' if numbers['before'] == 1 else 'were'} used before"
    if not never:
        return f"{before}, but no more: {_names(lines)}"
    verb = "was" if sum(numbers.values()) - numbers["before"] == 1 else "were"
    listed = " and ".join([", ".join(never[:-1]), never[-1]] if never[1:] else never)
    rest = f"; {numbers['before']:,} {'was' if numbers['before'] == 1 else 'were'} used before, but no more"
    return f"{listed} of {whose} {verb} never used: {_names(never_used)}" + (rest if numbers["before"] else "")
