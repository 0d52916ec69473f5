"""Where do the vertices of an acyclic graph go, left to right in layers with few crossings?

The usual four steps: longest paths give the layers, an edge over several layers gets a joint in each, sweeps of
medians and swaps of neighbours settle the order (several beginnings are tried), and heights are the weighted least
squares of the neighbours' under the minimal distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.machines.layers_order import Layered, best_order

Edge = tuple[int, int]

_GAP = 16.0
_JOINT_GAP = 9.0
_COLUMN_GAP = 30.0


@dataclass(frozen=True)
class Arrangement:
    """Centres of the vertices, and for each edge the (left, right, y) of each joint on its way."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    joints: tuple[tuple[tuple[float, float, float], ...], ...]
    crossings: int = 0


def arrange(sizes: Sequence[tuple[float, float]], edges: Sequence[Edge], *, tries: int = 24) -> Arrangement:
    """Return where each vertex goes.

    Parameters
    ----------
    sizes
        Width and height of each vertex; vertex 0 belongs in the first layer.
    edges
        Pairs of vertices; they form no cycle.
    tries
        How many orders of the layers to begin from, at most.
    """
    if not sizes:
        return Arrangement((), (), ())
    graph = _with_joints(_layer_numbers(len(sizes), edges), edges)
    order, crossings = best_order(graph, tries)
    heights = [height for _, height in sizes] + [0.0] * (len(graph.left) - graph.real)
    ys = _heights(graph, order, heights)
    xs, columns = _columns(graph, [width for width, _ in sizes])
    joints = tuple(tuple((*columns[vertex], ys[vertex]) for vertex in chain[1:-1]) for chain in graph.chains)
    return Arrangement(tuple(xs[: graph.real]), tuple(ys[: graph.real]), joints, crossings)


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


def _with_joints(numbers: list[int], edges: Sequence[Edge]) -> Layered:
    layers: list[list[int]] = [[] for _ in range(max(numbers, default=0) + 1)]
    for vertex, number in enumerate(numbers):
        layers[number].append(vertex)
    graph = Layered(layers, [[] for _ in numbers], [[] for _ in numbers], [], len(numbers))
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


def _heights(graph: Layered, order: list[list[int]], heights: list[float]) -> list[float]:
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


def _straighten(graph: Layered, order: list[list[int]], heights: list[float], ys: list[float]) -> None:
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


def _distance(graph: Layered, upper: int, lower: int, heights: list[float]) -> float:
    gap = _GAP if max(upper, lower) < graph.real else _JOINT_GAP
    return (heights[upper] + heights[lower]) / 2 + gap


def _weight(graph: Layered, one: int, other: int) -> float:
    joints = (one >= graph.real) + (other >= graph.real)
    return (1.0, 2.0, 8.0)[joints]


def _spread(
    graph: Layered, layer: list[int], heights: list[float], wishes: list[float], weights: list[float]
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


def _columns(graph: Layered, widths: list[float]) -> tuple[list[float], list[tuple[float, float]]]:
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
