"""`find`, `trail`, `replay`, `states`: what happened to this one, and where do they all stand?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.options import Id, Limit, OneType, Shape, Told, Type
from workbench.cli.output import answer, document, entries, note, objects, say, title
from workbench.cli.source import Source, takes_log
from workbench.cli.storyline import write_related, write_trail
from workbench.cli.values import cell, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.lives import Moment

_EVENTS = 200
At = Annotated[str | None, typer.Option(metavar="T", help="An instant, included; the log's last event if left out.")]


@takes_log
def find_text(
    source: Source, text: Annotated[str, typer.Argument(metavar="TEXT")], shape: Shape = "table", limit: Limit = 50
) -> None:
    """Find aggregates by any text they hold.

    Their ids, attributes and event data are looked at; exit code 1 when none holds it.
    """
    import workbench as wb

    with source.open() as log:
        found = wb.find(log, text)
        answer(found, shape, limit=limit)
        if not found.limit(1).fetchall():
            raise typer.Exit(1)


@takes_log
def show_trail(
    source: Source,
    *,
    type: Type,
    id: Id,
    actor: Annotated[str | None, typer.Option(metavar="WHO", help="Only events by this actor.")] = None,
    event_type: Annotated[str | None, typer.Option(metavar="NAME", help="Only events of this type.")] = None,
    state: Annotated[str | None, typer.Option(metavar="S", help="Only events that put it in this state.")] = None,
    since: Annotated[str | None, typer.Option(metavar="T", help="Only events at this instant or later.")] = None,
    before: Annotated[str | None, typer.Option(metavar="T", help="Only events earlier than this.")] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Only events that hold it.")] = None,
    correlation: Annotated[str | None, typer.Option(metavar="ID", help="Only events of this correlation.")] = None,
    after: Annotated[int | None, typer.Option(metavar="PLACE", help="Go on after the event at this place.")] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="At most so many events; a table has 200 if left out.")
    ] = None,
    case: Annotated[
        bool, typer.Option("--related", help="Every event that concerns it, over all aggregates, and by which link.")
    ] = False,
    shape: Shape = "table",
) -> None:
    """Show one aggregate's events in order.

    What changed, when, by whom and why; csv and json have the values too.
    """
    import workbench as wb

    chosen: dict[str, Any] = {"actor": actor, "event_type": event_type, "state": state, "since": since}
    chosen |= {"before": before, "text": text, "correlation": correlation}
    if after is not None:
        chosen["after"] = f"{type}:{id}:{after}"
    if case and any(value is not None for value in chosen.values()):
        raise typer.BadParameter("--related tells the whole case: it takes --limit and no other filter")
    with source.open() as log:
        life = log.of(type, id)
        name = f"{next(iter(life.types), type)} {id}"
        if case:
            _write_case(name, wb.related(log, type, id), limit, shape)
        elif shape == "table":
            most = limit or _EVENTS
            told = objects(wb.audit_trail(life, **chosen, limit=most + 1))
            title(name)
            write_trail(told, most, _causes(log, told))
        else:
            answer(wb.audit_trail(life, **chosen, limit=limit), shape)


def _write_case(name: str, events: DuckDBPyRelation, limit: int | None, shape: str) -> None:
    if shape == "table":
        title(f"{name}, and what is related to it")
        write_related(objects(events), limit or _EVENTS)
    else:
        answer(events if limit is None else events.limit(limit), shape)


@takes_log
def replay_life(
    source: Source,
    *,
    type: Type,
    id: Id,
    at: At = None,
    version: Annotated[
        int | None, typer.Option(metavar="N", help="The store's version, or the place where it has none.")
    ] = None,
    shape: Told = "text",
) -> None:
    """Replay one aggregate to an instant or version.

    Its state and attributes then; after its last event if neither is given.
    """
    import workbench as wb

    if at is not None and version is not None:
        raise typer.BadParameter("give --at or --version, not both")
    with source.open() as log:
        life = wb.replay(log.of(type, id))
        moment = life.at(at) if at is not None else life.version(version) if version is not None else life[-1]
        shown = {"type": life.type, "aggregate_id": id, **_moment(moment)}
    if shape == "json":
        document(shown)
    else:
        _write_moment(shown, moment, len(life))


@takes_log
def show_states(
    source: Source, at: At = None, type: OneType = None, shape: Shape = "table", limit: Limit = 200
) -> None:
    """Count the aggregates in each state at an instant."""
    import workbench as wb

    with source.open() as log:
        part = log.of(type) if type else log
        answer(wb.state_distribution(part, at=at), shape, limit=limit, caption=when(part, at, shape))


def _causes(log: EventLog, events: list[dict[str, Any]]) -> dict[str, str]:
    """Return where the events stand that caused these: an id alone would send the reader looking."""
    from workbench.sql import literal

    wanted = sorted({str(event["cause"]) for event in events if event["cause"] is not None})
    if not wanted:
        return {}
    found = log.sql(
        "SELECT event_id, any_value(type), any_value(aggregate_id), any_value(place), any_value(event_type) "
        f"FROM events WHERE event_id IN ({', '.join(map(literal, wanted))}) GROUP BY event_id HAVING count(*) = 1"
    ).fetchall()
    return {event: f"{whose} {aggregate} at {place} ({kind})" for event, whose, aggregate, place, kind in found}


def when(log: EventLog, at: str | None, shape: str) -> str:
    """Return the instant an answer is for, and that it is the log's last event if none was asked for."""
    said = f"at {cell(log.instant(at))} UTC" if log.last is not None or at is not None else "the log is empty"
    if at is None and log.last is not None:
        said += ", the log's last event"
    if shape == "table":
        return said
    if at is None:
        note(said)
    return ""


def _moment(moment: Moment) -> dict[str, Any]:
    from workbench.lives.differences import differences

    names = ("place", "version", "occurred_at", "state", "attributes")
    changed = {
        f"{name}.{path}" if path else name: list(pair)
        for name, values in moment.changed.items()
        for path, pair in differences(*values).items()
    }
    return {name: plain(getattr(moment, name)) for name in names} | {"changed": plain(changed)}


def _write_moment(shown: dict[str, Any], moment: Moment, places: int) -> None:
    title(f"{shown['type']} {shown['aggregate_id']}")
    entries(
        {
            "state": moment.state,
            "after": f"event {moment.place} of {places}, {moment.event_type}",
            "version": moment.version,
            "occurred at": f"{cell(moment.occurred_at)} UTC",
            "by": moment.actor,
            "changed": ", ".join(str(name) for name in moment.changed) or None,
        }
    )
    say("attributes")
    for name, value in moment.attributes.items():
        text = value if isinstance(value, str) else json.dumps(plain(value), ensure_ascii=False)
        say(f"  {cell(str(name))}: {cell(text)}")
