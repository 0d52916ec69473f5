"""How are the tables of a log written with a mask over them?

The values of events and rosters are replaced; what follows from them (moves, lives, changes) is then read from the
masked ones, and a question asked of these answers in pseudonyms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.custody.masking import COLUMNS, Mask
from workbench.custody.tables import copied
from workbench.errors import MappingError

if TYPE_CHECKING:
    from workbench.events import EventLog

_VALUES = {"id": "aggregate_id", "actor": "actor", "correlation": "correlation_id"}
_CONDITIONS = ("a", "b")
_LINKS = """(SELECT list({name: l.name, type: l.type, aggregate_id: masked_aggregate_id(l.aggregate_id)})
    FROM (SELECT unnest(links) AS l)) AS links"""
_QUOTED = re.compile(r"'((?:[^']|'')*)'")


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
    events += [f"masked_{name}({name}) AS {name}" for name in COLUMNS if mask.column(name)]
    rosters = ["masked_roster(attributes::VARCHAR)::JSON AS attributes"]
    if mask.column("aggregate_id"):
        rosters.append("masked_aggregate_id(aggregate_id) AS aggregate_id")
        events.append(_LINKS)
    if mask.column("event_id"):
        events.append("masked_event_id(causation_id) AS causation_id")
    return {"events": ", ".join(events), "rosters": ", ".join(rosters)}


def typed_texts(values: Mapping[str, Any]) -> list[str]:
    """Return the texts typed into a question that may be masked data, in lower case: what is looked for, quotations."""
    looked_for = [str(values["text"])] if values.get("text") else []
    conditions = [values[side] for side in _CONDITIONS if isinstance(values.get(side), str)]
    quoted = [text.replace("''", "'") for condition in conditions for text in _QUOTED.findall(condition)]
    return [text.casefold() for text in (*looked_for, *quoted) if text]


def values_under(mask: Mask | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a question as the masked log knows them: masked data by its pseudonym.

    Raises
    ------
    MappingError
        For a value that the mask hides otherwise: nobody could ask the masked log by it.
    """
    return {
        option: _under(mask, option, value) if mask and value is not None else value for option, value in values.items()
    }


def _under(mask: Mask, option: str, value: Any) -> Any:
    column = _VALUES.get(option, "")
    if mask.column(column) == "pseudonym":
        return mask.pseudonym(str(value))
    hits = [hit for text in typed_texts({option: value}) if (hit := mask.typed.get(text))]
    if option == "text" and hits and hits[0].whole and mask.rules[hits[0].rule] == "pseudonym":
        return mask.pseudonym(hits[0].value)
    if hidden := [hit.rule for hit in hits if hit.whole or option == "text"] or [column] * bool(mask.column(column)):
        raise MappingError(
            f"{option}={value!r} asks by what the mask hides ({hidden[0]}), which the masked log cannot answer: ask by "
            "a whole value that has a pseudonym, or by what is not masked"
        )
    return value


def told_of_values(given: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return what of a question was replaced, a line a value."""
    more = {"text": ", which only whole values meet"}
    return [
        f"{option} in the question: replaced by its keyed pseudonym{more.get(option, '')}"
        for option in given
        if asked[option] != given[option]
    ]
