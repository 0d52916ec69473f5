"""What differs between two instants, two versions of one aggregate, or two aggregates?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.instants import Instant

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.lives import Moment, Timeline
    from workbench.sql import By

__all__ = ["compare"]

_PAIR = 2
_WAYS = (
    "compare needs then= (the instant to compare with), or versions= of one aggregate, "
    "or a log that holds just two aggregates"
)


def compare(
    log: EventLog,
    then: Instant | None = None,
    at: Instant | None = None,
    *,
    versions: Sequence[int] | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return what differs, of states and attributes, between two instants, two versions or two aggregates.

    With `then`, each aggregate of the log as it was then and as it is at `at`. With `versions`, the one aggregate of
    the log right after two of its events. With neither, the two aggregates of the log at `at`: the first of them by
    type and id is old, the second new, and the rows are the second's.

    Values are compared as `lives.differences` has it: objects key by key, lists place by place; a null is not told
    from what is absent. An attribute that merely holds the state is the state's row, not one more.

    Parameters
    ----------
    log
        A log, or a part of one; one aggregate for `versions`, two to compare them.
    then, at
        The instants, themselves included; UTC without a zone. `at` left out: the log's last event, not now.
    versions
        The store's versions of two events, or their places where the store numbers none.
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods, for two instants: see
        `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; what VARCHAR ('state' or 'attribute'); path VARCHAR (the state field; an
        attribute, or a path into it as `field_history` takes it); old JSON, new JSON (NULL where absent); place BIGINT,
        version BIGINT (the store's own), event_type VARCHAR, actor VARCHAR (of the event that made it so; NULL where
        none did); set_at TIMESTAMP (UTC, since when it is so); instant TIMESTAMP (UTC, of what is new). By type and
        aggregate, states first, then by path. Empty where nothing differs.

    Raises
    ------
    LogError
        When nothing says what to compare, or the log does not hold as many aggregates as that takes.
    UnknownNameError
        When the aggregate has no such version.
    InstantError
        When `then` or `at` is no time, or is earlier than anything known of one of the two aggregates.

    Examples
    --------
    >>> import workbench as wb
    >>> order = wb.read_events("sample_events/shop.ndjson").of("Order", 42)
    >>> compare(order, "2026-01-08 16:28").project("what, path, old, new").fetchall()[0]
    ('state', 'status', '"confirmed"', '"cancelled"')
    """
    if then is not None:
        if versions is not None:
            raise LogError("compare takes two instants or two versions, not then= and versions= at once")
        return log.ask("compare", was=log.instant(then), instant=log.instant(at), by=by, zone=zone)
    if by is not None:
        raise LogError("by= groups what differs between two instants: give then= as well")
    rows = _of_versions(log, versions, at) if versions is not None else _of_two(log, at)
    return log.ask("comparing/moments", rows=rows)


def _of_versions(log: EventLog, versions: Sequence[int], at: Instant | None) -> list[dict[str, Any]]:
    from workbench.lives import replay

    if at is not None:
        raise LogError("compare takes two instants or two versions, not at= and versions= at once")
    try:
        numbers = [int(number) for number in versions]
    except (TypeError, ValueError):
        numbers = []
    if len(numbers) != _PAIR:
        raise LogError(f"versions={versions!r} is no pair of numbers such as (1, 3)")
    life = replay(log)
    old, new = (life.version(number) for number in numbers)
    return _rows(old, new, life, new.effective_at)


def _of_two(log: EventLog, at: Instant | None) -> list[dict[str, Any]]:
    from workbench.lives import replay

    query = "SELECT DISTINCT type, aggregate_id FROM lives ORDER BY type, length(aggregate_id), aggregate_id LIMIT 3"
    held = log.sql(query).fetchall()
    if len(held) != _PAIR:
        raise LogError(_WAYS)
    instant = log.instant(at)
    one, two = (replay(log.of(*life)) for life in held)
    return _rows(one.at(instant), two.at(instant), two, instant)


def _rows(old: Moment, new: Moment, life: Timeline, instant: datetime) -> list[dict[str, Any]]:
    """Return what differs between two moments; `life` is that of the new one."""
    from workbench.lives.differences import differences
    from workbench.lives.fold import changed

    told: list[tuple[str, str, str, Any, Any]] = []
    for field in sorted(old.states.keys() | new.states.keys()):
        pair = (old.states.get(field), new.states.get(field))
        if pair[0] != pair[1]:
            told.append(("state", field, field, *pair))
    held = {(name, *map(_plain, pair)) for _, name, _, *pair in told}
    for name, pair in changed(old.attributes, new.attributes).items():
        if (name, *map(_plain, pair)) not in held:
            told += [
                ("attribute", name, path, *two) for path, two in differences({name: pair[0]}, {name: pair[1]}).items()
            ]
    whose = {"type": life.type, "aggregate_id": life.aggregate_id, "upto": new.place, "instant": instant.isoformat()}
    columns = ("what", "name", "path", "old", "new")
    return [whose | dict(zip(columns, row, strict=True)) for row in told]


def _plain(value: Any) -> str | None:
    """Return a value as SQL's ->> tells it, so that a state is known in whatever an attribute holds it."""
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
