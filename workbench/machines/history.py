"""What does a log say about one machine? Plain facts: the rules that look at history know no database."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    """Moves of one kind that no transition of the machine allows; `from_state` is None at the beginning of a life."""

    from_state: str | None
    to_state: str
    transition: str | None
    why: str
    moves: int
    aggregates: int
    example: str


@dataclass(frozen=True)
class History:
    """The lives a machine speaks for: how many, what none of them used, and what they did that it does not allow.

    `unvisited` names states; `unused` holds the ordinals of transitions, in the order of the file, and
    `unused_sources` those that are used, with one of their from-states that is not.
    """

    lives: int
    unvisited: tuple[str, ...] = ()
    unused: tuple[int, ...] = ()
    unused_sources: tuple[tuple[int, str], ...] = ()
    refused: tuple[Refused, ...] = ()
