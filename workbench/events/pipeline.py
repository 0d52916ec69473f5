"""How does an export become events, moves and lives? One transaction: all of it or nothing.

stage (mapped rows) -> refuse -> identify (duplicates, conflicts) -> order -> events -> moves -> lives -> variants.
Only the lives that the import touches are built again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from workbench.errors import SourceError
from workbench.events.declared import as_rows
from workbench.events.fields import Fields
from workbench.events.imports import ImportReport
from workbench.events.mapping import Mapping
from workbench.events.names import short_names
from workbench.events.progress import Progress
from workbench.events.refusals import named_in
from workbench.events.sources import Landed
from workbench.events.staging import Clock, Staging
from workbench.events.ties import untie
from workbench.sql import keeps_changes, literal, render, renew_changes, run, text

WHOLE = 100
LANDED = 10
_REACHED = {"lives_seen": 45, "placed": 60, "write_events": 80, "stays": 85, "write_moves": 97, "forget": WHOLE}


@dataclass(frozen=True)
class Plan:
    """Everything an import was told or has decided before it reads the rows; `grows` is one that it goes on with."""

    landed: Landed
    mapping: Mapping
    why: str
    fields: Fields
    clock: Clock
    zone_given: bool
    system: str
    scratch: Path
    tell: Progress
    grows: int | None = None

    @property
    def zone(self) -> str:
        """The zone of `occurred_at` where it has no offset."""
        return self.clock.of(self.mapping.columns.get("occurred_at", ()))


class Steps:
    """The statements of one import on one connection, with the values they share."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, tell: Progress = lambda _done, _whole: None, **values: Any
    ) -> None:
        self.connection = connection
        self.tell = tell
        self.values = values

    def step(self, name: str) -> None:
        """Run `workbench/sql/steps/<name>.sql`."""
        run(self.connection, render(text(f"steps/{name}"), **self.values))
        if name in _REACHED:
            self.tell(_REACHED[name], WHOLE)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return run(self.connection, sql)

    def number(self, sql: str) -> int:
        """Return the one number a statement answers with."""
        return int(self.ask(sql)[0][0])


def add_events(connection: duckdb.DuckDBPyConnection, plan: Plan) -> ImportReport:
    """Import a landed source within the caller's transaction; return what became of every row."""
    started = time.monotonic(), datetime.now(UTC).replace(tzinfo=None)
    import_id = plan.grows or int(run(connection, "SELECT next_import FROM about")[0][0])
    next_life = int(run(connection, "SELECT next_life FROM about")[0][0])
    steps = Steps(connection, plan.tell, import_id=import_id, next_life=next_life, system=plan.system)
    refused = stage(steps, plan)
    renamed = name_types(steps)
    duplicate, conflicts, alike = _identify(steps)
    refused += conflicts
    loaded = steps.number("SELECT count(*) FROM fresh")
    if steps.ask("SELECT 1 FROM seen LIMIT 1"):
        rebuild_touched(steps)
    keep_refused(steps, plan, refused)
    report = ImportReport(
        source=plan.landed.name, mapping=plan.mapping.name, why=plan.why, read=plan.landed.rows, loaded=loaded,
        duplicate=duplicate, rejected=len(refused), reasons=reasons_of(refused), zone=plan.zone,
        zone_assumed=not plan.zone_given and bool(steps.ask("SELECT 1 FROM stage WHERE no_offset LIMIT 1")),
        ambiguous_hours=steps.number("SELECT count(*) FROM stage JOIN fresh USING (position) WHERE odd_hour"),
        import_ids=(import_id,), seconds=time.monotonic() - started[0],
        notes=(*plan.landed.notes, *renamed, *alike, *_unset(steps, plan)),
    )  # fmt: skip
    if report.read != report.loaded + report.duplicate + report.rejected:
        raise SourceError(
            f"{plan.landed.name}: {report.read} rows read but {report.loaded} loaded, {report.duplicate} duplicate and "
            f"{report.rejected} rejected; nothing was changed"
        )
    sign(steps, plan, report, started[1])
    renew_changes(steps.connection)
    steps.step("forget")
    return report


Refusal = tuple[int, int | None, int | None, bytes, str]


def stage(steps: Steps, plan: Plan) -> list[Refusal]:
    """Map every row; return those that could not become an event: position, offset, length, raw bytes, reason."""
    # rowid numbers the lines in their order (from a first one of its own within a transaction);
    # row_number() would keep the whole reading on one thread.
    steps.ask(f"CREATE OR REPLACE TEMP TABLE lines AS SELECT line FROM ({plan.landed.query})")
    usual = steps.ask("SELECT json_keys(line) FROM lines WHERE json_type(TRY(line::JSON)) = 'OBJECT' LIMIT 1")
    staging = Staging(plan.mapping, plan.fields, plan.clock, usual[0][0] if usual else [])
    position = f"rowid - (SELECT min(rowid) FROM lines) + {plan.landed.before + 1}"
    selected = staging.select(f"SELECT {position} AS position, line FROM lines")
    steps.ask(f"CREATE OR REPLACE TEMP TABLE stage AS {selected}")
    steps.ask("DROP TABLE lines")
    staged = steps.number("SELECT count(*) FROM stage")
    if staged + len(plan.landed.refused) != plan.landed.rows:
        raise SourceError(
            f"{plan.landed.name}: {plan.landed.rows} rows were counted but {staged + len(plan.landed.refused)} could "
            "be read; nothing was changed"
        )
    bad = steps.ask("SELECT position, reason FROM stage WHERE reason IS NOT NULL ORDER BY position")
    return [
        *((row.position, row.offset, row.length, row.raw, row.reason) for row in plan.landed.refused),
        *((position, None, None, b"", reason) for position, reason in bad),
    ]


def _identify(steps: Steps) -> tuple[int, list[Refusal], tuple[str, ...]]:
    """Take from `fresh` what is already there; return how many duplicates, the conflicts, and what to say of them."""
    steps.step("lives_seen")
    steps.step("fresh")
    steps.step("stored_identities")
    steps.step("twice")
    if steps.ask("FROM twice LIMIT 1"):
        steps.step("suspects")
        steps.step("verdicts")
    kinds = steps.ask("SELECT DISTINCT has_id FROM fresh UNION SELECT DISTINCT has_id FROM stored")
    if len(kinds) > 1 or steps.ask("SELECT 1 FROM fresh JOIN events USING (life) WHERE NOT has_id LIMIT 1"):
        steps.step("verdicts_without_id")
    verdicts = steps.ask("SELECT position, verdict FROM verdicts ORDER BY position")
    alike = _alike(steps) if verdicts else ()
    if verdicts:
        steps.ask("DELETE FROM fresh WHERE position IN (SELECT position FROM verdicts)")
    steps.ask("DELETE FROM seen WHERE life NOT IN (SELECT life FROM fresh UNION ALL SELECT life FROM twins)")
    conflicts = [(position, None, None, b"", verdict) for position, verdict in verdicts if verdict != "duplicate"]
    return len(verdicts) - len(conflicts), [*conflicts], alike


def _alike(steps: Steps) -> tuple[str, ...]:
    """Say so when rows of one file were taken for one event although nothing but their content says so."""
    count = steps.number(
        "SELECT count(*) FROM fresh JOIN verdicts USING (position) WHERE verdict = 'duplicate' AND NOT has_id "
        "AND version IS NULL AND identity NOT IN (SELECT identity FROM stored)"
    )
    if not count:
        return ()
    equal = "1 row equals another row and has" if count == 1 else f"{count:,} rows equal another row and have"
    they = "it is an event" if count == 1 else "they are events"
    return (f"{equal} neither id nor version: export the id if {they} too",)


def rebuild_touched(steps: Steps) -> None:
    """Order the lives in `seen` again, old rows and new, and write their events, moves, lives and variants."""
    steps.step("kept")
    steps.step("work")
    steps.step("ties")
    if steps.ask("SELECT 1 FROM ties WHERE from_recorded IS NOT NULL LIMIT 1"):
        untie(steps.connection)
    steps.step("placed")
    if steps.ask("SELECT 1 FROM seen WHERE NOT is_new LIMIT 1"):
        for table in ("moves", "lives"):
            steps.ask(f"DELETE FROM {table} WHERE life IN (SELECT life FROM seen WHERE NOT is_new)")
    steps.step("write_events")
    steps.step("stays")
    steps.step("write_moves")
    steps.step("write_lives")
    steps.step("write_variants")
    steps.ask("UPDATE about SET next_life = greatest(next_life, (SELECT max(life) + 1 FROM seen))")


def _unset(steps: Steps, plan: Plan) -> tuple[str, ...]:
    """Say so when no event that could set the state field a user named does."""
    could = [
        event_type
        for event_type, rule in plan.mapping.states.items()
        if plan.fields.asked and any("{field}" in key for value in rule.to for key in value.path)
    ]
    if not could:
        return ()
    which = "true" if "*" in could else f"event_type IN ({', '.join(map(literal, could))})"
    asked = f"SELECT count(*), count(coalesce(to_state, also::VARCHAR)) FROM stage WHERE reason IS NULL AND {which}"
    events, setting = steps.ask(asked)[0]
    if not events or setting:
        return ()
    return (f"no event sets {' or '.join(map(repr, plan.fields.names))}: is that the state field?",)


def name_types(steps: Steps) -> tuple[str, ...]:
    """Give each aggregate type its short name; rename stored ones that became ambiguous, and say so."""
    stored = dict(
        row
        for table in ("lives", "rosters")
        for row in steps.ask(f"SELECT aggregate_type, any_value(type) FROM {table} GROUP BY aggregate_type")
    )
    new = [row[0] for row in steps.ask("SELECT DISTINCT aggregate_type FROM stage WHERE reason IS NULL")]
    names = short_names({*stored, *new})
    rows = ", ".join(f"({literal(full)}, {literal(short)})" for full, short in names.items())
    steps.ask("CREATE OR REPLACE TEMP TABLE names (aggregate_type VARCHAR, type VARCHAR)")
    if rows:
        steps.ask(f"INSERT INTO names VALUES {rows}")
    notes = []
    changes = ("changes",) if keeps_changes(steps.connection) else ()
    for full, old in stored.items():
        if names[full] != old:
            for table in ("events", "moves", "lives", "rosters", *changes):
                steps.ask(f"UPDATE {table} SET type = {literal(names[full])} WHERE type = {literal(old)}")
            notes.append(f"{old} is ambiguous now: {full} is called {names[full]} from here on")
    return tuple(notes)


def reasons_of(refused: Iterable[Refusal]) -> dict[str, int]:
    """Return how often each kind of reason was given; what a reason quotes is left out."""
    return dict(Counter(reason.split(": ", maxsplit=1)[0] for *_, reason in refused).most_common())


def keep_refused(steps: Steps, plan: Plan, refused: Iterable[Refusal]) -> None:
    """Store every refused row with its bytes, through a file: row by row DuckDB takes a thousand a second."""
    rows = sorted(refused)
    if not rows:
        return
    places = plan.landed.locate([position for position, offset, *_ in rows if offset is None])
    path = plan.scratch / "refused.ndjson"
    with path.open("w", encoding="utf-8") as file:
        for position, offset, length, raw, reason in rows:
            at, size, data = places.get(position, (offset, length, raw))
            row = {"row": position, "byte_offset": at, "byte_length": size, "raw": data.hex(), "reason": reason}
            of = {} if plan.mapping.is_roster else named_in(data, plan.mapping)
            file.write(json.dumps(row | of) + "\n")
    columns = "row: 'BIGINT', byte_offset: 'BIGINT', byte_length: 'BIGINT'"
    columns += "".join(f", {name}: 'VARCHAR'" for name in ("raw", "reason", "aggregate_type", "aggregate_id"))
    steps.ask(
        f"INSERT INTO rejected SELECT {steps.values['import_id']}, {literal(plan.landed.name)}, row, byte_offset, "
        "byte_length, unhex(raw), r.reason, coalesce(s.aggregate_type, r.aggregate_type), "
        "coalesce(s.aggregate_id, r.aggregate_id) "
        f"FROM read_json({literal(str(path))}, format = 'newline_delimited', columns = {{{columns}}}, "
        "maximum_object_size = 1000000) AS r "
        f"LEFT JOIN stage AS s ON s.position = r.row AND NOT {plan.mapping.is_roster}"
    )


def sign(steps: Steps, plan: Plan, report: ImportReport, started: datetime) -> None:
    """Store what the import was, what came of it, and how far a source that can grow was read."""
    declared = as_rows(plan.mapping.reducers)
    ended = datetime.now(UTC).replace(tzinfo=None)
    counts = [report.read, report.loaded, report.duplicate, report.rejected, report.ambiguous_hours]
    if plan.grows is None:
        values = [
            report.import_ids[0], plan.landed.name, plan.landed.sha256, plan.system, plan.mapping.name, report.zone,
            report.zone_assumed, *counts, started, ended, json.dumps(declared) if declared else None,
            list(plan.mapping.hand_set),
        ]  # fmt: skip
        run(steps.connection, f"INSERT INTO imports VALUES ({', '.join('?' * len(values))})", values)
        steps.ask("UPDATE about SET next_import = next_import + 1")
    else:
        values = [plan.landed.sha256, report.zone_assumed, *counts, ended, plan.grows]
        run(steps.connection, _GROWN, values)
    if plan.landed.upto is not None:
        reached = {"upto": plan.landed.upto, "last_row": plan.landed.last_row}
        run(steps.connection, render(text("steps/extent"), **steps.values, **reached))


_GROWN = """UPDATE imports SET sha256 = ?, zone_assumed = zone_assumed OR ?, read = read + ?, loaded = loaded + ?,
    duplicate = duplicate + ?, rejected = rejected + ?, ambiguous_hours = ambiguous_hours + ?, finished_at = ?
WHERE import_id = ?"""
