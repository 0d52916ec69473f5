"""How are streams of lives drawn: blocks in columns, each with its name, and what flows between them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from workbench.figures.layouts import NARROW
from workbench.figures.theme import frame, paper
from workbench.figures.words import count, percent, plain

_MOST = 9  # blocks of a column; more of the thinnest are one, so that each has room for its name
_HIGH = 430
_NAME = 17  # pixels from one name to the next
_LETTER = 7.6
_BLOCK = 16

Node = tuple[int, str]  # column, name
Flows = Mapping[tuple[Node, Node], int]


def draw(
    title: str, note: str, flows: Flows, colors: Mapping[Node, str], total: int, *, dark: bool | None
) -> go.Figure:
    """Return the figure of lives that flow from column to column, the largest block of each on top.

    Parameters
    ----------
    flows
        How many lives flow from one node to another.
    colors
        The colour of each node.
    total
        How many lives there are, of which shares are told.
    """
    page = paper(dark=dark)
    flows, folded = _folded(flows)
    size = _sizes(flows)
    nodes = sorted(size, key=lambda node: (node[0], node in folded, -size[node], node))
    place = {node: number for number, node in enumerate(nodes)}
    color = {node: page.faint if node in folded else colors[node] for node in nodes}
    figure = frame(title, note, dark=dark, height=_HIGH)
    first, columns = nodes[0][0], nodes[-1][0] - nodes[0][0] or 1
    high = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    pad, heights = _heights(nodes, size, flows, high)
    letters = _letters([at - first for at, _ in nodes], [high * middle for middle in heights])
    return figure.add_sankey(
        arrangement="fixed",
        node={
            "label": [plain(name, room) for (_, name), room in zip(nodes, letters, strict=True)],
            "color": list(color.values()),
            "x": [0.001 + 0.998 * (at - first) / columns for at, _ in nodes],
            "y": heights,
            "pad": pad,
            "align": "left",
            "thickness": _BLOCK,
            "line": {"width": 0},
            "customdata": [f"{plain(one[1])}<br>{count(size[one])} ({percent(size[one] / total)})" for one in nodes],
            "hovertemplate": "%{customdata}<extra></extra>",
        },
        link={
            "source": [place[source] for source, _ in flows],
            "target": [place[target] for _, target in flows],
            "value": list(flows.values()),
            "color": [_faint(color[target]) for _, target in flows],
            "customdata": [f"{plain(a, 30)} → {plain(b, 30)}" for (_, a), (_, b) in flows],
            "hovertemplate": "%{customdata}<br>%{value:,} lives<extra></extra>",
        },
        textfont={"color": page.text, "size": 13},
    )


def _sizes(flows: Flows) -> Counter[Node]:
    """Return how many lives each node has: those that flow in, or out of it where it is the first."""
    into: Counter[Node] = Counter()
    out: Counter[Node] = Counter()
    for (source, target), lives in flows.items():
        out[source] += lives
        into[target] += lives
    return into | out


def _folded(flows: Flows) -> tuple[Flows, set[Node]]:
    """Return the flows between fewer nodes, the thinnest of a full column as one; and those that stand for several."""
    columns: dict[int, list[Node]] = {}
    for node, _ in sorted(_sizes(flows).items(), key=lambda item: (-item[1], item[0])):
        columns.setdefault(node[0], []).append(node)
    into: dict[Node, Node] = {}
    for at, nodes in columns.items():
        rest = nodes[_MOST - 1 :] if len(nodes) > _MOST else []
        into |= dict.fromkeys(rest, (at, f"{len(rest):,} others"))
    found: Counter[tuple[Node, Node]] = Counter()
    for (source, target), lives in flows.items():
        found[into.get(source, source), into.get(target, target)] += lives
    return found, set(into.values())


def _heights(nodes: Sequence[Node], size: Mapping[Node, int], flows: Flows, high: int) -> tuple[int, list[float]]:
    """Return the gap that Plotly is told to leave, and where the middle of each node lies: with room for its name.

    Plotly makes a life as thick as fits where each node is as far right as its longest way in. Ours may lie further
    right, so the gap it is told grows until they fit as well.
    """
    depth: dict[Node, int] = {}
    for source, target in sorted(flows):
        depth[target] = max(depth.get(target, 0), depth.setdefault(source, 0) + 1)
    theirs, ours = _columns(nodes, size, depth), _columns(nodes, size, {node: node[0] for node in nodes})

    def thick(gap: int) -> float:
        return min((high - gap * (len(column) - 1)) / sum(column) for column in theirs)

    fits = (gap for gap in range(_NAME, high) if all(_height(column, thick(gap)) <= high for column in ours))
    gap = next(fits, _NAME)
    found: list[float] = []
    for column in ours:
        for nth, lives in enumerate(column):
            middle = thick(gap) * (sum(column[:nth]) + lives / 2) + _NAME * nth
            found.append(min(0.999, max(0.001, middle / high)))
    return gap, found


def _columns(nodes: Sequence[Node], size: Mapping[Node, int], at: Mapping[Node, int]) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for node in nodes:
        found.setdefault(at[node], []).append(size[node])
    return list(found.values())


def _height(column: Sequence[int], thick: float) -> float:
    return thick * sum(column) + _NAME * (len(column) - 1)


def _letters(columns: Sequence[int], middles: Sequence[float]) -> list[int]:
    """Return how many letters each name may have: right of its block, but in the last column left of it.

    So names of the last two columns share what is between them, where they are at one height.
    """
    last = max(columns)
    wide = (NARROW - 56 - _BLOCK) / (last or 1) - _BLOCK - 8
    found = []
    for at, middle in zip(columns, middles, strict=True):
        facing = {last - 1: last, last: last - 1}.get(at)
        others = (other for column, other in zip(columns, middles, strict=True) if column == facing)
        shared = any(abs(other - middle) < _NAME for other in others)
        found.append(max(6, min(28, int((wide / 2 - 6 if shared else wide) / _LETTER))))
    return found


def _faint(color: str) -> str:
    red, green, blue = (int(color[spot : spot + 2], 16) for spot in (1, 3, 5)) if len(color) == 7 else (128, 128, 128)  # noqa: PLR2004  #rrggbb
    return f"rgba({red},{green},{blue},0.35)"
