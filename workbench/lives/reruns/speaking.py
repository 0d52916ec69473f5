"""Which machines, old and new, speak for which state field of a log?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.errors import MachineError, UnknownNameError
from workbench.lives.reruns.cases import Case
from workbench.lives.reruns.steps import Track
from workbench.machines import Machine, Machines, Match


@dataclass(frozen=True)
class Speaking:
    """The two versions of the machine that speaks for a track; None for one that is not there."""

    old: Machine | None
    new: Machine | None


def speaking(
    tracks: Iterable[Track], old: Machines | None, new: Machines | None, match: Match
) -> dict[Track, Speaking]:
    """Return the machines of each track that the new ones speak for; of every track where there are no machines.

    Raises
    ------
    MachineError
        When no machine speaks for any of them, or several for one.
    """
    known = sorted(set(tracks))
    for name in match:
        if name not in {part for track in known for part in (track.type, track.aggregate_type)}:
            raise UnknownNameError.of("type", name, {track.type for track in known}, where="match")
    if new is None:
        return {track: Speaking(None, None) for track in known}
    fields = Counter(track.type for track in known)

    def of(machines: Machines, track: Track) -> Machine | None:
        alone = fields[track.type] == 1
        return machines.for_track(track.type, track.aggregate_type, track.field, match, alone=alone)

    found = {track: of(new, track) for track in known}
    if known and not any(found.values()):
        types = ", ".join(sorted({track.type for track in known}))
        first, name = known[0].type, next(iter(new), "a machine")
        raise MachineError(
            f"no machine matched: the log has {types}, the machines are {', '.join(new) or 'none'}; "
            f"match={{{first!r}: {name!r}}} says which is which"
        )
    return {
        track: Speaking(None if old is None else of(old, track), machine)
        for track, machine in found.items()
        if machine is not None
    }


def collected(machines: Machine | Machines | None, argument: str) -> Machines | None:
    """Return machines given one by one or together as a collection.

    Raises
    ------
    MachineError
        For anything else, such as a path.
    """
    if machines is None or isinstance(machines, Machines):
        return machines
    if isinstance(machines, Machine):
        return Machines([machines])
    raise MachineError(f"{argument} takes a machine or what wb.read_machines returns, not {type(machines).__name__}")


def checked_names(names: Mapping[str, str], told: Iterable[Case], machines: Iterable[Speaking]) -> Mapping[str, str]:
    """Return the renamings, if each is from a name that was to one that is.

    Raises
    ------
    UnknownNameError
        With the nearest right name.
    """
    if not names:
        return names
    pairs = list(machines)
    now = {name for pair in pairs if pair.new for name in names_of(pair.new)}
    was = {name for pair in pairs if pair.old for name in names_of(pair.old)}
    steps = {step for case in told for pair in case.pairs for step in pair if step is not None}
    was |= {name for step in steps for name in step[:2] if name is not None}
    for old, new in names.items():
        if old not in was:
            raise UnknownNameError.of("state or transition", old, was, where="the log and the old machine (rename)")
        if new not in now:
            raise UnknownNameError.of("state or transition", new, now, where="the new machine (rename)")
    return names


def names_of(machine: Machine) -> set[str]:
    """Return the names of a machine's states and transitions."""
    return {*machine.state_names, *(t.name for t in machine.transitions if t.name is not None)}
