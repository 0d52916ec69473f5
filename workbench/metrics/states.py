"""Which type and state field do the states that a question names belong to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LogError, UnknownNameError

if TYPE_CHECKING:
    from workbench.events import EventLog


class Track(NamedTuple):
    """One state field of a type."""

    aggregate_type: str
    type: str
    field: str


def states_known(log: EventLog) -> list[tuple[Track, str]]:
    """Return each state that a life was ever in, with its track."""
    rows = log.sql(
        "SELECT DISTINCT l.aggregate_type, l.type, l.field, unnest(v.states) AS state "
        "FROM (SELECT DISTINCT aggregate_type, type, field, path FROM lives) AS l JOIN variants AS v USING (path) "
        "ORDER BY ALL"
    ).fetchall()
    return [(Track(*row[:3]), row[3]) for row in rows]


def one_track(log: EventLog, states: Sequence[str], said: str = "") -> tuple[str, str]:
    """Return the one type and state field that has the states; `said` is a way out where they are of several fields.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest.
    LogError
        When they belong to several types or state fields.
    """
    known = states_known(log)
    for state in states:
        if state not in {name for _, name in known}:
            raise UnknownNameError.of("state", state, {name for _, name in known}, where="this log")
    having = Counter((track.type, track.field) for track, state in known if state in states)
    told = ", ".join(dict.fromkeys(states))
    types = sorted({of_type for of_type, _ in having})
    best = max(sorted(having), key=lambda track: having[track])
    if len(types) > 1:
        raise LogError(
            f"the states {told} belong to several types ({', '.join(types)}): "
            f'ask one of them, such as log.of("{best[0]}")'
        )
    if having[best] < len(set(states)) or len(having) > 1:
        fields = ", ".join(sorted(field for _, field in having))
        hint = f": {said.format(best[1], states[0])}" if said else ""
        raise LogError(f"the states {told} belong to several state fields of {types[0]} ({fields}){hint}")
    return best
