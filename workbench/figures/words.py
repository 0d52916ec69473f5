"""How a figure says numbers, durations, instants and names, with nothing left for Plotly to interpret."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from textwrap import wrap
from typing import Any
from unicodedata import bidirectional

from workbench import instants

SECONDS = {"1 s": 1, "10 s": 10, "1 min": 60, "10 min": 600, "1 h": 3600, "6 h": 21600, "1 d": 86400, "1 week": 604800}
SECONDS |= {"4 weeks": 2419200, "1 year": 31557600}
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066\u2067\x00-\x08\x0e-\x1f\x7f]")
_WHOLE = re.compile(r"\d (?:%|UTC\b|(?:d|h|min) \d+ (?:h|min|s)\b|(?:d|h|min|s)\b|(?=[a-z]))|\([^()]{1,24}\)")
_ISOLATED, _CLOSED = "\u2068", "\u2069"


def word(text: object, width: int = 40) -> str:
    """Return a name on one line, at most `width` long, that does not turn the text around it from right to left.

    Examples
    --------
    >>> word("a  very long name", 10)
    'a very lo…'
    """
    shown = " ".join(_TURNING.sub("", str(text)).split()) or "(empty)"
    short = shown if len(shown) <= width else shown[: width - 1] + "…"
    if _ISOLATED in short or _CLOSED in short:
        return _balanced(short)
    turned = any(bidirectional(sign) in {"R", "AL"} for sign in short)
    return f"{_ISOLATED}{short}{_CLOSED}" if turned else short


def _balanced(text: str) -> str:
    """Return text in which every isolate is closed, and nothing is closed that was not opened."""
    depth, kept = 0, []
    for sign in text:
        depth += (sign == _ISOLATED) - (sign == _CLOSED)
        if depth >= 0:
            kept.append(sign)
        depth = max(depth, 0)
    return "".join(kept) + _CLOSED * depth


def plain(text: object, width: int = 60) -> str:
    """Return a name that Plotly shows as it stands: no tags, no entities, no formulas, at most `width` long.

    Examples
    --------
    >>> plain("<b>paid</b>")
    '&lt;b&gt;paid&lt;/b&gt;'
    """
    return _shown(word(text, width))


def lines(text: str, width: int = 72) -> str:
    """Return a sentence broken into lines of at most `width` characters, ready for a title; a number keeps its unit.

    Examples
    --------
    >>> lines("half of them take 12 h 30 min", 20)
    'half of them<br>take 12 h 30 min'
    >>> lines("the share is 80 %", 15)
    'the share<br>is 80 %'
    """
    text = glued(text)
    rows = len(wrap(text, width))
    # as even as it may be: no last line of a single word
    even = next((less for less in range(len(text) // max(rows, 1), width) if len(wrap(text, less or 1)) == rows), width)
    parts = wrap(text, even or 1)
    cut = [*parts[:3], word(" ".join(parts[3:]), width)] if len(parts) > 4 else parts  # noqa: PLR2004  lines of a title
    return "<br>".join(map(_shown, cut)).replace("\u00a0", " ")


def glued(text: str) -> str:
    """Return a sentence in which no line ends between a number and what it counts, or within short brackets."""
    return _WHOLE.sub(lambda found: found[0].replace(" ", "\u00a0"), text)


def _shown(text: str) -> str:
    return escape(text, quote=False).replace("$", "&#36;")


def span(seconds: float | None) -> str:
    """Return a duration in its two greatest units, also one that is not known.

    Examples
    --------
    >>> span(183_600), span(0.25), span(None)
    ('2 d 3 h', '0.25 s', 'unknown')
    """
    return "unknown" if seconds is None else instants.span(seconds)


def count(number: int, type: str = "") -> str:
    """Return how many of a type in plain English.

    Examples
    --------
    >>> count(1200, "Order"), count(1, "SmartDevice"), count(2, "")
    ('1,200 orders', '1 smart device', '2 lives')
    """
    return f"{number:,} {noun(type, one=number == 1)}"


def noun(type: str, *, one: bool = False) -> str:
    """Return a type's name as a word, plural unless `one`."""
    if not type:
        return "life" if one else "lives"
    short = type.rsplit("\\", 1)[-1] or type
    said = word(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", short).replace("_", " ").lower())
    if one:
        return said
    if re.search(r"[^aeiou]y$", said):
        return said[:-1] + "ies"
    return said + ("es" if re.search(r"(s|x|z|ch|sh)$", said) else "s")


def times(number: int) -> str:
    """Return how often in plain English.

    Examples
    --------
    >>> times(1), times(2), times(1200)
    ('once', 'twice', '1,200 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def number(value: float) -> str:
    """Return a number in as many digits as are worth reading.

    Examples
    --------
    >>> number(39_660.4), number(492.53), number(0.01234), number(5.0), number(0.0000547)
    ('39,660', '493', '0.0123', '5', 'under 0.01')
    """
    if 0 < value < 0.01:  # noqa: PLR2004  hardly any
        return "under 0.01"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"  # noqa: PLR2004  three digits


def percent(share: float | None) -> str:
    """Return a share as a percentage: one digit after the point only where it is needed, halves upwards.

    Examples
    --------
    >>> percent(0.125), percent(0.0625), percent(0.0004), percent(0.9999)
    ('13 %', '6.3 %', 'under 0.1 %', '99.9 %')
    """
    if share is None:
        return "unknown"
    value = 100 * share
    if 0 < value < 0.1:  # noqa: PLR2004  hardly any is not none
        return "under 0.1 %"
    if 99 < value < 100:  # noqa: PLR2004  nearly all is not all
        return f"{min(value, 99.9):.1f} %"
    up = value + 1e-9  # Python rounds a half to the even digit, people and the views upwards
    return f"{up:.0f} %" if value >= 10 or value == round(value) else f"{up:.1f} %"  # noqa: PLR2004


def moment(value: Any) -> str:
    """Return an instant as a person writes it, and UTC beside it."""
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
        return f"{text[:10] if text.endswith(' 00:00') else text} UTC"
    return f"{value.isoformat()} UTC" if isinstance(value, date) else f"{value} UTC"
