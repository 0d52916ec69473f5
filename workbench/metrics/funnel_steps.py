"""Which states do the steps of a funnel mean: of one aggregate, or of several that are linked?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError, UnknownNameError
from workbench.metrics.states import Track, one_track, states_known

if TYPE_CHECKING:
    from workbench.events import EventLog


@dataclass(frozen=True)
class Steps:
    """The steps of a funnel: states of one track in a log, or of several, whose names then tell the track."""

    log: EventLog
    states: list[str]
    field: str | None = None  # the one chosen by name
    tracks: list[dict[str, Any]] | None = None  # where they are several, that of the first step first


def steps_of(log: EventLog, named: Sequence[str]) -> Steps:
    """Return what the steps of a funnel mean in a log; a text that is a state as it stands is no more than that.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest.
    LogError
        When a step may be of several types or state fields, or nothing links the aggregates of several.
    """
    if isinstance(named, str) or not named:
        raise LogError(f"a funnel needs a list of states such as ['pending', 'paid'], not {named!r}")
    steps = [str(step) for step in named]
    known = states_known(log)
    plain: dict[str, set[Track]] = {}
    for track, state in known:
        plain.setdefault(state, set()).add(track)
    if all(step in plain for step in steps) or not any(":" in step for step in steps):
        one_track(log, steps, said="a step may say which, such as '{0}:{1}'")
        return Steps(log, steps)
    chosen = _chosen(steps, plain, _spelled(known))
    tracks = list(dict.fromkeys(track for track, _ in chosen))
    if len(tracks) == 1:
        return Steps(log.of(tracks[0].aggregate_type), [state for _, state in chosen], tracks[0].field)
    _check_linked(log, tracks)
    names = _names(tracks)
    told = [
        {"aggregate_type": track.aggregate_type, "field": track.field, "name": names[track], "home": track == tracks[0]}
        for track in tracks
    ]
    return Steps(log, [f"{names[track]}:{state}" for track, state in chosen], tracks=told)


def _spelled(known: Sequence[tuple[Track, str]]) -> dict[str, set[tuple[Track, str]]]:
    """Return every way to write a state with its type, its field or both before it."""
    found: dict[str, set[tuple[Track, str]]] = {}
    for track, state in known:
        for prefix in _prefixes(track):
            found.setdefault(f"{prefix}:{state}", set()).add((track, state))
    return found


def _prefixes(track: Track) -> Iterator[str]:
    for of_type in (track.type, track.aggregate_type):
        yield of_type
        yield f"{of_type}.{track.field}"
    yield track.field


def _chosen(
    steps: Sequence[str], plain: dict[str, set[Track]], spelled: dict[str, set[tuple[Track, str]]]
) -> list[tuple[Track, str]]:
    """Return the track and the state of each step; one of several tracks is that of another step, if of just one."""
    meant = []
    for step in steps:
        found = {(track, step) for track in plain.get(step, ())} or spelled.get(step)
        if not found:
            raise UnknownNameError.of("state", step, [*plain, *spelled], where="this log")
        meant.append(found)
    sure = {track for found in meant if len(found) == 1 for track, _ in found}
    chosen = []
    for step, found in zip(steps, meant, strict=True):
        near = found if len(found) == 1 else {one for one in found if one[0] in sure}
        if len(near) != 1:
            ways = " or ".join(f"'{track.type}.{track.field}:{state}'" for track, state in sorted(near or found))
            raise LogError(f"the step {step!r} may be of several aggregates or fields: write {ways}")
        chosen.append(next(iter(near)))
    return chosen


def _names(tracks: Sequence[Track]) -> dict[Track, str]:
    """Return how each track is told: by its type, and its field where the type has two among them."""
    types = [track.type for track in tracks]
    return {track: track.type if types.count(track.type) == 1 else f"{track.type}.{track.field}" for track in tracks}


def _check_linked(log: EventLog, tracks: Sequence[Track]) -> None:
    types = list(dict.fromkeys(track.type for track in tracks))
    query = "SELECT 1 FROM events WHERE links IS NOT NULL OR correlation_id IS NOT NULL LIMIT 1"
    if len(types) > 1 and not log.sql(query).fetchall():
        raise LogError(
            f"nothing links {' and '.join(types)} in this log: no event names another aggregate (`links:` in a mapping "
            "says where it does), and none has a correlation id"
        )
