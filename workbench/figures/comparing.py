"""What sets two sets of lives apart, and is it more than noise? Differences with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import Ledger
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import PALETTE, nothing, paper, thin
from workbench.figures.words import percent, plain, word

_MOST = 25
_NOTE = "Dot: share in a less share in b; line: 95 % interval; full: more than noise; beside: share in a · in b."
_FALSE = 0.05  # the share of false findings that is borne


def distinguish(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a dot a candidate: by how much more often lives of `a` have it than those of `b`, with its interval.

    Parameters
    ----------
    table
        The answer of `distinguish`: type, kind, name, value, share_a, share_b, difference, low, high, q_value.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "kind": "actor", "name": "actor", "value": "3", "share_a": 0.5, "share_b": 0.1}
    >>> figure = distinguish([line | {"difference": 0.4, "low": 0.2, "high": 0.6, "q_value": 0.01}])
    >>> figure.layout.title.text.replace("<br>", " ")
    '1 of 1 candidate is more than noise, first of all actor 3: 50 % of a have it, 10 % of b'
    """
    del machine
    lines = rows(table, "kind", "name", "value", "share_a", "share_b", "difference", "low", "high", "q_value")
    return _differences(lines, (_candidate, "candidate", "have it", "sets them apart"), dark=dark)


def compare_transitions(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a dot a move: by how much more often the lives of `a` go that way than those of `b`, with its interval.

    Parameters
    ----------
    table
        The answer of `compare_transitions`: type, from_state, to_state, share_a, share_b, difference, low, high,
        q_value.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "from_state": "new", "to_state": "void", "share_a": 0.5, "share_b": 0.1}
    >>> figure = compare_transitions([line | {"difference": 0.4, "low": 0.2, "high": 0.6, "q_value": 0.2}])
    >>> figure.layout.title.text.replace("<br>", " ")
    'No difference is more than noise; the greatest is new → void: 50 % of a go there, 10 % of b'
    """
    del machine
    lines = rows(table, "from_state", "to_state", "share_a", "share_b", "difference", "low", "high", "q_value")
    return _differences(lines, (_pair, "move", "go there", "goes otherwise"), dark=dark)


Words = tuple[Callable[[Row], str], str, str, str]


def _differences(lines: list[Row], words: Words, *, dark: bool | None) -> go.Figure:
    parts, more = panels(line for line in lines if line["difference"] is not None)
    if not parts:
        return nothing("nothing could be compared", dark=dark)
    name, what, verb, apart = words
    said = [_greatest(part, words) for part in parts]
    ledger = Ledger(parts, said, f"What {apart} among {subject(parts)}", _NOTE + more, dark=dark)
    most = max(5, _MOST // len(parts))
    for part in ledger:
        shown = part.rows[:most]
        spots = ledger.add((name(line) for line in shown), 44)
        if len(part.rows) > most:
            ledger.labels.append(f"… and {amount(len(part.rows) - most, f'more {what}')}")
        _dots(ledger, spots, shown, [_hover(name(line), line, verb) for line in shown], dark=dark)
    zero = {"zeroline": True, "zerolinecolor": paper(dark=dark).faint, "zerolinewidth": 1}
    return ledger.close(28, title="share in a less share in b (percentage points)", **zero)


def _dots(ledger: Ledger, spots: list[int], shown: list[Row], hovers: list[str], *, dark: bool | None) -> None:
    """Draw a dot and its interval a line, and write both shares beside it."""
    page = paper(dark=dark)
    values = [100 * line["difference"] for line in shown]
    ends = {
        key: [value if line[key] is None else 100 * line[key] for line, value in zip(shown, values, strict=True)]
        for key in ("low", "high")
    }
    sure, full = [_sure(line) for line in shown], thin(PALETTE[0], dark=dark)
    edge = {"width": 2, "color": [full if one else page.faint for one in sure]}
    ledger.figure.add_scatter(
        x=values,
        y=spots,
        mode="markers",
        marker={"size": 10, "color": [full if one else page.page for one in sure], "line": edge},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [high - value for high, value in zip(ends["high"], values, strict=True)],
            "arrayminus": [value - low for low, value in zip(ends["low"], values, strict=True)],
            "color": page.faint,
            "thickness": 1.5,
            "width": 4,
        },
        hoverinfo="text",
        hovertext=hovers,
    )
    ledger.beside(spots, ends["high"], [f"{percent(line['share_a'])} · {percent(line['share_b'])}" for line in shown])


def _sure(line: Row) -> bool:
    return line["q_value"] is not None and line["q_value"] < _FALSE


def _candidate(line: Row) -> str:
    kind = str(line["kind"]).replace("_", " ")
    if line["kind"] == "transition":
        return f"{word(line['name'], 18)} → {word(line['value'], 18)}"
    if line["kind"] == "attribute":
        return f"{word(line['name'], 20)} = {word(line['value'], 20)}"
    return f"{kind} {word(line['value'], 28)}"


def _pair(line: Row) -> str:
    source = "(beginning)" if line["from_state"] is None else word(line["from_state"], 18)
    return f"{source} → {word(line['to_state'], 18)}"


def _greatest(part: Part, words: Words) -> str:
    name, what, verb, _ = words
    sure = [line for line in part.rows if _sure(line)]
    top = sure[0] if sure else max(part.rows, key=lambda line: abs(line["difference"]))
    shares = f"{name(top)}: {percent(top['share_a'])} of a {verb}, {percent(top['share_b'])} of b"
    if not sure:
        return f"No difference is more than noise; the greatest is {shares}"
    verb = "is" if len(sure) == 1 else "are"
    return f"{len(sure):,} of {amount(len(part.rows), what)} {verb} more than noise, first of all {shares}"


def _hover(name: str, line: Row, verb: str) -> str:
    said = [f"<b>{plain(name)}</b>"]
    for side in ("a", "b"):
        lives = f"{line[f'in_{side}']:,} of {line[f'of_{side}']:,} lives" if f"in_{side}" in line else side
        said.append(f"{side}: {percent(line[f'share_{side}'])} {verb} ({lives})")
    said.append("more than noise" if _sure(line) else "may be noise")
    return "<br>".join(said)
