"""How long do aggregates stay in each state?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

__all__ = ["time_in_state"]


def time_in_state(log: EventLog, since: Instant | None = None, before: Instant | None = None) -> DuckDBPyRelation:
    """Return how long the stays in each state lasted, those still open or of unknown beginning counted apart.

    Each entry of a state is a stay of its own. stays = open + unknown_start + the stays that are measured.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only stays entered in this window (since <= entered < before); a stay of unknown beginning is in no window.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; stays BIGINT; open
        BIGINT (not left); unknown_start BIGINT; mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
        (exact, over the stays left and with a known beginning; NULL where there is none). Ordered by type, the
        most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("time_in_state", **window(since, before))
