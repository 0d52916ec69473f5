"""What were the attributes of each aggregate, and which event made them so?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant
from workbench.metrics.windows import as_list

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.lives import Reducer
    from workbench.lives.fold import Attributes
    from workbench.sql import By

__all__ = ["attributes_at", "blame", "field_history"]


def attributes_at(
    log: EventLog,
    at: Instant | None = None,
    names: Sequence[str] | None = None,
    *,
    reducers: Mapping[str, Reducer] | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the state and the attributes of every aggregate at an instant.

    What `replay` says of each aggregate, for all at once: attributes are merged name by name, a nested value is
    replaced whole. As long as no `model_created` has told a life's attributes, those of its events' `model_snapshot`
    count; a snapshot taken before the move it comes with does not know what else that move changed, so `source` says
    which kind they are, as a vote over the log: one that holds the state entered was taken after, one that holds the
    state left before.

    Parameters
    ----------
    log
        A log, or a part of one.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.
    names
        Only these attributes; one that an aggregate does not have is left out of its object.

    reducers
        Event type -> function (attributes, event) -> attributes, as `replay` takes them: they change attributes, not
        states. The lives that have such an event are folded in Python, some ten thousand events a second; all others
        are answered by SQL as ever.
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; state VARCHAR;
        since TIMESTAMP (UTC; NULL where unknown); version BIGINT (the store's own, of the event that began the stay);
        place BIGINT (likewise; all NULL where there is no state); attributes JSON (name -> value, by name); source
        VARCHAR ('events'; while a value shown is as a snapshot told it 'snapshot before the move', 'snapshot after the
        move' or, where none can tell, 'snapshot'; 'reducers' for lives folded in Python); instant TIMESTAMP (UTC, the
        one asked for). One row an aggregate (a track of it) that had begun, by type and aggregate.

    Raises
    ------
    UnknownNameError
        When no aggregate ever had an attribute of one of the names; says the nearest.
    InstantError
        When `at` is no time.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> one = attributes_at(log.of("Order", 42), at="2026-01-08 16:28", names=["status", "payment_status"])
    >>> one.project("state, attributes").fetchall()
    [('confirmed', '{"status":"confirmed"}')]
    """
    instant = log.instant(at)
    folded = _folded(log, instant, reducers) if reducers else {}
    wanted = None if names is None else as_list(names)
    told = {name for attributes in folded.values() for name in attributes}
    for name in wanted or ():
        if name not in told:
            log.known("attribute", name)
    shown = [
        {"life": life, "attributes": _json({k: v for k, v in attributes.items() if wanted is None or k in wanted})}
        for life, attributes in folded.items()
    ]
    return log.ask("attributes_at", instant=instant, names=wanted, folded=shown, by=by, zone=zone)


def _folded(log: EventLog, instant: datetime, reducers: Mapping[str, Reducer]) -> dict[int, Attributes]:
    """Return the attributes at an instant of the lives that have an event of a type with a reducer of its own."""
    from workbench.lives.replaying import timelines
    from workbench.sql import literal

    of_types = ", ".join(literal(str(event_type)) for event_type in reducers)
    part = log.where(
        f"first_at <= {literal(instant)} AND life IN (SELECT life FROM events WHERE event_type IN ({of_types}))"
    )
    return {life: timeline.at(instant).attributes for life, timeline in timelines(part, reducers)}


def _json(attributes: Attributes) -> str:
    return json.dumps(dict(sorted(attributes.items())), ensure_ascii=False, separators=(",", ":"), default=str)


def blame(log: EventLog, at: Instant | None = None) -> DuckDBPyRelation:
    """Return which event made each attribute what it is at an instant, and who was the actor.

    Parameters
    ----------
    log
        Usually one life: `log.of("Order", 42)`.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; path VARCHAR (the attribute's name); value JSON; place BIGINT (of the event;
        0 for the state before the first move, which only that move tells), version BIGINT (the store's own), event_id
        VARCHAR, event_type VARCHAR (the three NULL at place 0); set_at TIMESTAMP (UTC); actor VARCHAR; old JSON (NULL
        where it was absent); correlation_id VARCHAR; cause VARCHAR (id of the event that caused it); instant TIMESTAMP
        (UTC, the one asked for). By type, aggregate and path.

    Raises
    ------
    InstantError
        When `at` is no time.
    """
    return log.ask("blame", instant=log.instant(at))


def field_history(log: EventLog, path: str) -> DuckDBPyRelation:
    """Return every value that an attribute, or a value within it, had in turn.

    Parameters
    ----------
    log
        One life, as in `log.of("Order", 42)`, or any log.
    path
        An attribute's name, or a path into it: `address.zip`, `items.0.sku`; a name with a dot in it stands in quotes,
        `"a.b".c`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; place BIGINT (of the event; 0 for the state before the first move); version
        BIGINT (the store's own); event_id VARCHAR; event_type VARCHAR; actor VARCHAR; old JSON, new JSON (NULL where
        absent); since TIMESTAMP (UTC); until TIMESTAMP (UTC; NULL while it holds). By type, aggregate and place.

    Raises
    ------
    UnknownNameError
        When no aggregate ever had such an attribute; says the nearest.
    LogError
        When the path is empty.
    """
    from workbench.sql import pointer

    parts = [part.strip('"') for part in re.findall(r'"[^"]*"|[^.]+', str(path))]
    if not parts:
        raise LogError("field_history needs the name of an attribute, such as 'total' or 'address.zip'; none was given")
    return log.ask("field_history", attribute=log.known("attribute", parts[0]), pointer=pointer(parts[1:]))
