"""What is told of each state and each transition of a machine?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.machines.exploring import can_still_happen, must_pass, shortest_paths
from workbench.widgets.wire import plain

if TYPE_CHECKING:
    from workbench.machines import Findings, Machine
    from workbench.widgets.machine_usage import Usage
    from workbench.widgets.shown_machine import Shown


def state_facts(shown: Shown, declared: Machine, used: Usage, found: Findings) -> list[dict[str, Any]]:
    """Return the facts of each state drawn.

    name, description, metadata, initial, final, declared, way (states from the initial one, None where there is
    none) and by (the transitions on it), must (states every run passes before it), ahead (states still reachable),
    times, open, median (seconds), findings (their numbers).
    """
    ways = shortest_paths(declared) if declared.initial else {}
    before = must_pass(declared) if declared.initial else {}
    told = []
    for state in shown.machine.states:
        name, known = state.name, state.name not in shown.off_states
        stays, still, median = used.stays.get(name, (0, 0, None))
        way = ways.get(name)
        told.append({
            "name": name,
            "description": state.description,
            "metadata": plain(state.metadata),
            "initial": name == declared.initial,
            "final": known and name in declared.finals,
            "declared": known,
            "way": list(way.states) if way else None,
            "by": [one or "" for one in way.names] if way else [],
            "must": list(before.get(name, ())),
            "ahead": list(can_still_happen(declared, name).states) if known else [],
            **({"times": stays, "open": still, "median": median} if used.asked else {}),
            "findings": [n for n, one in enumerate(found) if name in one.subjects],
        })  # fmt: skip
    return told


def transition_facts(shown: Shown, used: Usage, found: Findings) -> list[dict[str, Any]]:
    """Return the facts of each transition drawn, by its ordinal.

    name, to, pairs (from, times, median), guard, actions, emits, description, metadata, off, findings.
    """
    told = []
    for n, one in enumerate(shown.machine.transitions):
        pairs: list[dict[str, Any]] = []
        for source in dict.fromkeys(one.from_states):
            times, median = used.moves.get((source, one.to_state), (0, None))
            pairs.append({"from": source, **({"times": times, "median": median} if used.asked else {})})
        told.append({
            "name": one.label,
            "to": one.to_state,
            "pairs": pairs,
            "guard": one.guard.text() if one.guard else None,
            "actions": list(one.actions),
            "emits": list(one.emits),
            "description": one.description,
            "metadata": plain(one.metadata),
            "off": n in shown.off_transitions,
            "findings": [i for i, finding in enumerate(found) if one.name in finding.subjects] if one.name else [],
        })  # fmt: skip
    return told
