"""`diff`, `whatif`, `profile`: what would this edit do, and what is kept of a log to ask it again?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workbench.cli.foreseen import as_markdown, as_objects, write_history, write_over_time, write_versions
from workbench.cli.options import Match, OneType, Out, Told
from workbench.cli.output import document, objects, say
from workbench.cli.revisions import machines_at
from workbench.cli.source import Source, SourceOption, SourceOrProfile, paired, takes_log
from workbench.writing import check_writable

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives.reruns import Diff, Profile, WhatIf

Shape = Annotated[Literal["text", "json", "markdown"], typer.Option("--format")]
Rename = Annotated[
    list[str] | None, typer.Option("--rename", metavar="A=B", help="A state or transition that is called B now.")
]
FailOn = Annotated[
    Literal["stranded", "refused", "never"],
    typer.Option("--fail-on", help="Exit 1 when aggregates are stranded, or when moves are newly refused too."),
]
_VERSION = "A machine file, a folder, a glob, or REV:path in git."


@takes_log
def compare_versions(
    *,
    old: Annotated[str, typer.Argument(metavar="OLD", help=_VERSION)],
    new: Annotated[str, typer.Argument(metavar="NEW", help=_VERSION)],
    source: SourceOption = None,
    rename: Rename = None,
    match: Match = None,
    fail_on: FailOn = "stranded",
    shape: Shape = "text",
) -> None:
    """Show what an edit of machines changes.

    With a log also for the data: moves that would be refused, aggregates left in states the new machine lacks.
    """
    import workbench as wb

    before, after = machines_at(old), machines_at(new)
    names, matched = paired(rename, "--rename"), paired(match, "--match")
    if source is None:
        found = wb.diff(before, after, rename=names)
        _show_diff(found, shape)
        return
    with source.open_or_profile() as log:
        found = wb.diff(before, after, log=log, rename=names, match=matched)
        _show_diff(found, shape)
        counts = found.history.counts if found.history else {}
    bad = {"stranded": ("stranded",), "refused": ("stranded", "newly_refused"), "never": ()}[fail_on]
    if any(counts[name] for name in bad):
        raise typer.Exit(1)


@takes_log
def rerun_history(
    source: SourceOrProfile,
    *,
    machine: Annotated[str | None, typer.Option("--machine", metavar="NEW", help=_VERSION)] = None,
    instead_of: Annotated[str | None, typer.Option("--instead-of", metavar="OLD", help=_VERSION)] = None,
    rename: Rename = None,
    refused: Annotated[
        Literal["stay", "follow"],
        typer.Option(help="stay: a refused move does not happen; follow: it does, and is only marked."),
    ] = "stay",
    drop: Annotated[list[str] | None, typer.Option(metavar="ID|CONDITION", help="Events that did not happen.")] = None,
    insert: Annotated[
        list[str] | None,
        typer.Option(
            metavar="JSON", help='An event that did: {"type", "aggregate_id", "at", "transition", "to_state"}.'
        ),
    ] = None,
    edit: Annotated[
        list[str] | None, typer.Option(metavar="ID=JSON", help='What an event says instead: {"to_state"}.')
    ] = None,
    move: Annotated[list[str] | None, typer.Option(metavar="ID=T", help="The instant an event happened at.")] = None,
    type: OneType = None,
    id: Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="Only these aggregates.")] = None,
    every: Annotated[
        str | None, typer.Option(metavar="SPAN", help="Where they stand at every such instant, too: '1 week'.")
    ] = None,
    match: Match = None,
    shape: Shape = "text",
) -> None:
    """Run history again under another machine, or with other events.

    What was recorded is run again; what people would have done instead is not guessed.
    """
    import workbench as wb

    new, old = (None if path is None else machines_at(path) for path in (machine, instead_of))
    with source.open_or_profile() as log:
        answer = wb.what_if(
            _part(log, type, id),
            new,
            instead_of=old,
            rename=paired(rename, "--rename"),
            refused=refused,
            drop=_dropped(drop),
            insert=[_parsed(text, "--insert") for text in insert or ()],
            edit={key: _parsed(text, "--edit") for key, text in (paired(edit, "--edit") or {}).items()},
            move=paired(move, "--move"),
            match=paired(match, "--match"),
        )
        _show_answer(answer, shape, every)


@takes_log
def keep_profile(
    source: Source,
    out: Out,
    *,
    type: OneType = None,
    shape: Told = "text",
) -> None:
    """Keep the sequences of moves of a log, with counts, in a few kB.

    No ids, no attributes, no times but the first and last day. diff, whatif and conform take it in place of a log.
    """
    import workbench as wb

    check_writable(out, source.path)
    with source.open() as log:
        kept = wb.profile(log.of(type) if type else log)
    size = kept.write(out).stat().st_size
    counts = {"variants": len(kept.variants), "lives": kept.lives, "moves": kept.moves}
    if shape == "json":
        document({"out": str(out), "bytes": size, **counts, "first_day": kept.first_day, "last_day": kept.last_day})
    else:
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        say(f"{out}: {told}; {size / 1e3:.1f} kB, no ids, no attributes")


def _show_diff(found: Diff, shape: str) -> None:
    if shape == "json":
        document({**found.to_dict(), "history": as_objects(found.history) if found.history else None})
    elif shape == "markdown":
        say(as_markdown(found.history, found))
    else:
        if found.history:
            write_history(found.history)
            say()
        write_versions(found)


def _show_answer(answer: WhatIf, shape: str, every: str | None) -> None:
    over_time = None if every is None else answer.over_time(every)  # before a word of the answer: it may be refused
    if shape == "json":
        more = {} if over_time is None else {"over_time": objects(over_time)}
        document({**as_objects(answer, lives=True), **more})
    elif shape == "markdown":
        say(as_markdown(answer))
    else:
        write_history(answer, lives=20)
        if over_time is not None:
            write_over_time(over_time, every or "")


def _part(log: EventLog | Profile, type: str | None, ids: Sequence[str] | None) -> EventLog | Profile:
    from workbench.lives.reruns import Profile

    if type is None and not ids:
        return log
    if type is None:
        raise typer.BadParameter("--id needs --type: ids are those of a type")
    if isinstance(log, Profile):
        raise typer.BadParameter("a profile has no aggregates to choose from: --type and --id are for a log")
    return log.of(type, *(ids or ()))


def _dropped(given: Sequence[str] | None) -> str | list[str]:
    """Return one condition or id as it is, several ids as a list."""
    return (given[0] if len(given) == 1 else list(given)) if given else []


def _parsed(text: str, option: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise typer.BadParameter(f"{option} {text}: write a JSON object, such as " + '{"to_state": "confirmed"}')
    return told
