"""Which way through a machine do most lives take?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.machines import Machine


def main_path(machine: Machine, moves: Iterable[dict[str, Any]]) -> list[str]:
    """Return the states from the initial one along the allowed move that most took, to a final state or a dead end.

    Parameters
    ----------
    machine
        The machine; a move it does not allow is never followed.
    moves
        Rows with from_state, to_state and aggregates, as `transition_counts` gives them.
    """
    taken = [
        (row["from_state"], row["to_state"], int(row["aggregates"]))
        for row in moves
        if row["from_state"] is not None and machine.allows(row["from_state"], row["to_state"])
    ]
    path = [machine.initial]
    while path[-1] not in machine.finals:
        onward = [(-many, to) for source, to, many in taken if source == path[-1] and to not in path]
        if not onward:
            break
        path.append(min(onward)[1])
    return [state for state in path if state is not None]
