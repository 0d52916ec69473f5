"""What is said to someone who asks why: what happened, what led to it, and whether it was allowed and is common?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.metrics.case.answers import doing, listed, named, shown, told_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.metrics.case.cause_facts import Deed, Shared

_TOLD = 5


def sentences_of(**facts: Any) -> tuple[str, str, str]:
    """Return the three sentences of the facts that make a `Cause`."""
    return _happened(facts), _led_to_it(facts), _judged(facts)


def _happened(facts: dict[str, Any]) -> str:
    whose, event = f"{facts['type']} {facts['aggregate_id']}", facts["event"]
    if event is None:
        return f"{whose} was {facts['value']} from before its first event, since {told_at(facts['since'])}."
    if event.to_state is not None and event.to_state == facts["value"]:
        left = f"went from {event.from_state} to" if event.from_state is not None else "began as"
        did = f"{left} {event.to_state}"
    else:
        did = f"had its {facts['field']} set to {shown(facts['value'])}"
    who = f"by {event.actor}" if event.actor is not None else "nobody is recorded as its actor"
    by = f" {who}" if event.actor is not None else f"; {who}"
    step = f", {event.transition}" if event.transition else ""
    return f"{whose} {did} at {told_at(event.occurred_at)} ({named(event)}, {event.event_type}{step}){by}."


def _led_to_it(facts: dict[str, Any]) -> str:
    event, chain, trigger = facts["event"], facts["chain"], facts["trigger"]
    if event is None:
        return "No event in this log made it so."
    triggered = f"It was triggered by {trigger}" if trigger else ""
    if not chain:
        origin = facts["origin"]
        if origin is not None:
            begun = f"it belongs to correlation {event.correlation_id}, which begins with {doing(origin)}"
        else:
            begun = "no event is recorded as its cause"
        return f"{triggered}; {begun}." if triggered else f"{begun[0].upper()}{begun[1:]}."
    told = [doing(deed) for deed in (chain if len(chain) <= _TOLD else chain[: _TOLD - 1])]
    steps = ", which was caused by ".join(told)
    if len(told) < len(chain):
        steps += f", and so on, {len(chain) - len(told) - 1:,} causes more, back to {doing(chain[-1])}"
    return f"{f'{triggered} and caused by' if triggered else 'It was caused by'} {steps}{_end(chain, event)}."


def _end(chain: Sequence[Deed], event: Deed) -> str:
    last = chain[-1]
    if last.broken:
        return ""
    if last.cause_id is not None:
        return f", which names event {last.cause_id} as its cause in turn: the chain goes in a circle"
    return "; there the chain begins" if len(chain) > 1 or last.type != event.type else ""


def _judged(facts: dict[str, Any]) -> str:
    shared = facts["shared"]
    common = f"; {_common(facts, shared)}" if shared is not None else ""
    if facts["allowed"] is None:
        return f"Whether it was allowed is not said ({facts['verdict']}){common}."
    allows = "allows" if facts["allowed"] else "does not allow"
    return f"{facts['machine']} {allows} it ({facts['verdict']}){common}."


def _common(facts: dict[str, Any], shared: Shared) -> str:
    if shared.lives == 0:
        return f"there is no other {facts['type']} life here"
    others = f"of the other {shared.lives:,} {facts['type']} lives"
    if shared.alike == 0:
        return f"the same happened to none {others}"
    told = f"the same happened to {shared.alike:,} {others}"
    if not facts["chain"]:
        return told
    same = {"the same event": shared.same_event, "the same root": shared.same_root}
    cause = facts["chain"][0]
    if cause.broken:
        del same["the same root"]
    else:
        same[f"the same kind of cause ({cause.type} {cause.event_type})"] = shared.same_kind
    found = [f"{count:,} by {what}" for what, count in same.items() if count]
    missing = [what for what, count in same.items() if not count]
    if not found:
        return f"{told}, none of them by {listed(missing, 'or')}"
    return f"{told}, {listed(found)}" + (f", none by {listed(missing, 'or')}" if missing else "")
