"""How a figure says numbers, durations, instants and names, with nothing left for Plotly to interpret."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import escape
from textwrap import wrap
from typing import Any

_UNITS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
SECONDS = {"1 s": 1, "10 s": 10, "1 min": 60, "10 min": 600, "1 h": 3600, "6 h": 21600, "1 d": 86400, "1 week": 604800}
SECONDS |= {"4 weeks": 2419200, "1 year": 31557600}


def plain(text: object, width: int = 60) -> str:
    """Return text that Plotly shows as it stands: no tags, no entities, no formulas, at most `width` long.

    Examples
    --------
    >>> plain("<b>paid</b>")
    '&lt;b&gt;paid&lt;/b&gt;'
    """
    words = " ".join(str(text).split()) or "(empty)"
    short = words if len(words) <= width else words[: width - 1] + "…"
    return escape(short, quote=False).replace("$", "&#36;")


def lines(text: str, width: int = 84) -> str:
    """Return a sentence broken into lines of at most `width` characters, ready for a title."""
    return "<br>".join(escape(part, quote=False).replace("$", "&#36;") for part in wrap(text, width)[:4])


def span(seconds: float | None) -> str:
    """Return a duration in its two greatest units.

    Examples
    --------
    >>> span(183_600), span(0.25), span(None)
    ('2 d 3 h', '0.25 s', 'unknown')
    """
    if seconds is None:
        return "unknown"
    if abs(seconds) < 10:  # noqa: PLR2004  below ten seconds the digits after the point matter
        return f"{seconds:.3g} s"
    said: list[str] = []
    rest = round(abs(seconds))
    for name, size in _UNITS:
        if rest >= size and len(said) < 2:  # noqa: PLR2004  two units say enough
            said.append(f"{rest // size} {name}")
            rest %= size
        elif said:
            break
    return ("-" if seconds < 0 else "") + " ".join(said)


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
    word = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", short).replace("_", " ").lower()
    if one:
        return word
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", word) else "s")


def percent(share: float | None) -> str:
    """Return a share as a percentage: one digit after the point only where it is needed."""
    if share is None:
        return "unknown"
    value = 100 * share
    if 99 < value < 100:  # noqa: PLR2004  nearly all is not all
        return f"{min(value, 99.9):.1f} %"
    return f"{value:.0f} %" if value >= 10 or value == round(value) else f"{value:.1f} %"  # noqa: PLR2004


def moment(value: Any) -> str:
    """Return an instant as a person writes it, and UTC beside it."""
    if isinstance(value, datetime):
        text = value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
        return f"{text[:10] if text.endswith(' 00:00') else text} UTC"
    return f"{value.isoformat()} UTC" if isinstance(value, date) else f"{value} UTC"
