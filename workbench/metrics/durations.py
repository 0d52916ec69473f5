"""How long do aggregates stay in each state?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["survival", "time_in_state"]


def time_in_state(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how long the stays in each state lasted, those still open or of unknown beginning counted apart.

    Each entry of a state is a stay of its own. stays = open + unknown_start + the stays that are measured. Those that
    are over are the shorter ones: where many are open, their median is too low, and `km_median_seconds`, which counts
    the open ones too, is the one to tell (see `survival`).

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only stays entered in this window (since <= entered < before); a stay of unknown beginning is in no window.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; stays BIGINT; open
        BIGINT (not left); unknown_start BIGINT; mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
        (exact, over the stays left and with a known beginning; NULL where there is none); reentries BIGINT (stays of
        an aggregate that had been in that state before); km_median_seconds DOUBLE (the time after which half have
        left, open stays counted as not left by the log's last event; NULL where fewer than half ever do); p10_seconds
        DOUBLE, p25_seconds DOUBLE, p75_seconds DOUBLE (as p90_seconds). Ordered by type, the most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("time_in_state", **window(since, before), by=by, zone=zone)


def survival(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the share of stays in each state that last longer than a time: the Kaplan-Meier curve.

    A stay still open counts as not left by the log's last event. A stay entered before the log's first event (its
    aggregate says when it was created) counts from the age it had then: shorter ones of that time are not in the
    log. A stay of unknown beginning has no age and is left out; `time_in_state` counts it as `unknown_start`.

    Parameters
    ----------
    log
        A log, or a part of one. An export of transitions alone lacks the aggregates that never moved, and with them
        the longest stays in the first state.
    since, before
        Only stays entered in this window (since <= entered < before).
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; seconds DOUBLE (an age
        at which a stay ended or was last seen); at_risk BIGINT (stays seen just before); exits BIGINT (left at that
        age); censored BIGINT (open, last seen at that age); surviving DOUBLE (0 to 1, of the stays, longer than
        that); lower DOUBLE, upper DOUBLE (its 95 % interval; NULL before the first exit and when nobody is left).
        Ordered by type, state and seconds.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.

    Notes
    -----
    Kaplan and Meier (1958); Greenwood's variance on the log-log scale, Kalbfleisch and Prentice (1980). Exits
    come before open ends of the same age.
    """
    return log.ask("survival", **window(since, before), by=by, zone=zone)
