"""How are the tables of a log written with a mask over them?

The values of events and rosters are replaced; what follows from them (moves, lives, changes) is then read from the
masked ones, and a question asked of these answers in pseudonyms.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.custody.masking import COLUMNS, Mask
from workbench.custody.tables import copied

if TYPE_CHECKING:
    from workbench.events import EventLog

_VALUES = {"id": "aggregate_id", "actor": "actor", "correlation": "correlation_id"}


def copied_masked(log: EventLog, folder: Path, mask: Mask) -> Path:
    """Write the tables of a log under a mask; the log is one of ours, on a connection of its own."""
    connection, columns = log.connection, [name for name in COLUMNS if mask.column(name)]
    for name in columns:
        connection.create_function(f"masked_{name}", partial(mask.masked, name), ["VARCHAR"], "VARCHAR")
    for root in ("data", "metadata", "roster"):
        connection.create_function(f"masked_{root}", partial(mask.document, root), ["VARCHAR"], "VARCHAR")
    for name in columns:
        mask.met[name] = int(log.sql(f"SELECT count({name}) FROM events").fetchall()[0][0])
    return copied(log, folder, changed=_changed(mask))


def _changed(mask: Mask) -> dict[str, str]:
    """Return the columns of each table that a mask changes, as SQL."""
    events = [f"masked_{name}({name}::VARCHAR)::JSON AS {name}" for name in ("data", "metadata")]
    moves: list[str] = []
    lives: list[str] = []
    rosters = ["masked_roster(attributes::VARCHAR)::JSON AS attributes"]
    if mask.column("actor"):
        for columns in (events, moves):
            columns.append("masked_actor(actor) AS actor")
    if mask.column("aggregate_id"):
        for columns in (events, moves, lives, rosters):
            columns.append("masked_aggregate_id(aggregate_id) AS aggregate_id")
        events.append(_LINKS)
    if mask.column("event_id"):
        events += [f"masked_event_id({name}) AS {name}" for name in ("event_id", "causation_id")]
    if mask.column("correlation_id"):
        events.append("masked_correlation_id(correlation_id) AS correlation_id")
    told = {"events": events, "moves": moves, "lives": lives, "rosters": rosters}
    return {table: ", ".join(columns) for table, columns in told.items() if columns}


_LINKS = """(SELECT list({name: l.name, type: l.type, aggregate_id: masked_aggregate_id(l.aggregate_id)})
    FROM (SELECT unnest(links) AS l)) AS links"""


def values_under(mask: Mask | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a question as the masked log knows them: an id by its pseudonym."""
    if mask is None:
        return dict(values)
    return {
        option: mask.pseudonym(str(value))
        if value is not None and mask.column(_VALUES.get(option, "")) == "pseudonym"
        else value
        for option, value in values.items()
    }
