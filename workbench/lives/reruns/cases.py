"""Which distinct lives are to be run, how are those of a log found again, and what came of each?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.lives.reruns.changes import ChangedLife
from workbench.lives.reruns.sequences import Keyed
from workbench.lives.reruns.steps import Track, Variant
from workbench.lives.reruns.tallies import Pair, Run


@dataclass(frozen=True)
class Case:
    """A sequence before and after, how many lives it stands for, and what finds them: a key, or the one life."""

    track: Track
    pairs: tuple[Pair, ...]
    lives: int
    keyed: Keyed | None = None
    one: ChangedLife | None = None

    @property
    def recorded(self) -> str | None:
        """Return the state the records leave the life in."""
        return next((was.to_state for was, _ in reversed(self.pairs) if was is not None), None)


@dataclass(frozen=True)
class Outcome:
    """What came of a case."""

    case: Case
    run: Run

    @property
    def key(self) -> dict[str, Any]:
        """Return what finds the lives of this case in a log."""
        keyed = self.case.keyed
        track = {"type": self.case.track.type, "field": self.case.track.field}
        return track | ({"path": keyed.path, "ways": keyed.ways} if keyed else {})

    def told(self) -> dict[str, Any]:
        """Return where the life parts from what it was, and where it ends up."""
        place, run = self.run.parts_at or 0, self.run
        return {
            "before": run.before[place],
            "after": run.after[place],
            "refused_before": run.refused_before,
            "refused_after": run.refused_after,
            "state_before": run.before[-1],
            "state_after": run.after[-1],
        }

    def changed(self) -> dict[str, Any]:
        """Return the move at which a changed life parts from what it was."""
        place, life = self.run.parts_at or 0, self.case.one
        if life is None:
            return {}
        side = 0 if life.pairs[place][0] is not None else 1
        step, earlier = life.pairs[place][side], [pair[side] for pair in life.pairs[:place] if pair[side] is not None]
        return {
            **self.key,
            "aggregate_id": life.aggregate_id,
            "place": life.places[place],
            "entered_at": life.times[place].isoformat(),
            "transition": step.transition if step else None,
            "from_state": earlier[-1].to_state if earlier and earlier[-1] else None,
            "to_state": step.to_state if step else None,
        }


def cases(sequences: Sequence[Variant] | Sequence[Keyed], changed: Sequence[ChangedLife] = ()) -> Iterator[Case]:
    """Return the cases of unchanged lives, by what they did, and of changed ones, each by itself."""
    for told in sequences:
        variant, keyed = (told.variant, told) if isinstance(told, Keyed) else (told, None)
        yield Case(variant.track, tuple((step, step) for step in variant.steps), variant.lives, keyed=keyed)
    for life in changed:
        yield Case(life.track, life.pairs, 1, one=life)
