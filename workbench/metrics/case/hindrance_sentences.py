"""What is said to someone who asks why not: where it stands, what it waits for, and what others did?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.instants import span
from workbench.metrics.case.answers import listed, told_at

if TYPE_CHECKING:
    from workbench.metrics.case.hindrance_facts import Awaited, Way


def sentences_of(**facts: Any) -> tuple[str, str, str]:
    """Return the three sentences of the facts that make a `Hindrance`."""
    return _stands(facts), _way(facts), _others(facts)


def _stands(facts: dict[str, Any]) -> str:
    return f"{facts['type']} {facts['aggregate_id']} has been {facts['state']} since {told_at(facts['since'])}."


def _way(facts: dict[str, Any]) -> str:
    to, reason, ways = facts["to"], facts["reason"], facts["ways"]
    if facts["state"] == to:
        return f"So it is {to}: nothing keeps it from that."
    if reason:
        return (
            f"It cannot become {to}: {reason}." if facts["possible"] is False else f"{reason[0].upper()}{reason[1:]}."
        )
    told = f"The shortest way to {to} is {listed(ways, 'or')}"
    if facts["machine"] is None:
        return f"{told}, as others went; no machine was asked what is allowed."
    steps = [step for step in facts["steps"] if step.towards]
    return f"{told}; {listed([_waits(step) for step in steps], 'or')}."


def _waits(step: Way) -> str:
    name = step.transition or f"the step to {step.to_state}"
    if not step.waits_for:
        return f"{name} is guarded by {step.guard}" if step.guard else f"{name} has no guard and can be taken at once"
    told = [
        f"{one.name} ({_times(one.own)} for it{_lately(one)}; {_times(one.related)} for what is related to it)"
        for one in step.waits_for
    ]
    return f"{name} waits for {listed(told)}"


def _lately(one: Awaited) -> str:
    return f", {one.own_since or 'none'} of them since then" if one.own else ""


def _times(count: int) -> str:
    return {0: "never recorded", 1: "recorded once"}.get(count, f"recorded {count:,} times")


def _others(facts: dict[str, Any]) -> str:
    taken = [step for step in facts["steps"] if step.others]
    if not taken:
        return f"No other {facts['type']} life in this log ever left {facts['state']}."
    return f"Of the other {facts['type']} lives that were {facts['state']}, {listed([_took(step) for step in taken])}."


def _took(step: Way) -> str:
    by = f" by {step.transition}" if step.transition else ""
    after = "" if step.median_seconds is None else f", typically after {span(step.median_seconds)}"
    on = f", on {step.triggers[0]}" if step.triggers else ""
    return f"{step.others:,} became {step.to_state}{by}{after}{on}"
