"""How do a table, a figure and a section become HTML? Everything that comes from outside is escaped here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from workbench.cards import clipped, heading, shown
from workbench.report.captions import height, told

if TYPE_CHECKING:
    import plotly.graph_objects as go

Row = dict[str, Any]

_LONGEST = 300


@dataclass(frozen=True)
class Drawing:
    """One figure, drawn for a light and for a dark page."""

    light: go.Figure
    dark: go.Figure
    label: str


@dataclass(frozen=True)
class Section:
    """A part of the page: what it says, the questions that made its numbers, figures and tables."""

    heading: str
    lead: str
    asked: Sequence[str] = ()
    drawings: Sequence[Drawing] = ()
    tables: Sequence[str] = ()
    html: str = ""
    parts: Sequence[Section] = field(default_factory=tuple)


def table(rows: Sequence[Row], *, most: int = 200, without: Iterable[str] = ()) -> str:
    """Return rows as an HTML table; beyond `most` rows it says how many are left out."""
    if not rows:
        return "<p class='none'>None.</p>"
    left_out = set(without)
    names = [name for name in rows[0] if name not in left_out and any(row.get(name) is not None for row in rows)]
    head = "".join(f"<th scope='col'{_side(rows, name)}>{escape(heading(name))}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td{_side(rows, name)}>{escape(said(row[name], name))}</td>" for name in names) + "</tr>"
        for row in rows[:most]
    )
    more = f"<p class='more'>{len(rows) - most:,} more rows</p>" if len(rows) > most else ""
    return f"<div class='scroll'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"


def said(value: Any, column: str = "") -> str:
    """Return a value as a person reads it, not yet escaped."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, list | tuple):
        return clipped(" → ".join(said(item) for item in value), _LONGEST)
    return clipped(value, _LONGEST) if isinstance(value, str) else shown(value, column)


def contents(parts: Iterable[Section]) -> str:
    """Return links to the sections, in order."""
    links = [f"<li><a href='#part-{number}'>{escape(part.heading)}</a></li>" for number, part in enumerate(parts)]
    return f"<nav aria-label='Contents'><ol>{''.join(links)}</ol></nav>"


def glance(numbers: Iterable[tuple[str, int, str]]) -> str:
    """Return the numbers at the top of the page: what each counts, and the question that made it."""
    told = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{number:,}<code>{escape(asked)}</code></dd></div>"
        for what, number, asked in numbers
    )
    return f"<dl class='glance'>{told}</dl>"


def section(part: Section, numbers: dict[str, int], level: int = 2) -> str:
    """Return a section and its parts; figures and sections are numbered through the page by `numbers`."""
    anchor = ""
    if level == 2:  # noqa: PLR2004  what the contents list
        anchor = f" id='part-{numbers['sections']}'"
        numbers["sections"] += 1
    pieces = [f"<h{level}{anchor}>{escape(part.heading)}</h{level}>"]
    pieces += [f"<p class='lead'>{escape(part.lead)}</p>"] if part.lead else []
    for drawing in part.drawings:
        pieces.append(_figure(drawing, numbers["figures"]))
        numbers["figures"] += 1
    pieces += [*part.tables, part.html]
    if part.asked:
        pieces.append("<p class='asked'>" + " ".join(f"<code>{escape(asked)}</code>" for asked in part.asked) + "</p>")
    pieces += [section(inner, numbers, level + 1) for inner in part.parts]
    return f"<section>{''.join(pieces)}</section>"


def _figure(drawing: Drawing, number: int) -> str:
    """Return the place of a figure under its words; a script fills it."""
    words = told(drawing.light)
    note = f"<small>{escape(words.note)}</small>" if words.note else ""
    return (
        f"<figure><figcaption>{escape(words.title)}{note}</figcaption>"
        f"<div class='figure' id='figure-{number}' role='img' aria-label=\"{escape(drawing.label)}\" "
        f"style='min-height:{height(drawing.light)}px'></div></figure>"
    )


def drawings(parts: Iterable[Section]) -> list[Drawing]:
    """Return the figures of sections in the order in which `section` numbers them."""
    found: list[Drawing] = []
    for part in parts:
        found += part.drawings
        found += drawings(part.parts)
    return found


def script_json(value: Any) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = value if isinstance(value, str) else json.dumps(value)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def folded(summary: str, html: str) -> str:
    """Return HTML that is shown when its summary is opened."""
    return f"<details><summary>{escape(summary)}</summary>{html}</details>"


def _side(rows: Sequence[Row], name: str) -> str:
    known = [row[name] for row in rows if row.get(name) is not None]
    if known and all(isinstance(value, datetime) for value in known):
        return " class='when'"
    right = known and all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    return " class='number'" if right else ""
