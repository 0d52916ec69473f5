"""Which transition of the new version is which of the old one?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass

from workbench.machines.model import Transition

_Key = Callable[[Transition], Hashable | None]


@dataclass(frozen=True)
class Matches:
    """Transitions that are the same one in both versions, and those only one of them has, each in file order."""

    both: tuple[tuple[Transition, Transition], ...]
    removed: tuple[Transition, ...]
    added: tuple[Transition, ...]


def matched(old: Sequence[Transition], new: Sequence[Transition]) -> Matches:
    """Return which transitions are the same in both versions: those most alike are paired first.

    Alike in everything; then in name and ends; then in name and one end; then in name. What has no partner yet is
    paired by its ends, whatever its name; and one without a name by its from-states, guard and actions.
    """
    left, right = dict(enumerate(old)), dict(enumerate(new))
    found: list[tuple[int, int]] = []
    for key in _KEYS:
        for one, other in list(_alike(left, right, key)):
            found.append((one, other))
            del left[one], right[other]
    both = tuple((old[one], new[other]) for one, other in sorted(found, key=lambda pair: pair[::-1]))
    return Matches(both, tuple(left.values()), tuple(right.values()))


def _alike(left: dict[int, Transition], right: dict[int, Transition], key: _Key) -> Iterator[tuple[int, int]]:
    waiting: dict[Hashable, list[int]] = {}
    for ordinal, transition in right.items():
        waiting.setdefault(key(transition), []).append(ordinal)
    for ordinal, transition in left.items():
        told = key(transition)
        if told is not None and waiting.get(told):
            yield ordinal, waiting[told].pop(0)


def _begins(transition: Transition) -> frozenset[str]:
    return frozenset(transition.from_states)


def _does(transition: Transition) -> Hashable:
    return (transition.guard, transition.actions)


def _named(key: _Key) -> _Key:
    return lambda transition: None if transition.name is None else (transition.name, key(transition))


_KEYS: tuple[_Key, ...] = (
    lambda t: (t.name, _begins(t), t.to_state, _does(t)),
    lambda t: (t.name, _begins(t), t.to_state),
    _named(lambda t: t.to_state),
    _named(_begins),
    _named(lambda _: ()),
    lambda t: (_begins(t), t.to_state),
    lambda t: None if t.name is not None or _does(t) == (None, ()) else (_begins(t), _does(t)),
)
