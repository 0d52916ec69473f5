"""`conform`: did history keep to the machines?"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from workbench.cli.asking import present_pattern
from workbench.cli.output import answer, document, objects, say, title
from workbench.cli.source import Source, paired, takes_log
from workbench.cli.verdicts import write_breaches, write_quality

MachinesPath = Annotated[str, typer.Option("--machines", metavar="PATH", help="Machine files, a folder or a glob.")]
Match = Annotated[list[str] | None, typer.Option("--match", metavar="T=M", help="The machine that speaks for a type.")]


@takes_log
def conform(
    source: Source,
    machines: MachinesPath,
    match: Match = None,
    shape: Annotated[Literal["table", "json"], typer.Option("--format")] = "table",
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Moves to show.")] = 20,
) -> None:
    """Compare history with the machines.

    Exit code 1 when it breaks one, 2 when no machine matched.
    """
    import workbench as wb

    declared = wb.read_machines(present_pattern(machines))
    pairs = paired(match, "--match")
    with source.open() as log:
        fitness = wb.conformance(log, declared, match=pairs)
        breaches = wb.off_machine(log, declared, match=pairs)
        quality = wb.quality(log)
        rows = objects(fitness)
        if not any(_matched(row) for row in rows):
            types, names = ", ".join(log.types), ", ".join(sorted(declared))
            raise typer.BadParameter(
                f"no machine matched: the log has {types}, {machines} has {names}; "
                "--match TYPE=MACHINE says which is which"
            )
        broken = sum(int(row["off_machine"] or 0) for row in rows)
        if shape == "json":
            document({"conformance": rows, "off_machine": objects(breaches), "quality": objects(quality)})
        else:
            title("Lives against their machines")
            answer(fitness, "table", limit=limit)
            say()
            title("Moves that no transition allows")
            write_breaches(objects(breaches), limit)
            say()
            title("Quality of the log")
            write_quality(objects(quality))
            say()
            say(verdict(broken, rows))
    if broken:
        raise typer.Exit(1)


def verdict(broken: int, rows: list[dict[str, Any]]) -> str:
    """Return the judgement in one sentence."""
    moves = sum(int(row["moves"] or 0) for row in rows if _matched(row))
    if not broken:
        return f"History keeps to the machines: {moves:,} moves, each one allowed."
    return f"History breaks a machine: {broken:,} of {moves:,} moves are not allowed."


def _matched(row: dict[str, Any]) -> bool:
    return bool(row.get("machine")) and bool(row.get("lives"))
