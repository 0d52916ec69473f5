"""What is different between two versions of a machine, piece by piece?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from workbench.machines.model import Machine, State, Transition
from workbench.machines.versions.matching import Matches

Kind = Literal["added", "removed", "renamed", "retargeted", "changed"]
Subject = Literal["machine", "state", "transition", "property"]


@dataclass(frozen=True)
class Change:
    """One difference: of a state, a transition, a property or the machine itself.

    Attributes
    ----------
    kind
        added, removed, renamed, retargeted (a transition that leads elsewhere) or changed.
    subject
        state, transition, property or machine.
    name
        Which: its name in the new version, or in the old one where it is gone.
    aspect
        What of it changed, such as initial, final, from, guard, actions or metadata.color; empty for the whole.
    old, new
        As text; None where there is nothing.
    line
        Where to look in the new file, or in the old one for what is gone; counted from 1.
    """

    kind: Kind
    subject: Subject
    name: str
    aspect: str = ""
    old: str | None = None
    new: str | None = None
    line: int = 1

    @property
    def sentence(self) -> str:
        """Return the change in words."""
        what = "the machine" if self.subject == "machine" else f"{self.subject} {self.name!r}"
        if self.kind == "retargeted":
            return f"{what} leads to {self.new!r}, no longer to {self.old!r}"
        if self.kind == "renamed":
            return f"{what} was called {self.old!r}"
        if not self.aspect:
            told = self.new if self.kind == "added" else self.old
            more = f": {told}" if told and told != self.name else ""
            return f"{what} is {'new' if self.kind == 'added' else 'gone'}{more}"
        return f"{what}: {self.aspect} was {_told(self.old)}, is {_told(self.new)}"

    def row(self) -> dict[str, Any]:
        """Return the change as one row, ready for JSON."""
        return {name: getattr(self, name) for name in (*Change.__dataclass_fields__, "sentence")}


def changes(old: Machine, new: Machine, matches: Matches, names: Mapping[str, str]) -> Iterator[Change]:
    """Return what is different: the machine, its states, its transitions, its properties.

    Parameters
    ----------
    old
        The old version, its states already under their new names.
    new
        The new version.
    matches
        Which transitions are the same.
    names
        The states that have another name now, old to new.
    """
    line = new.initial_place.line
    yield from _differences("machine", new.name, _of_machine(old), _of_machine(new), line)
    yield from (
        Change("renamed", "state", now, "name", was, now, new.state(now).place.line)
        for was, now in names.items()
        if now in new.state_names
    )
    yield from _of_states(old, new)
    yield from _of_transitions(matches)
    yield from _order(old, new, matches)
    yield from _of_properties(old, new)


def _of_states(old: Machine, new: Machine) -> Iterator[Change]:
    before, after = ({state.name: state for state in machine.states} for machine in (old, new))
    for name, state in before.items():
        if name not in after:
            yield Change("removed", "state", name, line=state.place.line)
    for name, state in after.items():
        if name not in before:
            yield Change("added", "state", name, line=state.place.line)
        else:
            yield from _differences("state", name, _of_state(before[name]), _of_state(state), state.place.line)


def _of_properties(old: Machine, new: Machine) -> Iterator[Change]:
    before, after = _properties(old), _properties(new)
    for name, (_, line) in before.items():
        if name not in after:
            yield Change("removed", "property", name, line=line)
    for name, (keys, line) in after.items():
        if name not in before:
            yield Change("added", "property", name, line=line)
        else:
            yield from _differences("property", name, before[name][0], keys, line)


def _of_transitions(matches: Matches) -> Iterator[Change]:
    for gone in matches.removed:
        yield Change("removed", "transition", gone.label, old=_ends(gone), line=gone.place.line)
    for fresh in matches.added:
        yield Change("added", "transition", fresh.label, new=_ends(fresh), line=fresh.place.line)
    for was, now in matches.both:
        line = now.place.line
        if was.name != now.name:
            yield Change("renamed", "transition", now.label, "name", was.label, now.label, line)
        if was.to_state != now.to_state:
            yield Change("retargeted", "transition", now.label, "to", was.to_state, now.to_state, line)
        yield from _differences("transition", now.label, _of_transition(was), _of_transition(now), line)


def _order(old: Machine, new: Machine, matches: Matches) -> Iterator[Change]:
    """Return the choices between the same transitions in another order: the first that may fire is taken."""
    before, after = ({id(t): place for place, t in enumerate(machine.transitions)} for machine in (old, new))
    choices: dict[tuple[str, str], list[tuple[Transition, Transition]]] = {}
    for was, now in matches.both:
        for state in dict.fromkeys(name for name in now.from_states if name in was.from_states):
            choices.setdefault((state, now.name or now.to_state), []).append((was, now))
    told: set[tuple[int, ...]] = set()
    for (state, _), pairs in choices.items():
        earlier = sorted(pairs, key=lambda pair: before[id(pair[0])])
        later = sorted(pairs, key=lambda pair: after[id(pair[1])])
        key = tuple(after[id(now)] for _, now in later)
        if earlier != later and key not in told:
            told.add(key)
            first = later[0][1]
            one_way, other_way = (", then ".join(_ends(t) for _, t in order) for order in (earlier, later))
            yield Change(
                "changed", "transition", first.label, f"order in {state!r}", one_way, other_way, first.place.line
            )


def _differences(
    subject: Subject, name: str, before: Mapping[str, str], after: Mapping[str, str], line: int
) -> Iterator[Change]:
    for aspect in dict.fromkeys([*before, *after]):
        was, now = before.get(aspect), after.get(aspect)
        if was != now:
            yield Change("changed", subject, name, aspect, was, now, line)


def _of_machine(machine: Machine) -> dict[str, str]:
    emitted = {f"emits of {action}": ", ".join(events) for action, events in machine.emits.items()}
    return {
        **_given(name=machine.name, model=machine.model, field=machine.field, initial=machine.initial),
        **_given(description=machine.description, attributes=", ".join(machine.attributes)),
        **_flat("config", machine.config),
        **emitted,
    }


def _of_state(state: State) -> dict[str, str]:
    metadata = {key: value for key, value in state.metadata.items() if key != "final"}
    return {
        **_given(final="yes" if state.final else "no", description=state.description),
        **_flat("metadata", metadata),
    }


def _of_transition(transition: Transition) -> dict[str, str]:
    return {
        "from": ", ".join(sorted(dict.fromkeys(transition.from_states))),
        **_given(
            guard=transition.guard.text() if transition.guard else None,
            actions=", ".join(transition.actions),
            emits=", ".join(transition.emits),
            description=transition.description,
        ),
        **_flat("metadata", transition.metadata),
    }


def _properties(machine: Machine) -> dict[str, tuple[dict[str, str], int]]:
    """Return the properties by name, or by what they say where they have none, each with its line."""
    found = {}
    for keys, place in machine.placed_properties:
        texts = {key: _text(value) for key, value in keys.items()}
        found[texts.get("name") or ", ".join(f"{key}: {text}" for key, text in texts.items())] = (texts, place.line)
    return found


def _flat(head: str, values: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in values.items():
        name = f"{head}.{key}"
        found |= _flat(name, value) if isinstance(value, Mapping) else {name: _text(value)}
    return found


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _ends(transition: Transition) -> str:
    guard = f" if {transition.guard.text()}" if transition.guard else ""
    return f"{', '.join(transition.from_states)} → {transition.to_state}{guard}"


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_text(part)}' for key, part in value.items())}}}"
    return str(value)


def _told(text: str | None) -> str:
    return "not given" if text is None else repr(text)
