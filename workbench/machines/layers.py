"""Where do the vertices of an acyclic graph go, left to right in layers with few crossings?

The usual four steps: longest paths give the layers, an edge over several layers gets a joint in each, sweeps of
medians and swaps of neighbours settle the order (several beginnings are tried), and heights are the weighted least
squares of the neighbours' under the minimal distances.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

Edge = tuple[int, int]

_SWEEPS = 8
_EFFORT = 6000
_MOST_TO_SWAP = 400
_GAP = 16.0
_JOINT_GAP = 9.0
_COLUMN_GAP = 30.0


@dataclass(frozen=True)
class Arrangement:
    """Centres of the vertices, and for each edge the (left, right, y) of each joint on its way."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    joints: tuple[tuple[tuple[float, float, float], ...], ...]


@dataclass
class _Layered:
    """Vertices with joints: the layers, the neighbours to the left and to the right, the chain of each edge."""

    layers: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    chains: list[list[int]]
    real: int


def arrange(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge]) -> Arrangement:
    """Return where each vertex goes.

    Parameters
    ----------
    sizes
        Width and height of each vertex; vertex 0 belongs in the first layer.
    edges
        Pairs of vertices; they form no cycle.
    """
    if not sizes:
        return Arrangement((), (), ())
    graph = _with_joints(_layer_numbers(len(sizes), edges), edges)
    order = _best_order(graph)
    heights = [height for _, height in sizes] + [0.0] * (len(graph.left) - graph.real)
    ys = _heights(graph, order, heights)
    xs, columns = _columns(graph, [width for width, _ in sizes])
    joints = tuple(tuple((*columns[vertex], ys[vertex]) for vertex in chain[1:-1]) for chain in graph.chains)
    return Arrangement(tuple(xs[: graph.real]), tuple(ys[: graph.real]), joints)


def _layer_numbers(count: int, edges: Sequence[Edge]) -> list[int]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for start, end in edges:
        before[end].append(start)
        after[start].append(end)
    numbers = [0] * count
    waiting = [len(sources) for sources in before]
    ready = [vertex for vertex in range(count) if not waiting[vertex]]
    for vertex in ready:
        for end in after[vertex]:
            numbers[end] = max(numbers[end], numbers[vertex] + 1)
            waiting[end] -= 1
            if not waiting[end]:
                ready.append(end)
    for vertex in range(1, count):
        if not before[vertex] and after[vertex]:
            numbers[vertex] = min(numbers[end] for end in after[vertex]) - 1
    return numbers


def _with_joints(numbers: list[int], edges: Sequence[Edge]) -> _Layered:
    layers: list[list[int]] = [[] for _ in range(max(numbers, default=0) + 1)]
    for vertex, number in enumerate(numbers):
        layers[number].append(vertex)
    graph = _Layered(layers, [[] for _ in numbers], [[] for _ in numbers], [], len(numbers))
    for start, end in edges:
        chain = [start]
        for number in range(numbers[start] + 1, numbers[end]):
            joint = len(graph.left)
            graph.left.append([])
            graph.right.append([])
            layers[number].append(joint)
            chain.append(joint)
        chain.append(end)
        for one, other in pairwise(chain):
            graph.right[one].append(other)
            graph.left[other].append(one)
        graph.chains.append(chain)
    return graph


def _best_order(graph: _Layered) -> list[list[int]]:
    links = sum(map(len, graph.right))
    tries = max(1, min(24, _EFFORT // max(1, links * links // 8)))
    best = [list(layer) for layer in graph.layers]
    best_cost = _cost(graph, best)
    for attempt in range(tries):
        order = [list(layer) for layer in graph.layers]
        if attempt:
            chance = Random(attempt)  # noqa: S311  a reproducible beginning, not a secret
            for layer in order:
                chance.shuffle(layer)
        for sweep in range(_SWEEPS):
            _sweep(graph, order, rightwards=sweep % 2 == 0)
            if links < _MOST_TO_SWAP:
                _swap_neighbours(graph, order)
            cost = _cost(graph, order)
            if cost < best_cost:
                best, best_cost = [list(layer) for layer in order], cost
    return best


def _sweep(graph: _Layered, order: list[list[int]], *, rightwards: bool) -> None:
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


def _swap_neighbours(graph: _Layered, order: list[list[int]]) -> None:
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


def _cost(graph: _Layered, order: list[list[int]]) -> tuple[int, float]:
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


def _heights(graph: _Layered, order: list[list[int]], heights: list[float]) -> list[float]:
    ys = [0.0] * len(heights)
    for layer in order:
        for vertex, y in zip(
            layer, _spread(graph, layer, heights, [0.0] * len(layer), [1.0] * len(layer)), strict=True
        ):
            ys[vertex] = y
    for turn in range(24):
        layers = order if turn % 2 == 0 else order[::-1]
        for layer in layers:
            wishes, weights = [], []
            for vertex in layer:
                near = [(n, _weight(graph, vertex, n)) for n in (*graph.left[vertex], *graph.right[vertex])]
                total = sum(weight for _, weight in near)
                wishes.append(sum(ys[n] * weight for n, weight in near) / total if total else ys[vertex])
                weights.append(total or 0.1)
            for vertex, y in zip(layer, _spread(graph, layer, heights, wishes, weights), strict=True):
                ys[vertex] = y
    for _ in range(4):
        _straighten(graph, order, heights, ys)
    top = min(y - height / 2 for y, height in zip(ys, heights, strict=True))
    return [y - top for y in ys]


def _straighten(graph: _Layered, order: list[list[int]], heights: list[float], ys: list[float]) -> None:
    """Give all joints of an edge one height, wherever their neighbours leave room for it."""
    room: dict[int, tuple[int | None, int | None]] = {}
    for layer in order:
        for before, vertex, after in zip([None, *layer[:-1]], layer, [*layer[1:], None], strict=True):
            room[vertex] = (before, after)
    for chain in graph.chains:
        joints = chain[1:-1]
        if not joints:
            continue
        lowest, highest = float("-inf"), float("inf")
        for joint in joints:
            before, after = room[joint]
            if before is not None:
                lowest = max(lowest, ys[before] + _distance(graph, before, joint, heights))
            if after is not None:
                highest = min(highest, ys[after] - _distance(graph, joint, after, heights))
        ends = [ys[end] for end in (chain[0], chain[-1])]
        wish = (sum(ys[joint] for joint in joints) + sum(ends)) / (len(joints) + 2)
        if lowest <= highest:
            for joint in joints:
                ys[joint] = min(max(wish, lowest), highest)


def _distance(graph: _Layered, upper: int, lower: int, heights: list[float]) -> float:
    gap = _GAP if max(upper, lower) < graph.real else _JOINT_GAP
    return (heights[upper] + heights[lower]) / 2 + gap


def _weight(graph: _Layered, one: int, other: int) -> float:
    joints = (one >= graph.real) + (other >= graph.real)
    return (1.0, 2.0, 8.0)[joints]


def _spread(
    graph: _Layered, layer: list[int], heights: list[float], wishes: list[float], weights: list[float]
) -> list[float]:
    """Return the heights nearest to the wishes that keep the order and the distances (pooled adjacent violators)."""
    offsets = [0.0]
    for upper, lower in pairwise(layer):
        offsets.append(offsets[-1] + _distance(graph, upper, lower, heights))
    pools: list[list[float]] = []
    for wish, offset, weight in zip(wishes, offsets, weights, strict=True):
        pools.append([wish - offset, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            mean, much, many = pools.pop()
            total = pools[-1][1] + much
            pools[-1] = [(pools[-1][0] * pools[-1][1] + mean * much) / total, total, pools[-1][2] + many]
    means = [mean for mean, _, many in pools for _ in range(int(many))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _columns(graph: _Layered, widths: list[float]) -> tuple[list[float], list[tuple[float, float]]]:
    xs = [0.0] * len(graph.left)
    columns = [(0.0, 0.0)] * len(graph.left)
    left = 0.0
    for layer in graph.layers:
        width = max((widths[vertex] for vertex in layer if vertex < graph.real), default=0.0)
        for vertex in layer:
            xs[vertex] = left + width / 2
            columns[vertex] = (left, left + width)
        left += width + _COLUMN_GAP
    return xs, columns
