"""`conform`: did history keep to the machines?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workbench.cards import amount
from workbench.cli.options import MachinesPath, Match
from workbench.cli.output import document, objects, records, say, title
from workbench.cli.source import SourceOrProfile, paired, present_pattern, takes_log
from workbench.cli.verdicts import Row, write_breaches, write_properties, write_quality, write_repairs, write_unused

Report = dict[str, list[Row]]

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives.reruns import Profile
    from workbench.machines import Machines


@takes_log
def conform(
    source: SourceOrProfile,
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
    if source.is_profile:
        _conform_profile(wb.read_profile(source.path), declared, pairs, shape)
        return
    with source.open() as log:
        fitness = objects(wb.conformance(log, declared, match=pairs))
        if not any(_matched(row) for row in fitness):
            raise no_machine_matched(log, f"{machines} has", declared)
        told = {
            "conformance": fitness,
            "off_machine": objects(wb.off_machine(log, declared, match=pairs)),
            "properties": objects(wb.holds(log, declared, match=pairs)),
            "violations": objects(wb.violations(log, declared, match=pairs)),
            "unused": objects(wb.unused(log, declared, match=pairs)),
            "repairs": objects(wb.repairs(log, declared, match=pairs)),
            "quality": objects(wb.quality(log)),
        }
    if shape == "json":
        document(told)
    else:
        _write(told, limit)
    if _broken(told):
        raise typer.Exit(1)


def no_machine_matched(log: EventLog, where: str, names: Iterable[str]) -> typer.BadParameter:
    """Return the complaint that no machine speaks for a type of the log; `where` says what has the machines."""
    return typer.BadParameter(
        f"no machine matched: the log has {', '.join(log.types)}, {where} {', '.join(sorted(names))}; "
        "--match TYPE=MACHINE says which is which"
    )


def _write(told: Report, limit: int) -> None:
    title("Lives against their machines")
    records(told["conformance"])
    _heading("Moves that no transition allows")
    write_breaches(told["off_machine"], limit)
    _heading("Properties")
    write_properties(told["properties"], told["violations"], limit)
    _heading("Never used")
    write_unused(told["unused"])
    if told["repairs"]:
        _heading("What would make more of it fit")
        write_repairs(told["repairs"])
    _heading("Quality of the log")
    write_quality(told["quality"])
    say()
    for sentence in verdict(told):
        say(sentence)


def _heading(text: str) -> None:
    say()
    title(text)


def verdict(told: Report) -> list[str]:
    """Return the judgement, a sentence a line."""
    moves = sum(int(row["moves"] or 0) for row in told["conformance"] if _matched(row))
    off, broken = len(told["off_machine"]), [row for row in told["properties"] if row["violated"]]
    said = []
    if off:
        said.append(_of_moves(off, moves))
    said += [
        f"History breaks {row['property']!r}: {row['violated']:,} of the {concerned} it concerns."
        for row in broken
        for concerned in [amount(row["concerned"], "life", "lives")]
    ]
    return said or [_of_moves(off, moves)]


def _broken(told: Report) -> bool:
    return bool(told["off_machine"] or told["violations"])


def _conform_profile(kept: Profile, machines: Machines, match: dict[str, str] | None, shape: str) -> None:
    """Say how far what is kept of a log fits; who broke a machine, and when, only the log knows."""
    from workbench.lives.reruns import fitness

    rows = fitness(kept, machines, match)
    if not rows:
        raise typer.BadParameter("no machine matched: the profile holds no life that ever was in a state")
    off, moves = (sum(int(row[name]) for row in rows) for name in ("off_machine", "moves"))
    if shape == "json":
        document({"conformance": rows, **dict.fromkeys(("off_machine", "properties", "violations", "quality"))})
    else:
        title("Lives against their machines")
        records(rows)
        say()
        say(_of_moves(off, moves))
        say("A profile holds no aggregates and no times: which moves these are, and properties, the log says.")
    if off:
        raise typer.Exit(1)


def _of_moves(off: int, moves: int) -> str:
    if off:
        verb = "is" if off == 1 else "are"
        return f"History breaks a machine: {off:,} of {amount(moves, 'move')} {verb} not allowed."
    return f"History keeps to the machines: {amount(moves, 'move')}, each one allowed."


def _matched(row: dict[str, Any]) -> bool:
    return bool(row.get("machine")) and bool(row.get("lives"))
