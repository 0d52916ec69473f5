"""In which form do values travel between Python and a browser? As JSON, instants as microseconds, spans as words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  the log's own clock is UTC without a zone
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: instants, and numbers that JSON has no word for, as text.

    Examples
    --------
    >>> plain({"limits": [1.5, float("inf")], "at": None})
    {'limits': [1.5, 'inf'], 'at': None}
    """
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if value is None or isinstance(value, str | int):
        return value
    return value if isinstance(value, float) and isfinite(value) else str(value)


def micros(instant: datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (instant - _EPOCH) // MICROSECOND


def from_micros(since_epoch: int) -> datetime:
    """Return the instant so many microseconds after 1970."""
    return _EPOCH + since_epoch * MICROSECOND


def written(span: str | timedelta) -> str:
    """Return a length of time as the text that a view shows and its browser edits.

    Examples
    --------
    >>> written(timedelta(days=30)), written(timedelta(hours=36)), written("7 days")
    ('30 days', '36 hours', '7 days')
    """
    if isinstance(span, str):
        return span
    seconds = span.total_seconds()
    unit, size = next((one for one in _UNITS if seconds % one[1] == 0), ("second", 1))
    many = f"{seconds / size:f}".rstrip("0").rstrip(".")
    return f"{many} {unit}" if many == "1" else f"{many} {unit}s"
