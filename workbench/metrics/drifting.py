"""Does what the events add up to equal what the application says: its rows, its counters, its snapshots?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.metrics.windows import as_list

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

__all__ = ["drift", "snapshot_check"]

Counters = Mapping[str, Any] | str | None
_TOUCHED = ("updated_at",)
_KINDS = ("states", "transitions")
_SHAPE = "live_metrics:<Model>:states (or :transitions) -> {name: number}"


def drift(log: EventLog, counters: Counters = None, ignore: Sequence[str] | None = _TOUCHED) -> DuckDBPyRelation:
    """Return where the replayed states and attributes part from the application's rows and live counters.

    The rows are the roster's latest (`log.add("orders.csv", mapping="roster", type="Order")`). An attribute is
    compared where the row has it and an event ever told it; a cell of text is compared as the number or instant it
    says. Counters that are changed at every move count no creation and no move made by hand, and expire: they drift
    while both states are right.

    Parameters
    ----------
    log
        A log with a roster, or any log where `counters` are given; or a part of one.
    counters
        A dump of the application's counters, or the path of a JSON file of it:
        `{"live_metrics:Order:states": {"pending": 12}, "live_metrics:Order:transitions": {"pending:paid": 7}}`, or
        flat, `{"live_metrics:Order:states:pending": 12}`.
    ignore
        Attributes that are not compared; None compares all. Eloquent touches `updated_at` at every save, which no
        event tells.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR (of a counter its model's; the model, where several types share its name); aggregate_id VARCHAR
        (NULL for a counter); what VARCHAR (an attribute's name; 'state'; 'no events'
        where only the roster has it, 'no row' where only the log has; 'counter states pending', 'counter transitions
        pending:paid'); replayed JSON; given JSON; place BIGINT, event_id VARCHAR, event_type VARCHAR, set_at TIMESTAMP
        (UTC), actor VARCHAR (of the event that last touched it). Empty where nothing parts.

    Raises
    ------
    LogError
        When there is neither a roster nor a counter to compare with, or `counters` is no such dump.
    """
    told = _counters(counters)
    if not told and not log.sql("SELECT 1 FROM rosters LIMIT 1").fetchall():
        raise LogError(
            "there is nothing to compare this log with: add the application's rows (mapping='roster'), or give "
            f"counters= as {_SHAPE}"
        )
    return log.ask("drift", counters=told or None, ignored=as_list(ignore))


def snapshot_check(log: EventLog, ignore: Sequence[str] | None = _TOUCHED) -> DuckDBPyRelation:
    """Return, for each aggregate with snapshots in its events, whether they say what its events add up to.

    Parameters
    ----------
    log
        A log, or a part of one. Looked at are lives that a `model_created` began: in the others the attributes come
        from the snapshots themselves.
    ignore
        Attributes that are not compared; None compares all.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; side VARCHAR ('before' or 'after' the move: against which attributes the
        type's snapshots are held, by vote of those that can tell); snapshots BIGINT; differing BIGINT; place BIGINT,
        event_id VARCHAR, event_type VARCHAR, occurred_at TIMESTAMP (UTC; of the first that differs, else NULL); what
        VARCHAR[] (the attributes in which that one does). By type and aggregate.
    """
    return log.ask("snapshot_check", ignored=as_list(ignore))


def _counters(given: Mapping[str, Any] | str | None) -> list[dict[str, Any]]:
    if given is None:
        return []
    dump = _read(given) if isinstance(given, str) else given
    if not isinstance(dump, Mapping):
        raise LogError(f"counters= is {type(dump).__name__}, where a mapping was expected: {_SHAPE}")
    told = []
    for key, value in dump.items():
        _, _, rest = str(key).partition("live_metrics:")
        model, _, kind = rest.partition(":")
        kind, _, name = kind.partition(":")
        numbers = value if isinstance(value, Mapping) and not name else {name: value}
        if not model or kind not in _KINDS or not all(_is_count(number) for number in numbers.values()):
            raise LogError(f"the counter {key!r} cannot be read: expected {_SHAPE}")
        told += [{"kind": kind, "model": model, "name": str(n), "number": float(v)} for n, v in numbers.items()]
    return told


def _read(path: str) -> Any:
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise LogError(f"the counters {path} cannot be read as a JSON file: {said}") from error


def _is_count(value: Any) -> bool:
    try:
        return float(value) == int(float(value))
    except (TypeError, ValueError, OverflowError):
        return False
