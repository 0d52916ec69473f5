"""How are lines of bars, and panels over one time axis, arranged under their findings?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Part, Row
from workbench.figures.theme import Ink, fills, frame, paper
from workbench.figures.words import SECONDS, lines, plain, word

HEADING = 96  # letters a line
NARROW = 840  # pixels; a figure in a notebook is seldom narrower
LINES, _PANEL = 120, 40  # of all panels together, and of one: more would be a wall, not a figure
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_WIDE, _BETWEEN = 1e5, {"6 h", "1 week"}  # longest over shortest where names of ticks would touch, and which give way
_SPREAD = 100  # longest over shortest; beyond it short times would vanish on an even scale
_AROUND = 100  # pixels of a plot that its axis and the edge of its legend take
_HAIR = -1e-6  # where a legend begins: Plotly lets one that begins left of its plot be wider than the plot
_BESIDE, _NAMED = 7.2, 7.0  # pixels a character written beside a bar, and in a legend
TIME = {"type": "date", "hoverformat": "%Y-%m-%d %H:%M UTC"}


def heading(figure: go.Figure, text: str, **where: Any) -> None:
    """Write the finding of one panel above it, on two lines if need be."""
    spot = {"x": 0, "xref": "paper", "xanchor": "left", "showarrow": False, "align": "left"}
    spot |= {"font": {"size": 12}} | where
    figure.add_annotation(text=f"<b>{_written(text)}</b>", **spot)


def _written(text: str) -> str:
    return lines(word(text, 180), HEADING)


def axis_of(number: int) -> str:
    """Return what Plotly appends to the name of the axes of a panel: nothing for the first."""
    return "" if number == 0 else str(number + 1)


class Ledger:
    """A figure of labelled lines, the panels one under the other, each under its finding."""

    def __init__(
        self,
        parts: Sequence[Part],
        said: Sequence[str],
        title: str,
        note: str = "",
        *,
        dark: bool | None,
        **layout: Any,
    ) -> None:
        self._parts, self._dark = parts, dark
        self._heads = [] if len(parts) == 1 else [part.heading(one) for part, one in zip(parts, said, strict=True)]
        self.figure = frame(title if self._heads else said[0], note, dark=dark, height=0, **layout)
        self.labels: list[str] = []
        self._more, self._wide, self._most = "", 0, 0.0

    def __iter__(self) -> Iterator[Part]:
        """Go through the panels, and write above each what is found there."""
        for number, part in enumerate(self._parts):
            if self._heads:
                heading(self.figure, self._heads[number], y=len(self.labels))
                self.labels.append("")
            yield part

    def fit(self, items: Iterable[Any], what: str = "states") -> list[Any]:
        """Return as many items as there is room for in a panel; the lines then say how many more there are."""
        whole = list(items)
        room = max(5, min(_PANEL, LINES // len(self._parts)))
        self._more = f"… and {len(whole) - room:,} more {what}" if len(whole) > room else ""
        return whole[:room]

    def add(self, labels: Iterable[object], width: int = 32) -> list[int]:
        """Append lines with these names and return their places."""
        first = len(self.labels)
        self.labels += [plain(label, width) for label in labels]
        spots = list(range(first, len(self.labels)))
        if self._more:
            self.labels.append(self._more)
            self._more = ""
        return spots

    def bars(
        self, spots: Sequence[int], values: Sequence[float], of: Sequence[Ink], hovers: Sequence[str], **more: Any
    ) -> None:
        """Draw a bar a line."""
        styled = fills(of) if "marker" not in more else {}
        shared: dict[str, Any] = {"orientation": "h", "hoverinfo": "text", "hovertext": hovers, "width": 0.72}
        shared |= {"marker": styled} | more
        self.figure.add_bar(x=values, y=spots, **shared)

    def beside(self, spots: Sequence[int], values: Sequence[float], texts: Sequence[str]) -> None:
        """Write beside each bar what it says."""
        self._wide = max([self._wide, *map(len, texts)])
        self._most = max([self._most, *values])
        self.figure.add_scatter(
            x=values,
            y=spots,
            mode="text",
            text=[f"\u00a0\u00a0\u00a0{text}" for text in texts],
            textposition="middle right",
            textfont={"size": 12, "color": paper(dark=self._dark).text},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )

    def counts(self, title: str) -> dict[str, Any]:
        """Return an axis of whole numbers, from nought."""
        return {"title": title, **whole(self._most)}

    def close(self, row: int = 34, **axis: Any) -> go.Figure:
        """Return the figure, as high as its lines, with the axis of its bars."""
        ticks: dict[str, Any] = {"tickmode": "array", "tickvals": list(range(len(self.labels)))}
        ticks |= {"ticktext": self.labels, "range": [len(self.labels) - 0.4, -0.6], "showgrid": False}
        self.figure.update_yaxes(**ticks)
        foot = 64 if axis.get("visible", True) else 24
        height = self.figure.layout.height + foot + row * len(self.labels)
        right = max(self.figure.layout.margin.r, 24 + round(_BESIDE * self._wide))
        self.figure.update_layout(height=height, margin_r=right, margin_b=foot - 20)
        left = round(_BESIDE * max(map(len, self.labels), default=0))
        return legend_above(self.figure, NARROW - max(left, right)).update_xaxes(**axis)


def legend_above(figure: go.Figure, wide: int) -> go.Figure:
    """Show above a plot which colour is what, in as many rows of this width as it takes; one colour needs no words."""
    named = list(dict.fromkeys(trace.name for trace in figure.data if trace.name and trace.showlegend is not False))
    if len(named) < 2:  # noqa: PLR2004  one colour
        return figure.update_layout(showlegend=False)
    each = [44 + _NAMED * len(unescape(name)) for name in named]
    columns = len(named) if sum(each) <= wide else max(1, int(wide / max(each)))
    more = 22 * -(-len(named) // columns) + 6
    legend = {"orientation": "h", "x": _HAIR, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"}
    figure.update_layout(legend=legend, showlegend=True, margin_t=figure.layout.margin.t + more)
    return figure.update_layout(height=figure.layout.height + more)


def whole(most: float) -> dict[str, Any]:
    """Return an axis from nought for numbers of lives, of which there is no half."""
    return {"rangemode": "tozero", **({"dtick": 1} if most < 6 else {})}  # noqa: PLR2004  few


def tall(least: int, names: int) -> int:
    """Return how high a plot must be so that the names of its legend have room beside it."""
    return max(least, 20 * names + _AROUND)


def duration_axis(seconds: Iterable[float | None], title: str = "time in the state") -> tuple[dict[str, Any], float]:
    """Return an axis for these durations, and how many seconds one of its units has.

    The axis is logarithmic, in seconds with words at its ticks, where the longest would hide the shortest.
    """
    known = [one for one in seconds if one is not None and one > 0] or [1.0]
    if max(known) / min(known) > _SPREAD:
        return {"type": "log", "title": f"{title} (log scale)", **duration_ticks(min(known), max(known))}, 1
    name, size = next((unit for unit in _UNITS if max(known) >= 2 * unit[1]), _UNITS[-1])
    return {"title": f"{title} ({name})", "rangemode": "tozero"}, size


def duration_ticks(least: float, most: float) -> dict[str, Any]:
    """Return the ticks of a logarithmic axis of seconds: a wide one has about one to each power of ten."""
    shown = {name: at for name, at in SECONDS.items() if most / least < _WIDE or name not in _BETWEEN}
    return {"tickmode": "array", "tickvals": [*shown.values()], "ticktext": [*shown], "tickangle": 0}


def band(figure: go.Figure, number: int, parts: int, head: str, **axis: Any) -> float:
    """Place one panel's axes in its band of the figure, its finding above it, and return where the plot begins."""
    name, last = axis_of(number), number == parts - 1
    pixel = 1 / (figure.layout.height - figure.layout.margin.t - figure.layout.margin.b)
    top = 1 - number / parts - (pixel * (12 + 16 * (1 + _written(head).count("<br>"))) if parts > 1 else 0)
    low = 1 - (number + 1) / parts + (0 if last else 12 * pixel)
    figure.update_layout({f"yaxis{name}": {"domain": [max(low, 0.0), top], "anchor": f"x{name}"}})
    shared = {"anchor": f"y{name}", "showticklabels": last, **({"matches": "x"} if number else {})}
    figure.update_layout({f"xaxis{name}": shared | axis | ({} if last else {"title": None})})
    if parts > 1:
        heading(figure, head, y=1 - number / parts, yref="paper", yanchor="top")
    return top


def stacked(ledger: Ledger, spots: Sequence[int], lines: Sequence[Row], pieces: Mapping[str, tuple[str, Ink]]) -> None:
    """Draw bars of pieces that add up: column -> what it counts, and its ink; the legend names each piece once."""
    named = {trace.name for trace in ledger.figure.data}
    for key, (what, ink) in pieces.items():
        numbers = {spot: int(line[key]) for spot, line in zip(spots, lines, strict=True) if line.get(key)}
        if not numbers:
            continue
        hovers = [f"{ledger.labels[spot]}<br>{number:,} {what}" for spot, number in numbers.items()]
        shown = {"name": what, "legendgroup": what, "showlegend": what not in named}
        ledger.bars([*numbers], [*numbers.values()], [ink] * len(numbers), hovers, **shown)
