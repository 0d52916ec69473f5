"""How is the next piece of a source added to the import that it goes on with?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from workbench.errors import LogError
from workbench.events.adding import Options, plan_of, transaction
from workbench.events.imports import ImportReport
from workbench.events.mapping import read_mapping
from workbench.events.pipeline import add_events
from workbench.events.sources.landing import Landed, Spot
from workbench.sql import Database, literal, run


@dataclass(frozen=True)
class Cursor:
    """How far a source was read: the import it became, its rows, its bytes (or a table's rowid) and their sha256."""

    import_id: int | None = None
    mapping: str | None = None
    rows: int = 0
    upto: int | None = None
    proof: str | None = None


class Growing(Protocol):
    """Something that a log follows."""

    @property
    def notes(self) -> list[str]:
        """Return the sentences not yet told; whoever tells them clears the list."""
        ...

    @property
    def behind(self) -> int:
        """Return how many bytes are known to wait."""
        ...

    def take(self, database: Database, *, last: bool = False) -> ImportReport | None:
        """Import a piece of what is new, None if nothing is; `last` takes a last line without its end too."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


def extend(
    database: Database, landed: Landed, cursor: Cursor, options: Options, scratch: Path
) -> tuple[ImportReport, Cursor]:
    """Import a landed piece, all of it or nothing; return what became of its rows, and how far the source is read."""
    plan = plan_of(replace(landed, before=cursor.rows), options, scratch, options.progress or _silent)
    with transaction(database):
        if cursor.import_id is not None:
            _check(database, landed.name, cursor)
        report = add_events(database.connection, replace(plan, grows=cursor.import_id))
    proof = landed.sha256 or landed.last_row
    return report, Cursor(report.import_ids[0], plan.mapping.name, cursor.rows + landed.rows, landed.upto, proof)


def _silent(_done: int, _whole: int) -> None:
    """Show no progress: a tick is over before anybody has read it."""


def _check(database: Database, name: str, cursor: Cursor) -> None:
    if run(database.connection, f"SELECT read FROM imports WHERE import_id = {cursor.import_id}") != [(cursor.rows,)]:
        raise LogError(f"import {cursor.import_id} of {name} was removed or added to meanwhile: follow it anew")


def shifted(landed: Landed, rows: int, offset: int | None = None) -> Landed:
    """Return the rows of a piece as those of its source, where so many rows and bytes stand before it."""

    def at(place: int | None) -> int | None:
        return None if place is None or offset is None else place + offset

    def locate(positions: Sequence[int]) -> dict[int, Spot]:
        found = landed.locate([position - rows for position in positions])
        return {place + rows: (at(start), length, raw) for place, (start, length, raw) in found.items()}

    refused = tuple(replace(row, position=row.position + rows, offset=at(row.offset)) for row in landed.refused)
    return replace(landed, refused=refused, locate=locate)


def earlier(database: Database, name: str, options: Options) -> list[Cursor]:
    """Return how far the imports got that a source of this name may go on with, the shortest first."""
    if not run(database.connection, "SELECT 1 FROM duckdb_tables() WHERE table_name = 'extents'"):
        return []
    system = "mapping" if options.system is None else literal(options.system)
    same = [f"source = {literal(name)}", f"system = {system}"]
    same += [f"zone = {literal(options.timezone)}"] if options.timezone else []
    same += [f"mapping = {literal(read_mapping(options.mapping).name)}"] if options.mapping != "auto" else []
    rows = run(
        database.connection,
        "SELECT import_id, mapping, read, upto, coalesce(last_row, sha256) FROM imports JOIN extents USING (import_id) "
        f"WHERE {' AND '.join(same)} ORDER BY upto, import_id",
    )
    return [Cursor(*row) for row in rows]
