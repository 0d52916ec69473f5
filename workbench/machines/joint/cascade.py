"""What does an event set off? Bindings fire first in, first out; a target that is not able to is passed over."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

from workbench.machines.joint.system import Locals, System
from workbench.machines.joint.wiring import Delivery
from workbench.machines.reach import reached

MOST_CONFIGURATIONS = 2_000
MOST_ORDERED = 4
"""Up to so many deliveries of a parallel event are tried in every order; of more, each pair that stands together."""


class Configuration(NamedTuple):
    """Local states, and the events still to be delivered."""

    locals: Locals
    waiting: tuple[str, ...]


class Move(NamedTuple):
    """One event delivered to all who listen: where that leads, what fired, who was passed over."""

    after: Configuration
    labels: tuple[str, ...]
    fired: tuple[Delivery, ...]
    dropped: tuple[Delivery, ...]


@dataclass
class Cascade:
    """Everything an emitted event may lead to.

    `outcomes` maps the local states at the end to what fired on the way; `dropped` the deliveries that found their
    machine unable to, with what had fired before; `endless` tells what fires over and over; `ordered` the events whose
    parallel deliveries end differently in different order, with the two orders.
    """

    outcomes: dict[Locals, tuple[str, ...]] = field(default_factory=dict)
    fired: set[Delivery] = field(default_factory=set)
    dropped: dict[Delivery, tuple[str, ...]] = field(default_factory=dict)
    endless: tuple[str, ...] | None = None
    finished: bool = True
    ordered: dict[str, tuple[str, str]] = field(default_factory=dict)


def cascade(system: System, locals_: Locals, events: tuple[str, ...], *, refusing: bool) -> Cascade:
    """Return what emitted events set off; `refusing` lets conditions and guards of the targets say no."""
    start = Configuration(locals_, events)
    came: dict[Configuration, tuple[str, ...]] = {start: ()}
    onward: dict[Configuration, list[Configuration]] = {}
    found = Cascade()
    branching: list[tuple[str, dict[str, list[Configuration]]]] = []
    queue = deque([start])
    while queue and len(came) <= MOST_CONFIGURATIONS:
        at = queue.popleft()
        if not at.waiting:
            found.outcomes.setdefault(at.locals, came[at])
            continue
        by_order: dict[str, list[Configuration]] = {}
        for order in _orders(system.deliveries(at.waiting[0])):
            for move in _moves(system, at, order, refusing=refusing):
                by_order.setdefault(_said(order), []).append(move.after)
                onward.setdefault(at, []).append(move.after)
                found.fired.update(move.fired)
                for delivery in move.dropped:
                    found.dropped.setdefault(delivery, came[at] + move.labels)
                if move.after not in came:
                    came[move.after] = came[at] + move.labels
                    queue.append(move.after)
        if len(by_order) > 1:
            branching.append((at.waiting[0], by_order))
    found.finished = not queue
    found.endless = _endless(onward, came, unfinished=bool(queue))
    found.ordered = dict(_ordered(branching, onward))
    return found


def _orders(deliveries: tuple[Delivery, ...]) -> Iterator[tuple[Delivery, ...]]:
    yield deliveries
    free = [n for n, delivery in enumerate(deliveries) if delivery.binding.parallel]
    if len(free) <= 1:
        return
    if len(free) <= MOST_ORDERED:
        shuffled: Iterable[tuple[int, ...]] = permutations(free)
    else:
        pairs = [(*free[:n], free[n + 1], free[n], *free[n + 2 :]) for n in range(len(free) - 1)]
        shuffled = [tuple(reversed(free)), *pairs]
    for order in shuffled:
        if list(order) != free:
            moved = dict(zip(free, order, strict=True))
            yield tuple(deliveries[moved.get(n, n)] for n in range(len(deliveries)))


def _said(order: tuple[Delivery, ...]) -> str:
    return ", ".join(f"{delivery.machine} (binding in line {delivery.binding.place.line})" for delivery in order)


def _moves(system: System, at: Configuration, order: tuple[Delivery, ...], *, refusing: bool) -> Iterator[Move]:
    rest = Configuration(at.locals, at.waiting[1:])
    partial = [Move(rest, (), (), ())]
    for delivery in order:
        partial = [after for move in partial for after in _delivered(system, move, delivery, refusing=refusing)]
    yield from partial


def _delivered(system: System, move: Move, delivery: Delivery, *, refusing: bool) -> Iterator[Move]:
    digit = system.place_of[delivery.machine]
    (locals_, waiting), labels, fired, dropped = move
    choices, may_refuse = system.reaction(delivery, locals_[digit])
    for label, target, emitted in choices:
        moved = (*locals_[:digit], target, *locals_[digit + 1 :])
        yield Move(Configuration(moved, waiting + emitted), (*labels, label), (*fired, delivery), dropped)
    if not choices:
        yield move._replace(dropped=(*dropped, delivery))
    elif refusing and may_refuse:
        yield move


def _endless(
    onward: Mapping[Configuration, list[Configuration]],
    came: Mapping[Configuration, tuple[str, ...]],
    *,
    unfinished: bool,
) -> tuple[str, ...] | None:
    """Return what fires on the way round, where a cascade comes back to where it was or grows past all bounds."""
    open_ends = {at: len(set(after)) for at, after in onward.items()}
    back: dict[Configuration, set[Configuration]] = {}
    for at, after in onward.items():
        for one in after:
            back.setdefault(one, set()).add(at)
    ready = [at for at in came if not open_ends.get(at)]
    while ready and not unfinished:
        for before in back.get(ready.pop(), ()):
            open_ends[before] -= 1
            if not open_ends[before]:
                ready.append(before)
    turning = [at for at, count in open_ends.items() if count]
    if unfinished:
        return max(came.values(), key=len)
    return max((came[at] for at in turning), key=len) if turning else None


def _ordered(
    branching: list[tuple[str, dict[str, list[Configuration]]]],
    onward: Mapping[Configuration, list[Configuration]],
) -> Iterator[tuple[str, tuple[str, str]]]:
    for event, by_order in branching:
        ends = {order: _ends(after, onward) for order, after in by_order.items()}
        (first, of_first), *others = ends.items()
        for other, of_other in others:
            if of_other != of_first:
                yield event, (first, other)
                break


def _ends(starts: Iterable[Configuration], onward: Mapping[Configuration, list[Configuration]]) -> set[Locals]:
    return {at.locals for at in reached(onward, starts) if not at.waiting}
