"""`import` and `mappings`: how do exports become a log, and which formats are understood?"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cards import amount, visible
from workbench.cli.options import Told
from workbench.cli.output import document, entries, records, say, table, title
from workbench.cli.progress import progress_bar
from workbench.cli.source import (
    ColumnsOption,
    FieldOption,
    MappingOption,
    TableOption,
    ZoneOption,
    paired,
    present,
    separated,
    state_field,
)
from workbench.errors import UnknownNameError
from workbench.instants import span

if TYPE_CHECKING:
    from workbench.events import ImportReport, Options, Preview
    from workbench.events.mapping import Mapping, Value

Sources = Annotated[list[Path] | None, typer.Argument(metavar="SOURCE...", help="Export files.")]
Into = Annotated[Path | None, typer.Option("--into", metavar="LOG", help="The log to extend or to make.")]
System = Annotated[str | None, typer.Option(metavar="NAME", help="The system whose event ids these are.")]
Roster = Annotated[list[str] | None, typer.Option(metavar="TYPE=FILE", help="An application's current rows.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would land; change nothing.")]
Replace = Annotated[
    bool, typer.Option("--replace", help="Add in a copy and rename it over a log that others are reading.")
]
Strict = Annotated[
    bool, typer.Option("--strict", help="Exit code 1 when any row was rejected; the others are loaded all the same.")
]


def import_sources(
    sources: Sources = None,
    *,
    into: Into = None,
    mapping: MappingOption = "auto",
    timezone: ZoneOption = None,
    table: TableOption = None,
    field: FieldOption = None,
    columns: ColumnsOption = None,
    system: System = None,
    roster: Roster = None,
    dry_run: DryRun = False,
    replace: Replace = False,
    strict: Strict = False,
    shape: Told = "text",
) -> None:
    """Import exports into a log.

    Exit code 1 when nothing was loaded.
    """
    from workbench.events import Options, import_into

    options = Options(mapping, timezone, table, state_field(field), system, separated(columns))
    rosters = _rosters(roster)
    exports = [present(path) for path in sources or ()]
    if not exports and not rosters:
        raise typer.BadParameter("SOURCE is missing: name the export files to import")
    if dry_run:
        _preview(exports, options, shape)
        return
    if into is None:
        raise typer.BadParameter("--into LOG is missing: it names the log to extend or to make")
    with progress_bar("reading") as progress:
        options = dataclasses.replace(options, progress=progress)
        done = import_into(into, exports, options, rosters=rosters, replace_file=replace)
    _say_report(done, into, shape)
    if not done.loaded or (strict and done.rejected):
        raise typer.Exit(1)


def show_mappings(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One mapping; with --new, the export.")] = None,
    *,
    new: Annotated[
        Path | None, typer.Option("--new", metavar="FILE", help="Write a starting mapping for the export NAME.")
    ] = None,
    shape: Told = "text",
) -> None:
    """List the export formats understood.

    Or show one, or start one of your own.
    """
    from workbench.events import mappings

    if new is not None:
        from workbench.cli.starting import start_mapping

        if name is None:
            raise typer.BadParameter("--new FILE needs an export: workbench mappings --new my.yaml export.csv")
        start_mapping(new, present(Path(name)))
        say(f"{new}: read it, correct it, then: workbench import {name} --mapping {new} --dry-run")
        return
    known = mappings()
    if name is not None:
        if name not in known:
            raise UnknownNameError.of("mapping", name, known)
        _show_mapping(known[name], shape)
    elif shape == "json":
        document([_mapping(mapping) for mapping in known.values()])
    else:
        table_of = [[mapping.name, mapping.about] for mapping in known.values()]
        table(["mapping", "about"], table_of)


def _preview(sources: Sequence[Path], options: Options, shape: str) -> None:
    from workbench.events.previewing import preview_of

    seen = {str(path): preview_of(path, options) for path in sources}
    if shape == "json":
        shown = [{"source": source, **_foreseen(one)} for source, one in seen.items()]
        document(shown if len(shown) > 1 else shown[0])
        return
    for source, one in seen.items():
        title(source)
        report = one.report
        assumed = " (assumed: --timezone says otherwise)" if report.zone_assumed else ""
        entries({"mapping": f"{report.mapping}: {report.why}", "zone": f"{report.zone}{assumed}"})
        _write_counts(report)
        for of_type, aggregate_id, events in one.lives:
            say()
            title(f"{of_type} {aggregate_id}")
            records(events)
        say()
    say("Nothing was written.")


def _foreseen(one: Preview) -> dict[str, Any]:
    lives = [{"type": t, "aggregate_id": aggregate_id, "events": events} for t, aggregate_id, events in one.lives]
    chosen = {"mapping": one.report.mapping, "why": one.report.why, "zone": one.report.zone}
    return {**chosen, **_report(one.report), "lives": lives}


def _rosters(given: Sequence[str] | None) -> dict[str, Path]:
    return {of_type: present(Path(file)) for of_type, file in (paired(given, "--roster") or {}).items()}


def _report(done: ImportReport) -> dict[str, Any]:
    names = ("read", "loaded", "duplicate", "rejected", "reasons", "zone_assumed", "seconds")
    return {name: getattr(done, name) for name in names}


def _say_report(done: ImportReport, into: Path, shape: str) -> None:
    if shape == "json":
        document(_report(done))
        return
    _write_counts(done)
    if not done.loaded:
        say("nothing was loaded")
    if done.zone_assumed:
        say(f"times without a zone were read as {done.zone}: --timezone ZONE says otherwise")
    for line in done.notes:
        say(line)
    say(f"{into}: read as {done.mapping} ({done.why}) in {span(done.seconds)}")


def _write_counts(done: ImportReport) -> None:
    counts = " + ".join(f"{getattr(done, name):,} {name}" for name in ("loaded", "duplicate", "rejected"))
    say(f"{amount(done.read, 'row')} read = {counts}")
    for reason, count in sorted(done.reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        say(visible(f"  rejected {count:,}: {reason}"))
    if done.ambiguous_hours:
        say(f"{done.ambiguous_hours:,} local times fall in an hour that {done.zone} has twice or not at all")


def _mapping(mapping: Mapping) -> dict[str, Any]:
    return {
        "name": mapping.name,
        "about": mapping.about,
        "needs": [" or ".join(either) for either in mapping.needs],
        "zone": mapping.zone,
        "state_field": mapping.state_field,
        "columns": {name: [_place(value) for value in values] for name, values in mapping.columns.items()},
        "states": {event: [_place(value) for value in rule.to] for event, rule in mapping.states.items()},
    }


def _place(value: Value) -> str:
    if value.constant is not None:
        return f"the text {value.constant!r}"
    return ("the namespace of " if value.namespace else "") + ".".join(value.path)


def _show_mapping(mapping: Mapping, shape: str) -> None:
    shown = _mapping(mapping)
    if shape == "json":
        document(shown)
        return
    title(mapping.name)
    needs = ", ".join(shown["needs"])
    entries({"about": mapping.about, "needs": needs, "zone": mapping.zone, "state field": mapping.state_field})
    say()
    table(["column", "comes from"], [[name, ", else ".join(places)] for name, places in shown["columns"].items()])
    if mapping.states:
        say()
        rows = [["any other" if event == "*" else event, ", else ".join(to)] for event, to in shown["states"].items()]
        table(["event type", "state"], rows)
