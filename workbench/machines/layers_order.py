"""In which order do the vertices of each layer stand, so that few edges cross?

Several beginnings are tried: the order as given, orders from fast-sugiyama where it is installed, and shuffled ones;
sweeps of medians and swaps of neighbours settle each.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from workbench.machines.layers_sugiyama import orders_of_sugiyama

_SWEEPS = 8
_EFFORT = 6000
_MOST_TO_SWAP = 400


@dataclass
class Layered:
    """Vertices with joints: the layers, the neighbours to the left and to the right, the chain of each edge."""

    layers: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    chains: list[list[int]]
    real: int


def best_order(graph: Layered, tries: int = 24) -> tuple[list[list[int]], int]:
    """Return the best order found of the vertices of each layer, and how many edges cross in it.

    At most `tries` beginnings are settled, fewer where the graph is large: the number follows from its size, never
    from the clock, so that every computer draws the same.
    """
    links = sum(map(len, graph.right))
    most = max(1, min(tries, _EFFORT // max(1, links * links // 8)))
    best = [list(layer) for layer in graph.layers]
    best_cost = _cost(graph, best)
    for order in _beginnings(graph, most):
        for sweep in range(_SWEEPS):
            _sweep(graph, order, rightwards=sweep % 2 == 0)
            if links < _MOST_TO_SWAP:
                _swap_neighbours(graph, order)
            cost = _cost(graph, order)
            if cost < best_cost:
                best, best_cost = [list(layer) for layer in order], cost
    return best, best_cost[0]


def _beginnings(graph: Layered, most: int) -> Iterator[list[list[int]]]:
    yield [list(layer) for layer in graph.layers]
    given = 1
    for order in orders_of_sugiyama(graph.layers, graph.right, most // 4):
        given += 1
        yield order
    for attempt in range(given, most):
        order = [list(layer) for layer in graph.layers]
        chance = Random(attempt)  # noqa: S311  a reproducible beginning, not a secret
        for layer in order:
            chance.shuffle(layer)
        yield order


def _sweep(graph: Layered, order: list[list[int]], *, rightwards: bool) -> None:
    indexes = range(1, len(order)) if rightwards else range(len(order) - 2, -1, -1)
    neighbours = graph.left if rightwards else graph.right
    for index in indexes:
        fixed = {vertex: place for place, vertex in enumerate(order[index - 1 if rightwards else index + 1])}
        now = {vertex: place for place, vertex in enumerate(order[index])}
        wish = {v: _median([fixed[n] for n in neighbours[v]], now[v]) for v in order[index]}
        order[index].sort(key=lambda vertex: (wish[vertex], now[vertex]))


def _median(places: list[int], otherwise: float) -> float:
    if not places:
        return otherwise
    places.sort()
    middle = len(places) // 2
    return float(places[middle]) if len(places) % 2 else (places[middle - 1] + places[middle]) / 2


def _swap_neighbours(graph: Layered, order: list[list[int]]) -> None:
    for index, layer in enumerate(order):
        beside = [(graph.left, order[index - 1] if index else [])]
        beside.append((graph.right, order[index + 1] if index + 1 < len(order) else []))
        places = [(links, {vertex: place for place, vertex in enumerate(fixed)}) for links, fixed in beside]
        for _ in range(3):
            swapped = False
            for place in range(len(layer) - 1):
                upper, lower = layer[place], layer[place + 1]
                gain = 0
                for links, fixed in places:
                    above = [fixed[n] for n in links[upper]]
                    below = [fixed[n] for n in links[lower]]
                    gain += sum((a > b) - (a < b) for a in above for b in below)
                if gain > 0:
                    layer[place], layer[place + 1] = lower, upper
                    swapped = True
            if not swapped:
                break


def _cost(graph: Layered, order: list[list[int]]) -> tuple[int, float]:
    crossings, length = 0, 0.0
    for index in range(len(order) - 1):
        place = {vertex: at for at, vertex in enumerate(order[index + 1])}
        seen: list[int] = []
        middle = (len(order[index + 1]) - len(order[index])) / 2
        for at, vertex in enumerate(order[index]):
            ends = sorted(place[end] for end in graph.right[vertex])
            crossings += sum(len(seen) - bisect_right(seen, end) for end in ends)
            length += sum(abs(end - at - middle) for end in ends)
            for end in ends:
                insort(seen, end)
    return crossings, length
