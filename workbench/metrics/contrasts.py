"""What do the lives of one part of a log have, and where do they go, that those of another do not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["compare_transitions", "distinguish"]


def distinguish(
    log: EventLog,
    a: EventLog | str,
    b: EventLog | str | None = None,
    *,
    support: int = 5,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return what separates two sets of lives, the least likely to be chance first.

    Candidates are each actor, event type, state and direct transition of the lives of both, and each value that
    an attribute ever had (the state field aside). A life has a candidate or has it not, however often. That a candidate
    separates two sets does not say that it made the difference.

    Parameters
    ----------
    log
        A log, or a part of one: what its events say of the lives counts.
    a, b
        Parts of the same log that share no life, or SQL conditions as `EventLog.where` takes them; `b` left out is
        all other lives of the log. Where `a` shares no life with the log either, the two are compared: the log is a.
    support
        A candidate is tested when at least so many lives of both together have it, and not all do.
    by, zone
        Keys to group by, such as "created:month", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (of states and transitions; only where the log has two state fields); kind VARCHAR
        (actor, attribute, event_type, state, transition); name VARCHAR (of the attribute; the state that a transition
        leaves); value VARCHAR; in_a BIGINT, of_a BIGINT, in_b BIGINT, of_b BIGINT (lives that have it, of how many);
        share_a DOUBLE, share_b DOUBLE (0 to 1); difference DOUBLE (share_a - share_b); low DOUBLE, high DOUBLE (its
        95 % interval); lift DOUBLE (share_a / share_b; NULL when nobody in b has it); p_value DOUBLE; test VARCHAR
        ('chi_square' of two proportions, or 'fisher' where a count expected is below 5); q_value DOUBLE (the share of
        false findings among all rows up to this one); tested BIGINT (candidates tested, of all types). Ordered by
        p_value, then by the larger difference.

        The interval is Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10); the q_value is
        Benjamini and Hochberg's (JRSS B 57, 1995) over all rows.

    Raises
    ------
    LogError
        When one of the sets is empty, they share a life or no type, or they are no parts of this log.

    Examples
    --------
    >>> import workbench as wb
    >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> found = wb.distinguish(orders, orders.where(ended_in="cancelled"))
    >>> found.filter("kind = 'attribute'").project("name, value, in_a, of_a, in_b, of_b").fetchall()[0]
    ('country', 'NL', 17, 120, 71, 780)
    """
    asked, parts = _sides(log, a, b)
    return asked.ask("comparing/distinguish", parts=parts, support=int(support), by=by, zone=zone, per_life=True)


def compare_transitions(
    log: EventLog,
    a: EventLog | str | None = None,
    b: EventLog | str | None = None,
    *,
    split: Instant | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return where the lives of two sets, or of two periods, go from each state, and whether that is more than noise.

    The test counts lives, not moves: a life that takes the same way again is no further witness, and counting it again
    would call noise a finding. A share is of the lives that left the state: those still in it have not chosen.

    Parameters
    ----------
    log
        A log, or a part of one.
    a, b
        Two sets of lives, as `distinguish` takes them; `b` left out is all other lives.
    split
        In place of sets: `a` is all moves before this instant, `b` those from it on. A life may then be on both sides,
        for which the test makes no allowance: alike in both, it makes it the more cautious.
    since, before
        Only moves in this window (since <= entered < before).
    by, zone
        Keys of lives to group by, such as "attributes.country", and the zone that cuts their calendar periods: see
        `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); from_state VARCHAR; to_state VARCHAR;
        times_a BIGINT, times_b BIGINT (moves); in_a BIGINT, of_a BIGINT, in_b BIGINT, of_b BIGINT (lives that went
        there, of those that left from_state); share_a DOUBLE, share_b DOUBLE (0 to 1); difference DOUBLE (share_a -
        share_b); low DOUBLE, high DOUBLE (its 95 % interval); lift DOUBLE (share_a / share_b); median_seconds_a DOUBLE,
        median_seconds_b DOUBLE (in from_state before the move); p_value DOUBLE; test VARCHAR; q_value DOUBLE; tested
        BIGINT (pairs of states tested, of all types): as `distinguish` has them; more_than_noise BOOLEAN (q_value is
        below 0.05). Not tested, with NULL in these, is a pair where lives of one side only left from_state, or all
        went to to_state. Ordered by p_value, then by the larger difference.

    Raises
    ------
    LogError
        When one of the sets is empty, they share a life, are no parts of this log, or both sets and `split` are given.
    InstantError
        When a time is none, or `split` lies outside the window.

    Examples
    --------
    >>> import workbench as wb
    >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> found = wb.compare_transitions(orders, split="2026-02-01")
    >>> found.project("from_state, to_state, in_a, of_a, in_b, of_b, more_than_noise").fetchall()[0]
    ('confirmed', 'cancelled', 16, 278, 19, 477, False)
    """
    if split is not None and (a is not None or b is not None):
        raise LogError("split compares two periods of all lives: for those of a set ask log.where(...)")
    if split is not None:
        asked, parts = log, {"a": log, "b": log}
    elif a is not None:
        asked, parts = _sides(log, a, b)
    else:
        raise LogError("say what to compare: two sets of lives (a, b), or moves before and from an instant (split)")
    first, second = window(since, before if split is None else split), window(since if split is None else split, before)
    ends = {f"{end}_{side}": at for side, of in (("a", first), ("b", second)) for end, at in of.items()}
    return asked.ask("comparing/compare_transitions", parts=parts, **ends, by=by, zone=zone, per_life=True)


def _sides(log: EventLog, a: EventLog | str, b: EventLog | str | None) -> tuple[EventLog, dict[str, EventLog]]:
    """Return the log to ask and the two sets of lives, if they can be compared."""
    part = log.where(a) if isinstance(a, str) else a
    other = log.without(part) if b is None else log.where(b) if isinstance(b, str) else b
    if b is None and _apart(log, part):
        log, part, other = log.all_lives, log, part
    parts = {"a": part, "b": other}
    in_a, in_b, in_both, outside, types_a, types_b = log.ask("comparing/sides", parts=parts).fetchall()[0]
    if in_both:
        raise LogError(f"{in_both} lives are both in a and in b: compare sets that share none")
    if not (in_a and in_b):
        raise LogError(f"there is no life in {'b' if in_a else 'a'}: nothing to compare")
    if outside:
        raise LogError(f"{outside} lives of a and b are not in the log that is asked: ask one that both are parts of")
    if not set(types_a) & set(types_b):
        raise LogError(
            f"a has lives of {', '.join(types_a)} and b of {', '.join(types_b)}: compare lives of the same type"
        )
    return log, parts


def _apart(log: EventLog, part: EventLog) -> bool:
    """Tell whether a log and a part both hold lives, and none in common."""
    here, there, in_both, *_ = log.ask("comparing/sides", parts={"a": log, "b": part}).fetchall()[0]
    return bool(here and there and not in_both)
