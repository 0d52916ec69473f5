"""What can be kept of a log in a few kilobytes, so that a machine's edit can be judged without it?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cards import amount
from workbench.errors import SourceError
from workbench.lives.reruns.sequences import sequences
from workbench.lives.reruns.steps import Step, Track, Variant
from workbench.writing import write_text

if TYPE_CHECKING:
    from workbench.events import EventLog

FORMAT = 1
_KIND = "workbench-profile"
_BEGINS = re.compile(rf'\s*{{\s*"{_KIND}"'.encode())


@dataclass(frozen=True, repr=False)
class Profile:
    """The sequences of moves that lives took, with counts; no ids, no attributes, no times but the days it spans.

    `diff`, `what_if` and `workbench conform` take it in place of the log it was made from.
    """

    variants: tuple[Variant, ...]
    first_day: date | None = None
    last_day: date | None = None

    @property
    def lives(self) -> int:
        """Return how many lives (a track of them, where they have several) it counts."""
        return sum(variant.lives for variant in self.variants)

    @property
    def moves(self) -> int:
        """Return how many moves these lives made, their beginnings included."""
        return sum(variant.lives * len(variant.steps) for variant in self.variants)

    def write(self, path: str | Path) -> Path:
        """Write the profile as JSON, a variant a line; return the path."""
        write_text(path, "\n".join(_lines(self)) + "\n")
        return Path(path)

    def __repr__(self) -> str:
        days = f", {self.first_day} to {self.last_day}" if self.first_day else ""
        lives = amount(self.lives, "life", "lives")
        return f"<Profile {amount(len(self.variants), 'variant')} of {lives}, {amount(self.moves, 'move')}{days}>"


def profile(log: EventLog) -> Profile:
    """Return the sequences of moves that a log's lives took, with counts and nothing that names anyone.

    Parameters
    ----------
    log
        A log, or a part of one.

    Returns
    -------
    Profile
        `.variants`: type, state field, steps (transition as recorded, state entered), lives. `.first_day` and
        `.last_day` (UTC). `.write(path)` keeps it as JSON.
    """
    first, last = log.sql("SELECT min(effective_at)::DATE, max(effective_at)::DATE FROM events").fetchall()[0]
    # A beginning that was recorded and one that was only spoken of make two sequences of the same steps.
    lives: Counter[tuple[Track, tuple[Step, ...]]] = Counter()
    for one in sequences(log):
        lives[one.variant.track, one.variant.steps] += one.variant.lives
    return Profile(tuple(Variant(track, steps, count) for (track, steps), count in lives.items()), first, last)


def is_profile(path: Path) -> bool:
    """Tell whether a file is a profile, by how it begins."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return _BEGINS.match(file.read(200)) is not None


def read_profile(path: str | Path) -> Profile:
    """Return the profile a file holds.

    Raises
    ------
    SourceError
        When it is none, or of a later format.
    """
    try:
        told = json.loads(Path(path).read_text(encoding="utf-8"))
        if _count(told[_KIND]) > FORMAT:
            raise SourceError(f"{path} is a profile of format {told[_KIND]}: a later workbench wrote it, update yours")
        days = (told["first_day"] and date.fromisoformat(told[end]) for end in ("first_day", "last_day"))
        return Profile(tuple(_variants(told["tracks"])), *days)
    except FileNotFoundError as error:
        raise SourceError(f"no such file: {path}") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise SourceError(f"{path} is not a profile: workbench profile LOG --out FILE writes one") from error


def _lines(told: Profile) -> Iterator[str]:
    """Return the lines of the file: each move once by its number, then each variant by these numbers."""
    days = [day.isoformat() if day else None for day in (told.first_day, told.last_day)]
    yield f'{{"{_KIND}": {FORMAT}, "first_day": {_json(days[0])}, "last_day": {_json(days[1])}, "tracks": ['
    tracks = sorted({variant.track for variant in told.variants})
    for place, track in enumerate(tracks):
        variants = [variant for variant in told.variants if variant.track == track]
        steps = list(dict.fromkeys(step for variant in variants for step in variant.steps))
        number = {step: index for index, step in enumerate(steps)}
        yield f'{{"type": {_json(track.type)}, "aggregate_type": {_json(track.aggregate_type)},'
        yield f' "field": {_json(track.field)}, "moves": {_json([_told(step) for step in steps])}, "variants": ['
        rows = [_json([variant.lives, *(number[step] for step in variant.steps)]) for variant in variants]
        yield ",\n".join(rows)
        yield "]}" + ("," if place + 1 < len(tracks) else "")
    yield "]}"


def _told(step: Step) -> list[Any]:
    return [step.transition, step.to_state, "again"] if step.repeats else [step.transition, step.to_state]


def _variants(tracks: Sequence[Any]) -> Iterator[Variant]:
    for told in tracks:
        track = Track(str(told["type"]), str(told["aggregate_type"]), str(told["field"]))
        steps = [
            Step(None if name is None else str(name), str(state), bool(again)) for name, state, *again in told["moves"]
        ]
        for lives, *numbers in told["variants"]:
            yield Variant(track, tuple(steps[_count(number, least=0)] for number in numbers), _count(lives))


def _count(told: Any, *, least: int = 1) -> int:
    if type(told) is not int or told < least:
        raise ValueError(told)
    return told


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
