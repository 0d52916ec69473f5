"""What would another machine, or other events, have made of recorded history?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.instants import Instant
from workbench.lives.reruns.answer import WhatIf
from workbench.lives.reruns.cases import Case, Outcome, cases
from workbench.lives.reruns.changes import Changes, Drop, ImaginedLife, imagined_lives
from workbench.lives.reruns.profiles import Profile
from workbench.lives.reruns.sequences import sequences
from workbench.lives.reruns.sides import Refused, Side
from workbench.lives.reruns.speaking import Speaking, checked_names, collected, speaking
from workbench.lives.reruns.steps import Track
from workbench.lives.reruns.tallies import Tally
from workbench.machines import Machine, Machines, Match

if TYPE_CHECKING:
    from workbench.events import EventLog


def what_if(
    log: EventLog | Profile,
    machine: Machine | Machines | None = None,
    *,
    instead_of: Machine | Machines | None = None,
    rename: Mapping[str, str] | None = None,
    refused: Refused = "stay",
    drop: Drop = (),
    insert: Sequence[Mapping[str, Any]] = (),
    edit: Mapping[Any, Mapping[str, Any]] | None = None,
    move: Mapping[Any, Instant] | None = None,
    match: Match | None = None,
) -> WhatIf:
    """Return what would have become of every life under another machine, or had some events been others.

    What was recorded is run again; what people would have done instead is not guessed. Each move is asked by the name
    of its transition where the log has one and the machine names its own, else by the states it joins; guards are
    not evaluated, and moves that hang on one are counted. A life begins where it began: a beginning that is not the
    initial state counts as refused, as in `conformance`, and is kept.

    Parameters
    ----------
    log
        A log, a part of one, or a profile of one (which knows neither ids nor times nor events).
    machine
        The new machine, or machines. Left out: history itself, with events changed.
    instead_of
        The old one, to compare with. Left out: history itself, in which nothing was refused.
    rename
        Names of states and transitions that are other names now: {"fulfilled": "shipped"}.
    refused
        "stay": a refused move does not happen, and later ones are asked from the state kept. "follow": history stays
        the truth, and the move is only marked.
    drop
        Events that did not happen: their ids, or a condition on `events` ("actor = '7'").
    insert
        Events that did: dicts of type, aggregate_id, at, and transition or to_state or both; field, where the
        aggregate has two.
    edit
        Event id -> what it says instead: {"436": {"to_state": "confirmed"}}; transition or to_state.
    move
        Event id -> the instant it happened at.
    match
        Type -> name of its machine, where the model does not say it.

    Returns
    -------
    WhatIf
        `.sentence` and `.sentences`; `.counts`; tables `.moves`, `.populations`, `.stranded`, `.lives`,
        `.attributes` (of changed lives) and `.over_time(every)`, with before, after and difference.

    Raises
    ------
    MachineError
        When no machine speaks for the log, or several for one type.
    UnknownNameError, LogError
        For a name, an event or an aggregate that is not there.
    """
    if refused not in ("stay", "follow"):
        raise LogError(f"refused={refused!r} is neither 'stay' nor 'follow'")
    changes = Changes(drop, tuple(insert), edit or {}, move or {})
    new = collected(machine, "machine=")
    if new is None and not changes:
        raise LogError("what if what? Give a machine, or events to drop, insert, edit or move")
    imagined = _imagined(log, changes)
    told = list(_cases(log, imagined))
    spoken = speaking((case.track for case in told), collected(instead_of, "instead_of="), new, match or {})
    names = checked_names(rename or {}, told, spoken.values())
    _checked_inserts(told, spoken)
    tallies = {
        track: Tally(track, Side(pair.old, {}, refused), Side(pair.new, names, refused))
        for track, pair in spoken.items()
    }
    outcomes = tuple(
        Outcome(case, tallies[case.track].run(case.pairs, case.lives)) for case in told if case.track in spoken
    )
    types = {case.track.type for case in told} - {track.type for track in spoken}
    idle = set(new or ()) - {pair.new.name for pair in spoken.values() if pair.new}
    kept = None if isinstance(log, Profile) else log
    return WhatIf(
        spoken, tuple(sorted(types)), tuple(sorted(idle)), tuple(tallies.values()), outcomes, names, imagined, kept
    )


def _imagined(log: EventLog | Profile, changes: Changes) -> tuple[ImaginedLife, ...]:
    if not changes:
        return ()
    if isinstance(log, Profile):
        raise LogError("a profile holds no events to change: ask the log it was made from")
    return tuple(imagined_lives(log, changes))


def _cases(log: EventLog | Profile, imagined: Sequence[ImaginedLife]) -> Iterator[Case]:
    if isinstance(log, Profile):
        return cases(log.variants)
    return cases(sequences(log, [life.life for life in imagined]), [one for life in imagined for one in life.tracks])


def _checked_inserts(told: Sequence[Case], spoken: Mapping[Track, Speaking]) -> None:
    for case in told:
        unled = [step for _, step in case.pairs if step is not None and step.to_state is None]
        if unled and spoken.get(case.track, Speaking(None, None)).new is None:
            raise LogError(
                f"which state {unled[0].transition!r} leads to is a machine's to say: give machine=, or to_state"
            )
