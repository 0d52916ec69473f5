"""What becomes of lives under two sides, step by step, and how often?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from workbench.lives.reruns.sides import Answer, Side
from workbench.lives.reruns.steps import Step, Track

# What a life did before and what it does after: the same step twice, or only one of them where events were changed.
Pair = tuple[Step | None, Step | None]


class Moved(NamedTuple):
    """A recorded move: by which transition, from which state (None at the beginning), into which."""

    transition: str | None
    from_state: str | None
    to_state: str | None


@dataclass(frozen=True)
class Run:
    """One sequence under both sides: the states after each pair of steps, refusals, and where the two part first.

    States are told by the names they have in the new machine, `before` too.
    """

    before: tuple[str | None, ...]
    after: tuple[str | None, ...]
    refused_before: int
    refused_after: int
    parts_at: int | None


@dataclass
class Tally:
    """How often each move was asked of a track's two sides, and what they said."""

    track: Track
    old: Side
    new: Side
    moves: dict[Moved, Counter[str]] = field(default_factory=dict)

    def run(self, pairs: Sequence[Pair], lives: int) -> Run:
        """Run a sequence that so many lives took, and count it."""
        one, other = _Told(self.old), _Told(self.new)
        seen: set[Moved] = set()
        parts_at = None
        for place, (was, now) in enumerate(pairs):
            moved = one.moved(was) or other.moved(now)
            answers = one.take(was), other.take(now)
            if moved is not None:
                self._count(moved, *answers, lives=lives, aggregates=0 if moved in seen else lives)
                seen.add(moved)
            if parts_at is None and (
                _is_no(answers[0]) != _is_no(answers[1]) or self.new.called(one.state) != other.state
            ):
                parts_at = place
        before = tuple(self.new.called(state) for state in one.states)
        return Run(before, tuple(other.states), one.refused, other.refused, parts_at)

    def total(self, what: str) -> int:
        """Return a count over all moves."""
        return sum(counts[what] for counts in self.moves.values())

    def _count(self, moved: Moved, one: Answer | None, other: Answer | None, *, lives: int, aggregates: int) -> None:
        counts = self.moves.setdefault(moved, Counter())
        counts["aggregates"] += aggregates
        for side, answer in (("before", one), ("after", other)):
            counts[side] += lives if answer else 0
            counts[f"refused_{side}"] += lives if _is_no(answer) else 0
        counts["newly_refused"] += lives if one and one.allowed and _is_no(other) else 0
        if other:
            counts["newly_allowed"] += lives if other.allowed and _is_no(one) else 0
            counts["elsewhere"] += lives if other.elsewhere else 0
            counts["guarded"] += lives if other.guarded else 0


class _Told:
    """One life on one side: where it is, and what the records said of it so far."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.state: str | None = None
        self.states: list[str | None] = []
        self.said: str | None = None
        self.refused = 0

    def moved(self, step: Step | None) -> Moved | None:
        return None if step is None else Moved(step.transition, self.said, step.to_state)

    def take(self, step: Step | None) -> Answer | None:
        answer = None
        if step is not None:
            answer = self.side.answer(self.state, step)
            self.state = answer.state
            self.said = step.to_state
            self.refused += not answer.allowed
        self.states.append(self.state)
        return answer


def _is_no(answer: Answer | None) -> bool:
    return answer is not None and not answer.allowed
