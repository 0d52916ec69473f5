"""`why` and `whynot`: what made it so, and what keeps it from being otherwise?"""

from __future__ import annotations

import dataclasses
import shutil
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cards import visible
from workbench.cli.options import Id, Match, Told, Type
from workbench.cli.output import document, entries, records, say, title
from workbench.cli.source import Source, paired, present_pattern, takes_log
from workbench.cli.storyline import write_chain
from workbench.cli.values import cell

if TYPE_CHECKING:
    from workbench.machines import Machines
    from workbench.metrics import Cause, Hindrance

At = Annotated[str | None, typer.Option(metavar="T", help="As it was at this instant, included.")]
_NARROW, _WIDE = 40, 110


@takes_log
def show_why(
    source: Source,
    *,
    type: Type,
    id: Id,
    state: Annotated[str | None, typer.Option(metavar="S", help="The state; the current one if left out.")] = None,
    field: Annotated[str | None, typer.Option(metavar="PATH", help="An attribute, such as address.zip.")] = None,
    at: At = None,
    machines: Annotated[str | None, typer.Option(metavar="PATH", help="Machines, asked if they allow it.")] = None,
    match: Match = None,
    shape: Told = "text",
) -> None:
    """Say which event put an aggregate in a state, and what caused that.

    The chain of causes to its root, whether a machine allows it, and who else shares it. Exit code 1 when a machine
    does not allow it.
    """
    import workbench as wb

    with source.open() as log:
        cause = wb.why(
            log, type, id, state=state, field=field, at=at, machines=_machines(machines), match=paired(match, "--match")
        )
    if shape == "json":
        document(dataclasses.asdict(cause))
    else:
        _write_cause(cause)
    if cause.allowed is False:
        raise typer.Exit(1)


@takes_log
def show_why_not(
    source: Source,
    *,
    type: Type,
    id: Id,
    to: Annotated[str, typer.Option("--to", metavar="STATE", help="The state it is not in.")],
    machines: Annotated[str | None, typer.Option(metavar="PATH", help="Machines; what others did if left out.")] = None,
    match: Match = None,
    field: Annotated[str | None, typer.Option(metavar="NAME", help="The state field, where there are two.")] = None,
    at: At = None,
    shape: Told = "text",
) -> None:
    """Say what keeps an aggregate from a state.

    The ways there, their guards, the events they wait for and whether those are recorded, and what others did. Exit
    code 1 when its machine has no way there or, without a machine, when nobody is known to have gone one.
    """
    import workbench as wb

    with source.open() as log:
        hindrance = wb.why_not(
            log, type, id, to, machines=_machines(machines), match=paired(match, "--match"), field=field, at=at
        )
    if shape == "json":
        document(dataclasses.asdict(hindrance))
    else:
        _write_hindrance(hindrance)
    if not (hindrance.possible or hindrance.ways or hindrance.state == to):
        raise typer.Exit(1)


def _machines(path: str | None) -> Machines | None:
    from workbench.machines import read_machines

    return None if path is None else read_machines(present_pattern(path))


def _write_cause(cause: Cause) -> None:
    title(f"{cause.type} {cause.aggregate_id}: {cause.field} = {cell(cause.value)}")
    write_chain(cause.rows())
    say()
    shared = cause.shared
    entries(
        {
            "since": f"{cell(cause.since)} UTC" if cause.since else "unknown",
            "triggered by": cause.trigger,
            "machine": _verdict(cause),
            "alike": shared
            and f"{shared.alike:,} of {shared.lives:,} other lives: {shared.same_event:,} by the same "
            f"event, {shared.same_root:,} by the same root, {shared.same_kind:,} by the same kind of cause",
        }
    )
    _sentences(cause.sentences)


def _verdict(cause: Cause) -> str:
    if cause.allowed is None:
        return cause.verdict
    return f"{cause.machine} {'allows it' if cause.allowed else 'does not allow it'}: {cause.verdict}"


def _write_hindrance(hindrance: Hindrance) -> None:
    title(f"{hindrance.type} {hindrance.aggregate_id}: {hindrance.state}, not {hindrance.to}")
    if rows := hindrance.rows():
        records(rows)
        say()
    for way in hindrance.ways:
        say(visible(f"way  {way}"))
    if hindrance.machine is None:
        say("way  as others went: no machine was asked, --machines PATH names one")
    _sentences(hindrance.sentences)


def _sentences(sentences: Sequence[str]) -> None:
    width = min(max(shutil.get_terminal_size().columns, _NARROW), _WIDE)
    say()
    for sentence in sentences:
        say(textwrap.fill(visible(sentence), width, break_on_hyphens=False))
