"""Which sequences of moves are in a log, and which life took which?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.lives.reruns.steps import Step, Track, Variant
from workbench.sql import render, text

if TYPE_CHECKING:
    from workbench.events import EventLog


@dataclass(frozen=True)
class Keyed:
    """A variant, and what its lives are found by in the log: path, the sequence of states, and ways, the transitions.

    Lives rather than variants are compared in SQL by these two numbers; the same variant may have several.
    """

    variant: Variant
    path: int
    ways: int


def sequences(log: EventLog, changed: Iterable[int] = ()) -> list[Keyed]:
    """Return every distinct sequence of moves in a log; the lives in `changed` are left out."""
    rows = log.sql(f"{keyed(changed)} SELECT * FROM ({text('reruns/sequences')}\n)").fetchall()
    return [
        Keyed(Variant(Track(of_type, full, field), tuple(map(Step, transitions, states, repeats)), lives), path, ways)
        for of_type, full, field, path, ways, lives, transitions, states, repeats in rows
    ]


def keyed(changed: Iterable[int] = ()) -> str:
    """Return the beginning of a query, with `keyed`: one row a life (a track of it) and the sequence it took."""
    lives = render(text("reruns/keyed"), changed=json.dumps(list(changed)))
    return f"WITH repeated AS ({text('reruns/repeated')}\n), keyed AS ({lives}\n)"
