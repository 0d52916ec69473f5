"""Why is one aggregate in a state, or has an attribute its value: which event made it so, and what caused that?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cards import visible
from workbench.errors import LogError
from workbench.instants import Instant
from workbench.metrics.case.answers import Answer, changes_of, shown
from workbench.metrics.case.cause_sentences import sentences_of
from workbench.metrics.case.kinship import one_life

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.metrics.case.cause_facts import Deed, Shared

__all__ = ["Cause", "why"]


@dataclass(frozen=True, repr=False)
class Cause(Answer):
    """Why an aggregate is in a state, or has a value.

    Attributes
    ----------
    type, aggregate_id
        Whose it is.
    field, value
        The state field, or the path of the attribute, and what it was at the instant asked for.
    since
        The effective time of the event (UTC); None where the beginning is unknown.
    event
        The event that made it so; None for a state from before the first event.
    chain
        The event's cause, that one's cause, and so on to the root; the last may be `broken`, or one told before where
        causes go in a circle.
    trigger
        What the event's context says triggered it.
    origin
        The first event of its correlation, where no cause is recorded.
    machine, allowed, verdict
        The machine asked, whether it allows the move (None where none was asked or none could say), and how so.
    shared
        How many other lives share the cause; None without an event.
    sentences
        Three sentences for a reply: what happened, what led to it, whether it was allowed and how common it is.
    """

    type: str
    aggregate_id: str
    field: str
    value: Any
    since: datetime | None
    event: Deed | None
    chain: tuple[Deed, ...]
    trigger: str | None
    origin: Deed | None
    machine: str | None
    allowed: bool | None
    verdict: str
    shared: Shared | None
    sentences: tuple[str, str, str]

    def __repr__(self) -> str:
        made = "before the first event" if self.event is None else f"event {self.event.event_id or self.event.place}"
        back = f", {len(self.chain)} cause{'s' * (len(self.chain) > 1)} back" if self.chain else ""
        return visible(f"<Cause of {self.type} {self.aggregate_id} {self.field} = {shown(self.value)}: {made}{back}>")

    def rows(self) -> list[dict[str, Any]]:
        """Return the event and its chain as rows of a table, the event first."""
        return [
            {
                "event": deed.event_id, "type": deed.type, "aggregate_id": deed.aggregate_id,
                "at (UTC)": deed.occurred_at, "event_type": deed.event_type, "from_state": deed.from_state,
                "to_state": deed.to_state, "actor": deed.actor, "changed": ", ".join(changes_of(deed)) or None,
            }
            for deed in (*((self.event,) if self.event else ()), *self.chain)
        ]  # fmt: skip

    def asked_of(self, log: EventLog) -> DuckDBPyRelation | None:
        """Return the same rows as a question of a log: which event it was is given, SQL follows its causes."""
        made = self.event
        if made is None:
            return None
        return log.ask("causes/chain", type=made.type, id=made.aggregate_id, place=made.place, track=self.field)


def why(
    log: EventLog,
    type: str,
    id: object,
    *,
    state: str | None = None,
    field: str | None = None,
    at: Instant | None = None,
    machines: Machines | None = None,
    match: Match | None = None,
) -> Cause:
    """Return the event that put an aggregate in a state, or gave an attribute its value, and what caused that.

    Parameters
    ----------
    log
        Usually the whole log: causes lie in other aggregates.
    type, id
        The aggregate: ("Order", 42).
    state
        The state asked about: its latest entry by then. Left out, the state it is in.
    field
        The path of an attribute instead ("total", "address.zip"), or the state field meant where there are two.
    at
        As it was at this instant, it included; left out, after the last event.
    machines, match
        Asked whether they allow the move; left out, nobody is.

    Returns
    -------
    Cause
        The event, who, when, the chain of causes to its root over all aggregates, whether a machine allowed it and how
        many other lives share the cause; `.sentences` are three, for a reply.

    Raises
    ------
    UnknownNameError
        For a type, aggregate, state or attribute that is not there.
    LogError
        When it has not been in that state by then: ask `why_not`.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> cause = why(log, "Order", 42)
    >>> cause
    <Cause of Order 42 status = cancelled: event 436, 4 causes back>
    >>> [deed.event_id for deed in cause.chain]
    ['435', '434', '430', '379']
    """
    from workbench.metrics.case import cause_facts as found  # asks DuckDB, which `holds(machines)` does without

    seen = log if at is None else log.until(at)
    life = one_life(seen, type, id)
    short = found.type_of(life)
    fields = [row[0] for row in life.sql("SELECT DISTINCT field FROM moves ORDER BY field").fetchall()]
    is_state = field is None or field in fields
    if not is_state and state is not None:
        raise LogError(f"{field} is no state field of {type} {id}: ask for a state or for an attribute, not for both")
    if is_state:
        made = found.entry(seen, life, f"{short} {id}", fields if field is None else [field], state)
    else:
        made = found.attribute(life, f"{short} {id}", str(field))
    name, value, since, place = made
    events = found.events_of(seen, short, str(id), name)
    event = None if place is None else events[short, str(id), place]
    told = found.detailed(seen, [event, *found.chain_of(event, events)]) if event else []
    event, chain = (told[0], told[1:]) if told else (None, [])
    machine, allowed, verdict = found.judged(life, machines, match, made, is_state=is_state)
    facts: dict[str, Any] = {
        "type": short, "aggregate_id": str(id), "field": name, "value": value, "since": since, "event": event,
        "chain": tuple(chain), "trigger": found.trigger_of(event.context) if event else None,
        "origin": found.origin_of(seen, event) if event and not chain else None,
        "machine": machine, "allowed": allowed, "verdict": verdict,
        "shared": found.shared_of(seen, event, chain, name, is_state=is_state) if event else None,
    }  # fmt: skip
    return Cause(**facts, sentences=sentences_of(**facts))
