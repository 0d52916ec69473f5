"""How are lines of bars, and panels over one time axis, arranged under their findings?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Part, Row
from workbench.figures.theme import Ink, fills, frame, paper
from workbench.figures.words import SECONDS, lines, plain, word

GAP = {"ticks": "outside", "ticklen": 6, "tickcolor": "rgba(0,0,0,0)"}  # between a label and its bar
HEADING = 96  # letters a line
LINES = 120  # of all panels together
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_SPREAD = 100  # longest over shortest; beyond it short times would vanish on an even scale
_BESIDE = 7.2  # pixels a character written beside a bar
TIME = {"type": "date", "hoverformat": "%Y-%m-%d %H:%M UTC"}


def heading(figure: go.Figure, text: str, **where: Any) -> None:
    """Write the finding of one panel above it, on two lines if need be."""
    spot = {"x": 0, "xref": "paper", "xanchor": "left", "showarrow": False, "align": "left"}
    spot |= {"font": {"size": 12}} | where
    figure.add_annotation(text=f"<b>{lines(word(text, 180), HEADING)}</b>", **spot)


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
        room = max(5, LINES // len(self._parts))
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

    def _legend(self, wide: int) -> None:
        """Show above the lines which colour is what, in as many rows as a plot of this width needs."""
        named = list(dict.fromkeys(trace.name for trace in self.figure.data if trace.name))
        if len(named) < 2:  # noqa: PLR2004  one colour needs no words
            self.figure.update_layout(showlegend=False)
            return
        one = 50 + _BESIDE * max(len(unescape(name)) for name in named)
        more = 22 * -(-len(named) // max(1, int(wide / one))) + 4
        legend = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"}
        self.figure.update_layout(legend=legend, showlegend=True, margin_t=self.figure.layout.margin.t + more)
        self.figure.update_layout(height=self.figure.layout.height + more)

    def counts(self, title: str) -> dict[str, Any]:
        """Return an axis of whole numbers, from nought."""
        return {"title": title, "rangemode": "tozero", **({"dtick": 1} if self._most < 6 else {})}  # noqa: PLR2004  few

    def close(self, row: int = 34, **axis: Any) -> go.Figure:
        """Return the figure, as high as its lines, with the axis of its bars."""
        ticks: dict[str, Any] = {"tickmode": "array", "tickvals": list(range(len(self.labels)))}
        ticks |= {"ticktext": self.labels, "range": [len(self.labels) - 0.4, -0.6], "showgrid": False}
        self.figure.update_yaxes(**ticks, **GAP)
        height = self.figure.layout.height + 64 + row * len(self.labels)
        right = max(self.figure.layout.margin.r, 24 + round(_BESIDE * self._wide))
        self.figure.update_layout(height=height, margin_r=right)
        self._legend(920 - right - round(_BESIDE * max(map(len, self.labels), default=0)))
        return self.figure.update_xaxes(**axis)


def duration_axis(seconds: Iterable[float | None], title: str = "time in the state") -> tuple[dict[str, Any], float]:
    """Return an axis for these durations, and how many seconds one of its units has.

    The axis is logarithmic, in seconds with words at its ticks, where the longest would hide the shortest.
    """
    known = [one for one in seconds if one is not None and one > 0] or [1.0]
    if max(known) / min(known) > _SPREAD:
        ticks = {"tickmode": "array", "tickvals": list(SECONDS.values()), "ticktext": list(SECONDS)}
        return {"type": "log", "title": f"{title} (log scale)", **ticks}, 1
    name, size = next((unit for unit in _UNITS if max(known) >= 2 * unit[1]), _UNITS[-1])
    return {"title": f"{title} ({name})", "rangemode": "tozero"}, size


def band(figure: go.Figure, number: int, parts: int, head: str, **axis: Any) -> None:
    """Place one panel's axes in its band of the figure, the first on top, its finding above it."""
    edges = [1 - row / parts for row in range(parts + 1)]
    top, bottom = list(pairwise(edges))[number]
    name, height = axis_of(number), top - bottom
    domain = [bottom + 0.07 * height, top - 0.16 * height] if parts > 1 else [0, 1]
    figure.update_layout({f"yaxis{name}": {"domain": domain, "anchor": f"x{name}"}})
    last = number == parts - 1
    shared = {"anchor": f"y{name}", "showticklabels": last, **({"matches": "x"} if number else {})}
    figure.update_layout({f"xaxis{name}": shared | axis | ({} if last else {"title": None})})
    if parts > 1:
        heading(figure, head, y=top, yref="paper", yanchor="top")


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
