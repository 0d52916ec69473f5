"""Which orders does fast-sugiyama give the vertices of layers, where it is installed?

It is given the joints as vertices and whole numbers as names: with texts its answer changes from process to process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

_MOST_LINKS = 700


def orders_of_sugiyama(
    layers: Sequence[Sequence[int]], right: Sequence[Sequence[int]], tries: int
) -> Iterator[list[list[int]]]:
    """Yield up to `tries` orders of the layers; none without fast-sugiyama, or where one try would take long."""
    from_edges = _engine()
    edges = [(start, end) for start, ends in enumerate(right) for end in ends]
    if from_edges is None or not edges or len(edges) > _MOST_LINKS:
        return
    for attempt in range(tries):
        if attempt:
            Random(attempt).shuffle(edges)  # noqa: S311  a reproducible beginning, not a secret
        places: dict[int, float] = {}
        for positions, *_ in sorted(_laid_out(from_edges, edges), key=lambda part: min(part[0])[0]):
            beside = max(places.values(), default=0.0) + 1
            lowest = min(x for _, (x, _) in positions)
            places.update({vertex: x - lowest + beside for vertex, (x, _) in positions})
        yield [sorted(layer, key=lambda vertex: (places.get(vertex, 0.0), vertex)) for layer in layers]


def _laid_out(from_edges: Any, edges: list[tuple[int, int]]) -> Any:
    return from_edges(
        edges,
        minimum_length=0,
        vertex_spacing=10,
        dummy_vertices=False,
        ranking_type="minimize",
        crossing_minimization="median",
        transpose=True,
        check_layout=False,
    )


@cache
def _engine() -> Any:
    try:
        from fast_sugiyama import from_edges
    except ImportError:
        return None
    return from_edges
