"""How is one value written: for a program (JSON, CSV) and for a person (a cell of a table)?"""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from workbench.cards import SHARES, visible
from workbench.instants import span

_COUNTS = frozenset(
    {"aggregates", "times", "events", "lives", "moves", "stays", "open", "unknown_start", "off_machine"}
    | {"read", "loaded", "duplicate", "rejected", "found", "count"}
)
_CELL = 240


def plain(value: Any, kind: str = "") -> Any:
    """Return the value as JSON can hold it: instants as ISO text with Z, JSON columns as what they hold, no NaN."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _parsed(value) if kind == "JSON" else value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _text(value)


def field(value: Any, kind: str = "") -> str:
    """Return the value as a CSV field; nothing for NULL, JSON text for what has parts."""
    value = value if kind == "JSON" else plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cell(value: Any, column: str = "") -> str:
    """Return the value as a person reads it under that column's heading."""
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, datetime):
        text = _utc(value).isoformat(sep=" ", timespec="microseconds" if value.microsecond else "seconds")
    elif isinstance(value, int | float | Decimal):
        text = _number(value, column)
    elif isinstance(value, list | tuple):
        text = " > ".join(cell(item) for item in value)
    else:
        shown = plain(value)
        text = visible(shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False))
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def clock(instant: object) -> str:
    """Return an instant of an answer in JSON as a person reads it.

    Examples
    --------
    >>> clock("2026-01-05T10:00:00Z")
    '2026-01-05 10:00:00'
    """
    return str(instant).replace("T", " ").removesuffix("Z")


def percent(share: float) -> str:
    """Return a share as a percentage; neither all nor nothing unless it is.

    Examples
    --------
    >>> percent(0.125), percent(0.9999), percent(1)
    ('12.5%', '>99.9%', '100.0%')
    """
    if 0 < share < 0.0005:  # noqa: PLR2004  what one digit would write as 0.0
        return "<0.1%"
    return ">99.9%" if 0.9995 <= share < 1 else f"{share:.1%}"  # noqa: PLR2004  what would be written as 100.0


def heading(column: str) -> str:
    """Return a column's heading: durations are shown in their own units."""
    return visible(column.removesuffix("_seconds") or column)


def is_number(values: list[Any]) -> bool:
    """Return whether a column is written flush right."""
    known = [value for value in values if value is not None]
    return bool(known) and all(isinstance(v, int | float | Decimal) and not isinstance(v, bool) for v in known)


def _number(value: float | Decimal, column: str) -> str:
    if not math.isfinite(value):
        return ""
    if column == "seconds" or column.endswith("_seconds"):
        return span(float(value))
    if column in SHARES:
        return percent(float(value))
    if isinstance(value, int):
        return f"{value:,}" if column in _COUNTS else str(value)
    return f"{value:.6g}"


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return _utc(value).isoformat() + "Z"
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, timedelta):
        return span(value.total_seconds())
    return str(value)


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)


def _parsed(text: str) -> Any:
    try:
        return plain(json.loads(text))
    except (ValueError, RecursionError):
        return text
