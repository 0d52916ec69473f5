"""How does an object show itself: as a small card in a notebook, as text that cannot steer a terminal or Markdown?

One style for all of them, in a notebook's colours where it has any, else in the reader's; no script, no address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from itertools import islice
from typing import Any

from workbench.instants import span

_LONGEST = 200
_SENTENCE = 1_000
SHARES = frozenset(
    {"share", "late_share", "of_first", "of_previous", "of_from", "fitness"}
    | {"coverage", "of_actor", "of_transition", "share_a", "share_b"}
)
_UNGROUPED = frozenset({"version", "place", "line", "column", "step", "import_id", "position"})
_MOST = 100
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~^$:@])")
_UNSEEN = {
    code: f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"  # noqa: PLR2004  one byte
    for code in (*range(32), *range(127, 160), *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
} | {9: "\\t", 10: "\\n", 13: "\\r"}
_DARK = "--wb-error:#FF8F85;--wb-warning:#FFB74D;--wb-info:#82B8E6"
_LIGHT = "--wb-error:#B42318;--wb-warning:#9A5B00;--wb-info:#2D6A9F"
_RULE = "1px solid var(--jp-border-color2,rgba(128,128,128,.3))"
_STYLE = (
    "<style>"
    f".wb-card{{{_LIGHT};color:var(--jp-ui-font-color1,inherit);font-size:13px;line-height:1.45;max-width:72rem}}"
    f"@media(prefers-color-scheme:dark){{.wb-card{{{_DARK}}}}}"
    f"[data-jp-theme-light=true] .wb-card{{{_LIGHT}}}[data-jp-theme-light=false] .wb-card{{{_DARK}}}"
    ".wb-card h4{margin:.2em 0;font-size:15px;font-weight:600;unicode-bidi:isolate;overflow-wrap:anywhere}"
    ".wb-card p{margin:.1em 0 .5em;max-width:52rem;overflow-wrap:anywhere}"
    ".wb-card .wb-note,.wb-card th{color:var(--jp-ui-font-color2,inherit);opacity:.85}"
    ".wb-card .wb-wide{overflow-x:auto;margin:.2em 0 .8em}"
    ".wb-card table{border-collapse:collapse;font-size:13px;margin:0}"
    # The class twice outweighs JupyterLab's own rules, which set text to the right and code on grey.
    ".wb-card.wb-card th,.wb-card.wb-card td{text-align:left;vertical-align:top;padding:.25em .9em .25em .3em;"
    "max-width:32rem;overflow-wrap:break-word;unicode-bidi:isolate;white-space:normal;background:none;"
    f"border-bottom:{_RULE}}}"
    ".wb-card.wb-card th{font-weight:600;white-space:nowrap}"
    ".wb-card.wb-card .wb-number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    ".wb-card.wb-card td.wb-time{white-space:nowrap}"
    ".wb-card i.wb-ink{display:inline-block;width:.75em;height:.75em;border-radius:50%;margin-right:.5em}"
    ".wb-card b.wb-error{color:var(--wb-error)}.wb-card b.wb-warning{color:var(--wb-warning)}"
    ".wb-card b.wb-info{color:var(--wb-info)}"
    ".wb-card.wb-card :not(pre)>code{background:none;padding:0;font-size:12px;color:inherit}"
    "</style>"
)


class Html(str):
    """Text that is HTML already; whatever else reaches a card is escaped."""

    __slots__ = ()


def card(title: str, *parts: str, note: str = "") -> str:
    """Return a card: a title, a line about it, and parts, each HTML or a paragraph of text.

    Examples
    --------
    >>> card("a < b").rpartition("</style>")[2]
    '<div class="wb-card"><h4>a &lt; b</h4></div>'
    """
    told = f"<h4>{escape(clipped(title, _SENTENCE))}</h4>" if title else ""
    told += f'<p class="wb-note">{escape(note)}</p>' if note else ""
    told += "".join(part if isinstance(part, Html) else f"<p>{escape(part)}</p>" for part in parts if part)
    return f'{_STYLE}<div class="wb-card">{told}</div>'


def table(columns: Sequence[str], rows: Iterable[Iterable[Any]], *, most: int = _MOST) -> Html:
    """Return rows as a table, or nothing for none; columns that say nothing, and rows beyond `most`, are left out.

    A column called `share` is told in percent, one of `..._seconds` as lengths of time.
    """
    waiting = iter(rows)
    lines = [list(row) for row in islice(waiting, most)]
    left_out = sum(1 for _ in waiting)
    said = [i for i in range(len(columns)) if any(line[i] is not None and shown(line[i]) for line in lines)]
    if not said:
        return Html()
    sides = {index: _side([line[index] for line in lines]) for index in said}
    head = "".join(f'<th scope="col"{sides[index]}>{escape(heading(columns[index]))}</th>' for index in said)
    body = "".join(
        f"<tr>{''.join(f'<td{sides[index]}>{_cell(line[index], columns[index])}</td>' for index in said)}</tr>"
        for line in lines
    )
    more = f'<p class="wb-note">and {left_out:,} more</p>' if left_out else ""
    return Html(f'<div class="wb-wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}</div>')


def marked(text: str, mood: str = "") -> Html:
    """Return text that stands out; as an "error", a "warning" or an "info" in its colour."""
    if not text:
        return Html()
    return Html(f'<b class="wb-{mood}">{escape(clipped(text))}</b>' if mood else f"<b>{escape(clipped(text))}</b>")


def code(text: object) -> Html:
    """Return text as code."""
    return Html(f"<code>{escape(clipped(str(text)))}</code>")


def sentence(text: str) -> Html:
    """Return a sentence, which a cell bears whole."""
    return Html(escape(clipped(text, _SENTENCE)))


def heading(column: str) -> str:
    """Return what stands above a column.

    Examples
    --------
    >>> heading("median_seconds"), heading("of_first")
    ('median', 'of first')
    """
    return column.removesuffix("_seconds").replace("_", " ")


def amount(number: int, one: str, many: str = "") -> str:
    """Return how many of something, in the singular or the plural.

    Examples
    --------
    >>> amount(1, "stay"), amount(0, "stay"), amount(2_000, "is", "are")
    ('1 stay', '0 stays', '2,000 are')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """Return a share as a percentage; neither all nor nothing unless it is.

    Examples
    --------
    >>> percent(0.125), percent(0.9999), percent(1)
    ('12.5 %', '> 99.9 %', '100 %')
    """
    if 0 < share < 0.0005:  # noqa: PLR2004  what one digit would write as 0.0
        return "< 0.1 %"
    if 0.9995 <= share < 1:  # noqa: PLR2004  what would be written as 100.0
        return "> 99.9 %"
    return "100 %" if share == 1 else f"{100 * share:.1f} %"


def shown(value: Any, column: str = "") -> str:
    """Return a value as a cell of that column bears it, not yet escaped.

    Examples
    --------
    >>> shown(None), shown(True), shown(["new", "paid"]), shown({"zip": "75001"})
    ('', 'yes', 'new → paid', '{"zip": "75001"}')
    >>> shown(1200), shown(5400.0, "median_seconds"), shown(0.25, "share"), shown(1200, "version")
    ('1,200', '1 h 30 min', '25.0 %', '1200')
    """
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, int | float):
        return _number(value, column)
    if isinstance(value, list | tuple):
        return clipped(" → ".join(map(shown, value)))
    if isinstance(value, Mapping):
        return clipped(json.dumps(dict(value), ensure_ascii=False, default=str))
    return clipped(str(value))


def clipped(text: str, most: int = _LONGEST) -> str:
    """Return the text, or its beginning where it is longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def visible(text: str) -> str:
    r"""Return the text with control and direction characters written out, so that data cannot steer a terminal.

    Examples
    --------
    >>> visible("paid\x1b[2J")
    'paid\\x1b[2J'
    """
    return text.translate(_UNSEEN)


def markdown_cell(text: str) -> str:
    """Return a text as a cell of a Markdown table: on one line, with nothing that Markdown or HTML would read."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return _MARKUP.sub(r"\\\1", line.replace("&", "&amp;")).replace("<", "&lt;").replace(">", "&gt;")


def _cell(value: Any, column: str) -> str:
    return value if isinstance(value, Html) else escape(shown(value, column))


def _number(value: float, column: str) -> str:
    if column.endswith("_seconds"):
        return span(value)
    if column in SHARES:
        return percent(value)
    if isinstance(value, int):
        return str(value) if column in _UNGROUPED else f"{value:,}"
    return f"{value:,.6g}"


def _side(values: Iterable[Any]) -> str:
    """Return how a column is set: numbers flush right, instants in one piece."""
    known = [value for value in values if value is not None]
    if all(isinstance(value, datetime) for value in known):
        return ' class="wb-time"'
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)
    return ' class="wb-number"' if numbers else ""
