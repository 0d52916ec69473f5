"""What would a mapping for this export look like, as far as the names of its columns and its first rows tell?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from workbench.errors import SourceError
from workbench.writing import write_text

_NAMES = {
    "event_id": "id event_id event_uuid uuid message_id",
    "global_position": "id global_position event_index sequence",
    "aggregate_type": "aggregate_type model_type subject_type entity_type stream_type object_type",
    "aggregate_id": "aggregate_id aggregate_uuid model_id subject_id entity_id stream_id object_id case_id case "
    "case_concept_name order_id",
    "version": "version aggregate_version stream_version revision",
    "event_type": "event_type event_class event_name event type name activity concept_name action transition",
    "occurred_at": "occurred_at happened_at event_time timestamp time_timestamp transitioned_at created_at "
    "end_time end_timestamp time date datetime when",
    "recorded_at": "recorded_at stored_at inserted_at",
    "actor": "user_id actor causer_id resource org_resource performed_by user username who",
    "correlation_id": "correlation_id",
    "causation_id": "causation_id",
    "data": "data payload event_data event_properties properties body attributes",
    "metadata": "metadata meta_data meta headers context",
    "transition": "transition",
}
_LOOKED_AT = 100  # rows
_NEARLY_ALL = 0.9
_TO = "to_state new_state state status"
_FROM = "from_state old_state previous_state"


def start_mapping(target: Path, export: Path) -> None:
    """Write a mapping file for an export, guessed from its columns; a file that is there stays as it is."""
    if target.exists():
        raise SourceError(f"{target} is there already: name a new file")
    text = guessed(target.stem, *looked_at(export))
    write_text(target, text)


def looked_at(export: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of an export's columns, and of those that hold times in its first rows."""
    from workbench.events.sources import land
    from workbench.sql import connect, scratch_folder

    database = connect()
    try:
        with scratch_folder() as scratch:
            landed = land(export, connection=database.connection, scratch=scratch)
            first = database.connection.sql(f"FROM ({landed.query}) LIMIT {_LOOKED_AT}").fetchall()
    finally:
        database.close()
    rows = [json.loads(line) for _, line in first if line]
    return landed.columns, tuple(name for name in landed.columns if _holds_times([row.get(name) for row in rows]))


def _holds_times(values: Sequence[Any]) -> bool:
    """Tell whether nearly all of the values that are there are times; a row or two may be broken."""
    there = [value for value in values if value not in (None, "")]
    return bool(there) and sum(map(_is_time, there)) >= _NEARLY_ALL * len(there)


def _is_time(value: Any) -> bool:
    try:
        return isinstance(value, str) and not value.isdigit() and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def guessed(name: str, columns: Sequence[str], times: Sequence[str] = ()) -> str:
    """Return the text of a mapping: what names and values say, and what is left to fill in as comments."""
    found = {canonical: _one_of(names, columns) for canonical, names in _NAMES.items()}
    found["occurred_at"] = found["occurred_at"] or next(iter(times), None)
    taken = {canonical: column for canonical, column in found.items() if column is not None}
    needed = [taken[key] for key in ("aggregate_id", "event_type", "occurred_at") if key in taken]
    lines = [f"name: {json.dumps(name)}", "about: Guessed from the columns; correct it.", ""]
    lines += [f"needs: {json.dumps(list(dict.fromkeys(needed)))}", "columns:"]
    for canonical in _NAMES:
        lines.append(_line(canonical, taken.get(canonical)))
    to, before = _one_of(_TO, columns), _one_of(_FROM, columns)
    lines += [
        "",
        "# Which event types mean which state: [column], a path such as $.to_state in the payload, or the state.",
    ]
    lines += ["states:", f'  "*": {_rule(to, before)}' if to else f'  "*": {_rule(taken.get("event_type", "FILL IN"))}']
    unused = [column for column in columns if column not in {*taken.values(), to, before}]
    return "\n".join([*lines, *([f"# not used: {', '.join(map(_plain, unused))}"] if unused else []), ""])


def _line(canonical: str, column: str | None) -> str:
    if column is not None:
        return f"  {canonical}: {_path(column)}"
    if canonical == "aggregate_type":
        return "  aggregate_type: {value: Case} # every row is about this type"
    if canonical == "event_type":
        return "  event_type: {value: state_transitioned} # no column seems to name it"
    if canonical in {"aggregate_id", "occurred_at"}:
        return f"  {canonical}: FILL IN"
    return f"  # {canonical}:"


def _rule(to: str, before: str | None = None) -> str:
    # Written alone a name would be taken as the state itself.
    return f"{{to: {_path(to)}, from: {_path(before)}}}" if before else f"[{_path(to)}]"


def _one_of(names: str, columns: Sequence[str]) -> str | None:
    by_name = {re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_"): column for column in reversed(columns)}
    return next((by_name[name] for name in names.split() if name in by_name), None)


def _path(column: str) -> str:
    # A mapping reads dots as steps into JSON; a quoted name is one step.
    return json.dumps(f'"{column}"' if "." in column else column, ensure_ascii=False)


def _plain(column: str) -> str:
    return " ".join(column.split())
