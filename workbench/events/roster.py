"""What do an application's current rows add? When aggregates began, and those that have no event at all."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import duckdb

from workbench.errors import MappingError
from workbench.events.imports import ImportReport
from workbench.events.mapping import StateRule, Value
from workbench.events.pipeline import Plan, Steps, keep_refused, name_types, reasons_of, rebuild_touched, sign, stage
from workbench.sql import literal, renew_changes, run


def add_roster(connection: duckdb.DuckDBPyConnection, plan: Plan, type: str | None) -> ImportReport:
    """Import current rows within the caller's transaction; lives without a beginning get theirs from it."""
    started = time.monotonic(), datetime.now(UTC).replace(tzinfo=None)
    import_id = int(run(connection, "SELECT next_import FROM about")[0][0])
    steps = Steps(connection, plan.tell, import_id=import_id)
    refused = stage(steps, _as_events(steps, plan, type))
    renamed = name_types(steps)
    steps.step("write_roster")
    loaded = steps.number(f"SELECT count(*) FROM rosters WHERE import_id = {import_id}")
    keep_refused(steps, plan, refused)
    steps.step("nothing_new")
    steps.step("lives_of_roster")
    rebuild_touched(steps)
    report = ImportReport(
        source=plan.landed.name, mapping=plan.mapping.name, why=plan.why, read=plan.landed.rows, loaded=loaded,
        duplicate=plan.landed.rows - loaded - len(refused), rejected=len(refused), reasons=reasons_of(refused),
        zone=plan.zone, zone_assumed=not plan.zone_given, import_ids=(import_id,),
        notes=(*plan.landed.notes, *renamed), seconds=time.monotonic() - started[0],
    )  # fmt: skip
    sign(steps, plan, report, started[1])
    renew_changes(connection)
    steps.step("forget")
    return report


def _as_events(steps: Steps, plan: Plan, type: str | None) -> Plan:
    """Return the plan with what every event needs and a roster does not say."""
    columns = dict(plan.mapping.columns)
    if type is not None:
        columns["aggregate_type"] = (Value(constant=_full_type(steps, type)),)
    elif not any(value.path[0] in plan.landed.columns for value in columns["aggregate_type"]):
        raise MappingError(
            f"{plan.landed.name} does not say which aggregate type its rows are: name it with type= "
            "(--roster TYPE=FILE)"
        )
    columns["event_type"] = (Value(constant="roster"),)
    columns["occurred_at"] = (Value(constant="1970-01-01T00:00:00+00:00"),)
    mapping = replace(plan.mapping, columns=columns, states={"*": StateRule(columns["state"])})
    return replace(plan, mapping=mapping)


def _full_type(steps: Steps, name: str) -> str:
    rows = steps.ask(f"SELECT DISTINCT aggregate_type FROM lives WHERE type = {literal(name)}")
    return str(rows[0][0]) if rows else name
