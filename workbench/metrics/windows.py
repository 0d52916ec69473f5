"""What does a question look at: moves entered from `since` on and before `before`, or things by their names?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.errors import InstantError
from workbench.instants import Instant, instant


def window(since: Instant | None, before: Instant | None) -> dict[str, Any]:
    """Return the half-open window as values of a question; None is an open end.

    Raises
    ------
    InstantError
        When an end is no time, or the window ends before it begins.

    Examples
    --------
    >>> window("2026-02-01", None)
    {'since': datetime.datetime(2026, 2, 1, 0, 0), 'before': None}
    """
    start = None if since is None else instant(since)
    end = None if before is None else instant(before)
    if start is not None and end is not None and end < start:
        raise InstantError(f"before={before!r} is earlier than since={since!r}: the window holds nothing")
    return {"since": start, "before": end}


def as_list(names: Sequence[str] | None) -> list[str]:
    """Return names as a list, of which one may have been given alone, or none.

    Examples
    --------
    >>> as_list("total"), as_list(None)
    (['total'], [])
    """
    return [names] if isinstance(names, str) else [str(name) for name in names or ()]
