"""Why is one aggregate not in a state: what would have to happen, did it, and did others get there?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cards import visible
from workbench.instants import Instant, span
from workbench.metrics.case.answers import Answer
from workbench.metrics.case.hindrance_sentences import sentences_of
from workbench.metrics.case.kinship import one_life

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.metrics.case.hindrance_facts import Way

__all__ = ["Hindrance", "why_not"]


@dataclass(frozen=True, repr=False)
class Hindrance(Answer):
    """What keeps an aggregate from a state.

    Attributes
    ----------
    type, aggregate_id, field
        Whose state it is.
    to
        The state asked about.
    state, since
        Where it stands, and since when (UTC; None where unknown).
    machine
        The machine asked; None when the answer rests on what other lives did.
    possible
        Whether the machine has a way there, guards taken to pass; None where no machine was asked.
    reason
        Why it is impossible, or not known to be possible; empty where there is a way.
    ways
        The shortest ways, each as a line of states and transitions.
    steps
        Every step out of the state it is in, those on a shortest way first.
    sentences
        Three sentences for a reply: where it stands, what it waits for, what others did.
    """

    type: str
    aggregate_id: str
    field: str
    to: str
    state: str
    since: datetime | None
    machine: str | None
    possible: bool | None
    reason: str
    ways: tuple[str, ...]
    steps: tuple[Way, ...]
    sentences: tuple[str, str, str]

    def __repr__(self) -> str:
        told = {True: "possible", False: "impossible", None: "no machine was asked"}[self.possible]
        return visible(f"<Hindrance of {self.type} {self.aggregate_id}, {self.state}, to be {self.to}: {told}>")

    def rows(self) -> list[dict[str, Any]]:
        """Return the steps out of the state as rows of a table."""
        return [
            {
                "step": step.transition, "to_state": step.to_state, "towards": "yes" if step.towards else "",
                "guard": step.guard, "waits for": ", ".join(one.name for one in step.waits_for),
                "recorded": sum(one.own for one in step.waits_for) if step.waits_for else None,
                "since it is here": sum(one.own_since for one in step.waits_for) if step.waits_for else None,
                "of related": sum(one.related for one in step.waits_for) if step.waits_for else None,
                "others": step.others,
                "after (median)": None if step.median_seconds is None else span(step.median_seconds),
            }
            for step in self.steps
        ]  # fmt: skip


def why_not(
    log: EventLog,
    type: str,
    id: object,
    to: str,
    *,
    machines: Machines | None = None,
    match: Match | None = None,
    field: str | None = None,
    at: Instant | None = None,
) -> Hindrance:
    """Return what keeps an aggregate from a state: the ways there, their guards, and the events they wait for.

    Parameters
    ----------
    log
        Usually the whole log: what others did, and what is recorded for related aggregates, is in it.
    type, id
        The aggregate: ("Order", 42).
    to
        The state it is not in.
    machines, match
        Asked for the ways; left out, the answer tells the ways that other lives took, and says so.
    field
        The state field, where there are two.
    at
        As it was at this instant, it included; left out, after the last event.

    Returns
    -------
    Hindrance
        Where it stands and since when, whether the machine has a way (`possible`), the shortest ones, and each step out
        of its state with guard, awaited events and how often they are recorded, and how many others took it, after what
        time; `.sentences` are three, for a reply.

    Raises
    ------
    UnknownNameError
        For a type, aggregate or field that is not there, or a state that neither machine nor log knows.
    LogError
        When it has no state, or several state fields and none was named.

    Examples
    --------
    >>> import workbench as wb
    >>> log, machines = wb.read_events("sample_events/shop.ndjson"), wb.read_machines("machines/")
    >>> why_not(log, "Order", 42, "fulfilled", machines=machines).reason
    'cancelled is a final state of OrderStateMachine and nothing leads out of it'
    """
    from workbench.metrics.case import hindrance_facts as found  # asks DuckDB, which `holds(machines)` does without
    from workbench.metrics.case.cause_facts import type_of

    seen = log if at is None else log.until(at)
    life = one_life(seen, type, id)
    short = type_of(life)
    name, state, since = found.standing(life, f"{short} {id}", field)
    machine = found.machine_of(life, machines, match, name)
    own = int(life.sql("SELECT life FROM lives LIMIT 1").fetchall()[0][0])
    of_type = seen.of(short)
    found.check_state(to, machine, of_type, name, short)
    taken = found.taken_of(of_type, own, name, state)
    possible, reason, routes = found.routes_of(machine, taken, state, to)
    steps = found.steps_of(machine, taken, state, routes)
    if machine is not None and machines is not None:
        steps = found.waiting(found.awaited_by(steps, machine, machines), seen, life, since)
    facts: dict[str, Any] = {
        "type": short, "aggregate_id": str(id), "field": name, "to": to, "state": state, "since": since,
        "machine": machine.name if machine else None, "possible": possible, "reason": reason,
        "ways": tuple(route.text for route in routes), "steps": tuple(steps),
    }  # fmt: skip
    return Hindrance(**facts, sentences=sentences_of(**facts))
