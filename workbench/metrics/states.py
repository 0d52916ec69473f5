"""Which type and state field do the states that a question names belong to?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.errors import LogError, UnknownNameError

if TYPE_CHECKING:
    from workbench.events import EventLog


def one_track(log: EventLog, states: Sequence[str], said: str = "") -> tuple[str, str]:
    """Return the one type and state field that has the states; `said` is a way out where they are of several fields.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest.
    LogError
        When they belong to several types or state fields.
    """
    rows = log.sql(
        "SELECT DISTINCT l.type, l.field, unnest(v.states) "
        "FROM (SELECT DISTINCT type, field, path FROM lives) AS l JOIN variants AS v ON v.path = l.path"
    ).fetchall()
    for state in states:
        if state not in {known for _, _, known in rows}:
            raise UnknownNameError.of("state", state, {known for _, _, known in rows}, where="this log")
    having = Counter((of_type, field) for of_type, field, state in rows if state in states)
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
