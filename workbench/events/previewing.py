"""What would an import do? The mapping chosen and why, the zone, the counts and the first lives as they would land."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.events.adding import Options
from workbench.events.imports import ImportReport
from workbench.events.log import EventLog
from workbench.events.storing import read_events_reported

if TYPE_CHECKING:
    from workbench.events.choice import Given
    from workbench.events.fields import StateField


@dataclass(frozen=True)
class Preview:
    """What an import would do, and the first lives it would make."""

    report: ImportReport
    lives: tuple[tuple[str, str, list[dict[str, Any]]], ...]


def preview(
    source: Any,
    *,
    mapping: Given = "auto",
    timezone: str | None = None,
    table: str | None = None,
    state_field: StateField = None,
    system: str | None = None,
    columns: Iterable[str] | None = None,
) -> Preview:
    """Return what importing a source would do; nothing is stored.

    Parameters
    ----------
    source, mapping, timezone, table, state_field, system, columns
        As `EventLog.add` takes them.

    Returns
    -------
    Preview
        `.report`, as an import would give it, and `.lives`: type, id and first events of the first three.

    Raises
    ------
    SourceError, MappingError, UnknownNameError, InstantError
        As an import would.

    Examples
    --------
    >>> preview("sample_events/history.csv").report.mapping
    'state_machine_histories'
    """
    names = tuple(columns) if columns else None
    return preview_of(source, Options(mapping, timezone, table, state_field, system, names))


def preview_of(source: Any, options: Options) -> Preview:
    """Return what importing a source with these options would do."""
    log, report = read_events_reported(source, options)
    with log:
        return Preview(report, tuple(_first_lives(log)))


def _first_lives(log: EventLog) -> list[tuple[str, str, list[dict[str, Any]]]]:
    firsts = log.sql("SELECT DISTINCT life, type, aggregate_id FROM lives ORDER BY life LIMIT 3").fetchall()
    lives = []
    for life, of_type, aggregate_id in firsts:
        rows = log.sql(
            "SELECT place, version, occurred_at, event_type, from_recorded, to_state, actor FROM events "
            f"WHERE life = {int(life)} ORDER BY place LIMIT 10"
        )
        lives.append((of_type, aggregate_id, rows.to_dicts()))
    return lives
