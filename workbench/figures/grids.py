"""How are matrices drawn: a panel a type, one under the other, deeper where there is more?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from workbench.figures.layouts import HEADING, axis_of, heading
from workbench.figures.tables import Part
from workbench.figures.theme import WARNING, frame, legible, mix, paper
from workbench.figures.words import plain

CELLS = 600  # of all panels together
_NUMBERS = 16  # columns; with more of them the cells are too small for a number
_CELL = 34
_LABEL = 22
_LINE = 34
_WIDE = 900  # pixels, about, of a matrix
_LETTER = 7.0

Spot = tuple[str, str]  # line, column


@dataclass(frozen=True)
class Grid:
    """One matrix: its lines and columns, and of a cell its depth (0 to 1), text and hover.

    `refused` cells are hatched; those of them that hold something are outlined too.
    """

    down: Sequence[str]
    across: Sequence[str]
    depth: Mapping[Spot, float]
    text: Mapping[Spot, str]
    hover: Mapping[Spot, str]
    refused: frozenset[Spot] = field(default_factory=frozenset)
    names: Mapping[str, str] = field(default_factory=dict)  # of a line, where it is called otherwise


def side(panels: int) -> int:
    """Return how many lines and columns a square matrix may have when so many panels are drawn."""
    return max(6, int((CELLS / panels) ** 0.5))


def draw(
    parts: Sequence[Part], said: Sequence[str], grids: Sequence[Grid], title: str, note: str, *, dark: bool | None
) -> go.Figure:
    """Draw the matrices one under the other, each under its finding, or one alone under that in place of the title."""
    heads = [part.heading(one) for part, one in zip(parts, said, strict=True)]
    figure = frame(title if len(grids) > 1 else said[0], note, dark=dark, height=0)
    slanted = [_slanted(grid.across) for grid in grids]
    room = [30 + 15 * (len(head) > HEADING) if len(grids) > 1 else 0 for head in heads]
    above = [tall + more for tall, more in zip(slanted, room, strict=True)]
    heights = [_CELL * len(grid.down) + top + 18 for grid, top in zip(grids, above, strict=True)]
    whole = sum(heights)
    top = 1.0
    for number, (grid, head) in enumerate(zip(grids, heads, strict=True)):
        if len(grids) > 1:
            heading(figure, head, y=top, yref="paper", yanchor="top")
        _cells(figure, number, grid, dark=dark)
        low = top - heights[number] / whole
        _place(
            figure,
            number,
            grid,
            (max(low + 18 / whole, 0.0), top - above[number] / whole),
            tall=slanted[number] > _CELL,
        )
        top = low
    return figure.update_layout(height=figure.layout.height + whole, margin_b=8, showlegend=False)


def _slanted(names: Sequence[str]) -> int:
    """Return how many pixels the names of columns need above a matrix."""
    longest = max((min(len(name), _LABEL) for name in names), default=0)
    return 28 if longest * len(names) * _LETTER <= 0.85 * _WIDE else 28 + round(0.68 * _LETTER * longest)


def _cells(figure: go.Figure, number: int, grid: Grid, *, dark: bool | None) -> None:
    page, axis = paper(dark=dark), axis_of(number)
    spots = [[(one, other) for other in grid.across] for one in grid.down]
    where: dict[str, Any] = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showscale": False}
    where |= {"x": list(range(len(grid.across))), "y": list(range(len(grid.down)))}
    if grid.refused:
        # the hatch lies under everything; what is allowed covers it
        figure.add_heatmap(
            z=[[None if spot in grid.refused else 0 for spot in line] for line in spots],
            colorscale=[[0, page.page], [1, page.page]],
            hoverinfo="skip",
            **where,
        )
        _mark(figure, grid, axis, dark=dark)
    figure.add_heatmap(
        # the root lets small numbers be seen beside great ones
        z=[[round(grid.depth[spot] ** 0.5, 3) if spot in grid.depth else None for spot in line] for line in spots],
        zmin=0,
        zmax=1,
        hoverinfo="text",
        hovertext=[[grid.hover.get(spot) for spot in line] for line in spots],
        hoverongaps=False,
        colorscale=page.scale,
        xgap=2,
        ygap=2,
        **where,
    )
    if len(grid.across) <= _NUMBERS:
        _numbers(figure, grid, axis, dark=dark)


def _numbers(figure: go.Figure, grid: Grid, axis: str, *, dark: bool | None) -> None:
    """Write in each cell its number, in the ink that can be read there."""
    (_, low), (_, high) = paper(dark=dark).scale
    written = [spot for spot in grid.depth if grid.text.get(spot)]
    ink = [legible(mix(low, high, grid.depth[spot] ** 0.5)) for spot in written]
    figure.add_scatter(
        x=[grid.across.index(across) for _, across in written],
        y=[grid.down.index(down) for down, _ in written],
        mode="text",
        text=[grid.text[spot] for spot in written],
        textfont={"color": ink, "size": 12},
        hoverinfo="skip",
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
    )


def _mark(figure: go.Figure, grid: Grid, axis: str, *, dark: bool | None) -> None:
    """Hatch the whole under its cells, and outline those that are refused and hold something."""
    where: dict[str, Any] = {"xref": f"x{axis}", "yref": f"y{axis}"}
    wide, high = len(grid.across), len(grid.down)
    steep = _WIDE / wide / _CELL  # one up a cell's width looks as 45 degrees
    every = range(-round(3 * wide * steep), 3 * high + 3)
    path = "".join(_hatch(step / 3, steep, wide, high) for step in every)
    line = {"color": paper(dark=dark).hatch, "width": 1}
    figure.add_shape(type="path", path=path, line=line, layer="below", **where)
    for down, one in enumerate(grid.down):
        for across, other in enumerate(grid.across):
            if (one, other) in grid.refused and (one, other) in grid.depth:
                corners = {"x0": across - 0.46, "x1": across + 0.46, "y0": down - 0.46, "y1": down + 0.46}
                figure.add_shape(type="rect", line={"color": WARNING, "width": 2.5}, **corners, **where)


def _hatch(rise: float, steep: float, wide: int, high: int) -> str:
    """Return one slanting line, cut to the matrix: from its left edge, `rise` lines below the top, so steep down."""
    start, end = max(0.0, -rise / steep), min(float(wide), (high - rise) / steep)
    if start >= end:
        return ""
    return f"M{start - 0.5:.3g},{steep * start + rise - 0.5:.3g}L{end - 0.5:.3g},{steep * end + rise - 0.5:.3g}"


def _place(figure: go.Figure, number: int, grid: Grid, domain: tuple[float, float], *, tall: bool) -> None:
    axis = axis_of(number)
    lines: dict[str, Any]
    columns: dict[str, Any]
    lines, columns = (
        {"tickvals": list(range(len(names))), "ticktext": [plain(grid.names.get(name, name), most) for name in names]}
        for names, most in ((grid.down, _LINE), (grid.across, _LABEL))
    )
    across: dict[str, Any] = {"side": "top", "anchor": f"y{axis}", "domain": [0, 1]}
    across |= {"range": [-0.5, len(grid.across) - 0.5], "tickangle": -40 if tall else 0}
    down: dict[str, Any] = {"range": [len(grid.down) - 0.5, -0.5], "anchor": f"x{axis}", "domain": list(domain)}
    plainly = {"tickmode": "array", "showgrid": False}
    figure.update_layout({f"xaxis{axis}": columns | across | plainly, f"yaxis{axis}": lines | down | plainly})
