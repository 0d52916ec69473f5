"""What did lives do, told by the sequences of their moves alone?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Step(NamedTuple):
    """One move as it was recorded: by which transition (None where no name was kept), and into which state.

    `repeats` marks an attribute update that only said the same state again: no machine is asked for it.
    `to_state` is None for a transition that is imagined: where it leads is the machine's to say.
    """

    transition: str | None
    to_state: str | None
    repeats: bool = False


@dataclass(frozen=True, order=True)
class Track:
    """One state field of a type of aggregate."""

    type: str
    aggregate_type: str
    field: str


@dataclass(frozen=True)
class Variant:
    """A sequence of moves, the beginning first, and how many lives took it."""

    track: Track
    steps: tuple[Step, ...]
    lives: int
