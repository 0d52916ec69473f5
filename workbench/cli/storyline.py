"""How does one aggregate's trail read, event by event?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from workbench.cards import visible
from workbench.cli.grid import fold
from workbench.cli.output import say
from workbench.cli.values import cell, clock

Row = dict[str, Any]
_INDENT = " " * 6
_NARROW = 40


def write_trail(events: Sequence[Row], limit: int, causes: Mapping[str, str]) -> None:
    """Write each event in a line, what it changed below it; ids of causes as the events they are."""
    kept = list(dict.fromkeys(row["place"] for row in events))[:limit]
    shown = [row for row in events if row["place"] in kept]
    places = {str(row["event_id"]): str(row["place"]) for row in events if row.get("event_id") is not None}
    told = {**causes, **places}
    lines = [(_head(row), _move(row), _why(row, told), _changes(row)) for row in shown]
    head = max((len(line[0]) for line in lines), default=0)
    move = max((len(line[1]) for line in lines), default=0)
    console = Console()
    for first, moved, why, changes in lines:
        say(f"{first:<{head}}  {moved:<{move}}  {why}".rstrip())
        if changes:
            for line in fold(changes, max(console.width, _NARROW) - len(_INDENT)):
                console.print(Text(_INDENT + line, style="dim"), soft_wrap=True)
    if len(shown) < len(events):
        say(f"more events: --after {kept[-1]} shows them")
    say("times in UTC" if shown else "(none)")


def _head(row: Row) -> str:
    return visible(f"{row['place']:>3}  {clock(row['occurred_at'])}  {row['event_type']}")


def _move(row: Row) -> str:
    if row["to_state"] is None:
        return ""
    move = f"{row['from_state'] or ''} -> {row['to_state']}".strip()
    field = f" ({row['field']})" if row.get("field") else ""
    return visible(move + field)


def _why(row: Row, told: Mapping[str, str]) -> str:
    parts = [f"{row['transition']}" if row.get("transition") else "", f"by {row['actor']}" if row.get("actor") else ""]
    cause = row.get("cause")
    if cause is not None:
        parts.append(f"caused by {told.get(str(cause), f'event {cause}')}")
    return visible(", ".join(filter(None, parts)))


def _changes(row: Row) -> str:
    """Return the names an event changed; the state itself stands in the line above."""
    changed = row.get("changed")
    if not isinstance(changed, dict):
        return ""
    names = [name for name, values in changed.items() if not _is_move(values, row)]
    return visible("changed " + ", ".join(names)) if names else ""


def _is_move(values: Any, row: Row) -> bool:
    return isinstance(values, list) and row["to_state"] is not None and values[-1:] == [row["to_state"]]


def write_related(events: Sequence[Row], limit: int) -> None:
    """Write each event of a case in a line: when, whose, what it moved, by which link it belongs."""
    _columns(
        (
            "" if row["broken"] else clock(row["occurred_at"]),
            _whose(row),
            str(row["event_type"] or ""),
            _move(row),
            str(row["link"]),
        )
        for row in events[:limit]
    )
    if len(events) > limit:
        say(f"{len(events) - limit:,} more events: --limit N shows more")
    say("times in UTC")


def _whose(row: Row) -> str:
    if row["broken"]:
        return f"event {row['event_id']} is not in this log"
    return f"{row['type']} {row['aggregate_id']}"


def write_chain(events: Sequence[Row]) -> None:
    """Write an event and its causes, each in a line: its id, when, whose, what it moved or changed, by whom."""
    _columns(
        (
            str(row["event"] or ""),
            cell(row["at (UTC)"]),
            f"{row['type']} {row['aggregate_id']}" if row["type"] else "is not in this log",
            str(row["event_type"] or ""),
            _move(row) or (f"changed {row['changed']}" if row["changed"] else ""),
            f"by {row['actor']}" if row["actor"] else "",
        )
        for row in events
    )


def _columns(lines: Iterable[Sequence[str]]) -> None:
    told = [[visible(text) for text in line] for line in lines]
    wide = [max(map(len, column)) for column in zip(*told, strict=True)]
    for line in told:
        say("  ".join(f"{text:<{size}}" for text, size in zip(line, wide, strict=True)).rstrip())
