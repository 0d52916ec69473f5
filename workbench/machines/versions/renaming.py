"""Which states of the new version are perhaps states of the old one under another name?"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from workbench.machines.exploring.runs import known_state, steps_from
from workbench.machines.model import Machine
from workbench.machines.rules.likeness import folded

ENOUGH = 0.5
ALIKE = 0.8  # of two names: alone enough, though all around them changed
MOST_COMPARED = 10_000
_Edges = Counter[Hashable]


@dataclass(frozen=True)
class Renaming:
    """A state that perhaps has another name now: how alike the two are, 0 to 1, and in what."""

    old: str
    new: str
    likeness: float
    because: str


def renamed(machine: Machine, names: Mapping[str, str]) -> Machine:
    """Return the machine with some of its states under other names; two that get one name become one state.

    Raises
    ------
    UnknownNameError
        When it has no state of a name that is to be changed.
    """
    for name in names:
        known_state(machine, name)
    states = {names.get(s.name, s.name): dataclasses.replace(s, name=names.get(s.name, s.name)) for s in machine.states}
    transitions = (
        dataclasses.replace(
            t,
            from_states=tuple(names.get(name, name) for name in t.from_states),
            to_state=names.get(t.to_state, t.to_state),
        )
        for t in machine.transitions
    )
    return dataclasses.replace(
        machine,
        initial=names.get(machine.initial, machine.initial),
        states=tuple(states.values()),
        transitions=tuple(transitions),
    )


def suggested(old: Machine, new: Machine) -> tuple[Renaming, ...]:
    """Return the states that perhaps were renamed: gone from the old version and alike to one that is new.

    Alike are two whose transitions bear the same names, from and to the same states, or whose own names are. The
    surest pairs come first and count for their neighbours; where two fit equally well, nothing is suggested.
    """
    gone = [name for name in old.known_states if name not in new.known_states]
    fresh = [name for name in new.known_states if name not in old.known_states]
    if len(gone) * len(fresh) > MOST_COMPARED:
        return ()
    common = {name: name for name in old.known_states if name in new.known_states}
    found: dict[str, Renaming] = {}
    while True:
        taken = {renaming.new for renaming in found.values()}
        before = _edges(old, common | {one: renaming.new for one, renaming in found.items()})
        after = _edges(new, common | {name: name for name in taken})
        offers = [
            _likeness(one, other, before[one], after[other])
            for one in gone
            if one not in found
            for other in fresh
            if other not in taken
        ]
        sure = [offer for offer in offers if offer.likeness >= ENOUGH and _best(offer, offers)]
        if not sure:
            return tuple(found[name] for name in gone if name in found)
        most = max(offer.likeness for offer in sure)
        found |= {offer.old: offer for offer in sure if offer.likeness == most}


def _best(offer: Renaming, offers: list[Renaming]) -> bool:
    rivals = (other for other in offers if other is not offer and (other.old == offer.old or other.new == offer.new))
    return all(rival.likeness < offer.likeness for rival in rivals)


def _edges(machine: Machine, names: Mapping[str, str]) -> dict[str, _Edges]:
    """Return for each state what leads in and out, other ends that are not known in both versions left open."""
    found: dict[str, _Edges] = {name: Counter() for name in machine.known_states}
    for steps in steps_from(machine).values():
        for step in steps:
            name = step.transition.name
            loop = step.from_state == step.to_state
            found[step.from_state]["out", name, "itself" if loop else names.get(step.to_state)] += 1
            found[step.to_state]["in", name, "itself" if loop else names.get(step.from_state)] += 1
    if machine.initial in found:
        found[machine.initial]["initial"] += 1
    for state in machine.states:
        found[state.name]["final"] += state.final
    return found


def _likeness(one: str, other: str, before: _Edges, after: _Edges) -> Renaming:
    shared, every = (before & after).total(), (before | after).total()
    around = shared / every if every else 0.0
    names = 1.0 if folded(one) == folded(other) else SequenceMatcher(None, folded(one), folded(other)).ratio()
    likeness = round(max(0.6 * around + 0.4 * names, names if names >= ALIKE else 0.0), 3)
    ways = [way for way in before | after if isinstance(way, tuple)]
    same = [way for way in ways if way in before and way in after]
    because = f"{len(same)} of the {len(ways)} ways in and out are the same"
    return Renaming(one, other, likeness, because if around >= ENOUGH else "their names are alike")
