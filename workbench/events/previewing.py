"""What would an import do? The mapping chosen and why, the zone, the counts and the first lives as they would land."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.events.adding import Options
from workbench.events.imports import ImportReport
from workbench.events.log import EventLog
from workbench.events.storing import read_events_reported


@dataclass(frozen=True)
class Preview:
    """What an import would do, and the first lives it would make."""

    report: ImportReport
    lives: tuple[tuple[str, str, list[dict[str, Any]]], ...]


def preview(source: Any, options: Options | None = None) -> Preview:
    """Return what importing a source would do; nothing is stored.

    Raises
    ------
    SourceError, MappingError, UnknownNameError, InstantError
        As an import would.
    """
    log, report = read_events_reported(source, options or Options())
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
        lives.append((of_type, aggregate_id, [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]))
    return lives
