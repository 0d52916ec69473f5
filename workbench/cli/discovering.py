"""`discover`: which machines would have allowed this history?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cards import visible
from workbench.cli.options import Told
from workbench.cli.output import document, say
from workbench.cli.source import Source, takes_log
from workbench.writing import check_writable, write_text

if TYPE_CHECKING:
    from workbench.machines import Machines


@takes_log
def discover_machines(
    source: Source,
    *,
    type: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only this type; else all.")] = None,
    field: Annotated[str | None, typer.Option(metavar="NAME", help="The state field of a type that has two.")] = None,
    min_times: Annotated[int, typer.Option(metavar="N", min=0, help="Leave out steps taken less often.")] = 1,
    min_lives: Annotated[int, typer.Option(metavar="N", min=0, help="Leave out steps of fewer lives.")] = 1,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the YAML here instead of printing it.")
    ] = None,
    shape: Told = "text",
) -> None:
    """Write the machines that a log went by, as YAML.

    Each says how often its transitions were taken; guards and actions are not in a log.
    """
    import workbench as wb
    from workbench.machines import Machines
    from workbench.machines.exchange import write_as

    if out is not None:
        check_writable(out, source.path)
    with source.open() as log:
        moved = log.sql("SELECT DISTINCT type FROM lives WHERE field IS NOT NULL ORDER BY type").fetchall()
        parts = [log.of(name) for name in ([type] if type else [row[0] for row in moved])] or [log]
        found = Machines(wb.discover(part, min_times=min_times, min_lives=min_lives, field=field) for part in parts)
    text = write_as(found, "flat").text
    if out is not None:
        write_text(out, text)
    _tell(found, text, out, shape)


def _tell(found: Machines, text: str, out: Path | None, shape: str) -> None:
    counts = [
        {"machine": one.name, "model": one.model, "states": len(one.states), "transitions": len(one.transitions)}
        for one in found.values()
    ]
    if shape == "json":
        document({"machines": counts, "out": None if out is None else str(out), "yaml": text})
    elif out is None:
        typer.echo(text, nl=False)
    else:
        for one in counts:
            say(visible(f"{out}: {one['machine']}, {one['states']} states, {one['transitions']} transitions"))
