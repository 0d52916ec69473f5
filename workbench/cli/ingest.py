"""`import` and `mappings`: how do exports become a log, and which formats are understood?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workbench.cli.output import document, entries, say, table, title
from workbench.cli.progress import progress_bar
from workbench.cli.source import (
    ColumnsOption,
    FieldOption,
    MappingOption,
    TableOption,
    ZoneOption,
    listed,
    paired,
    present,
    state_field,
)
from workbench.cli.values import span
from workbench.errors import UnknownNameError

if TYPE_CHECKING:
    from workbench.events import ImportReport
    from workbench.events.mapping import Mapping, Value

Shape = Annotated[Literal["text", "json"], typer.Option("--format")]
_FIRST_LIVES = 3


def import_sources(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Export files.")],
    *,
    into: Annotated[Path | None, typer.Option("--into", metavar="LOG", help="The log to extend or to make.")] = None,
    mapping: MappingOption = "auto",
    timezone: ZoneOption = None,
    table: TableOption = None,
    field: FieldOption = None,
    columns: ColumnsOption = None,
    system: Annotated[str | None, typer.Option(metavar="NAME", help="The system whose event ids these are.")] = None,
    roster: Annotated[
        list[str] | None, typer.Option(metavar="TYPE=FILE", help="An application's current rows.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would land; change nothing.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Add in a copy and rename it over a log that others are reading.")
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit code 1 when any row was rejected; the others are loaded all the same."),
    ] = False,
    shape: Shape = "text",
) -> None:
    """Import exports into a log.

    Exit code 1 when nothing was loaded.
    """
    options = {
        "mapping": mapping,
        "timezone": timezone,
        "table": table,
        "state_field": state_field(field),
        "columns": listed(columns),
    }
    for path in sources:
        present(path)
    if dry_run:
        _preview(sources, options, shape)
        return
    if into is None:
        raise typer.BadParameter("--into LOG is missing: it names the log to extend or to make")
    from workbench.events import import_into

    rosters = {of_type: present(Path(file)) for of_type, file in (paired(roster, "--roster") or {}).items()}
    with progress_bar() as progress:
        done = import_into(
            into, list(sources), replace=replace, progress=progress, rosters=rosters, system=system, **options
        )
    if shape == "json":
        document(_report(done))
    else:
        _write_report(done, into)
    if not done.loaded or (strict and done.rejected):
        raise typer.Exit(1)


def show_mappings(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One mapping; with --new, the export.")] = None,
    *,
    new: Annotated[
        Path | None, typer.Option("--new", metavar="FILE", help="Write a starting mapping for the export NAME.")
    ] = None,
    shape: Shape = "text",
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


def _preview(sources: Sequence[Path], options: dict[str, Any], shape: str) -> None:
    from workbench.events import preview

    shown = []
    for path in sources:
        seen = preview(path, **options)
        shown.append(
            {
                "source": str(path),
                "mapping": seen.mapping,
                "why": seen.why,
                "zone": seen.zone,
                "zone_assumed": seen.zone_assumed,
                "report": _report(seen.report),
                "lives": seen.lives,
            }
        )
    if shape == "json":
        document(shown if len(shown) > 1 else shown[0])
        return
    for index, (one, path) in enumerate(zip(shown, sources, strict=True)):
        if index:
            say()
        title(str(path))
        assumed = " (assumed: --timezone says otherwise)" if one["zone_assumed"] else ""
        entries({"mapping": f"{one['mapping']}: {one['why']}", "zone": f"{one['zone']}{assumed}"})
        _write_counts(one["report"])
        for life in one["lives"][:_FIRST_LIVES]:
            say()
            table(list(life[0]) if life else [], [list(row.values()) for row in life])
    say("Nothing was written.")


def _report(done: ImportReport) -> dict[str, Any]:
    names = ("read", "loaded", "duplicate", "rejected", "reasons", "zone_assumed", "seconds")
    return {name: getattr(done, name) for name in names}


def _write_report(done: ImportReport, into: Path) -> None:
    report = _report(done)
    _write_counts(report)
    if done.zone_assumed:
        say("times without a zone were read as UTC: --timezone ZONE says otherwise")
    say(f"{into}: done in {span(done.seconds)}")


def _write_counts(report: dict[str, Any]) -> None:
    counts = " + ".join(f"{report[name]:,} {name}" for name in ("loaded", "duplicate", "rejected"))
    say(f"{report['read']:,} rows read = {counts}")
    for reason, count in sorted(dict(report["reasons"]).items(), key=lambda pair: (-pair[1], pair[0])):
        say(f"  rejected {count:,}: {reason}")


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
