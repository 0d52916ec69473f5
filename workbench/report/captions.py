"""How does a figure say its finding in the page's own text, which wraps, prints and can be found and read aloud?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.figures.words import glued

if TYPE_CHECKING:
    import plotly.graph_objects as go

_TOP = 20  # pixels above a figure without a title


class Told(NamedTuple):
    """What a figure says in words: its finding, and a note about it."""

    title: str
    note: str


def told(figure: go.Figure) -> Told:
    """Return the words above a figure, as plain text in which no number is parted from its unit."""
    head = figure.layout.title
    return Told(*(glued(unescape((text or "").replace("<br>", " "))) for text in (head.text, head.subtitle.text)))


def height(figure: go.Figure) -> int:
    """Return how high a figure is without the words above it."""
    return int(figure.layout.height) - _spared(figure)


def drawn(pairs: Iterable[tuple[go.Figure, go.Figure]]) -> str:
    """Return figures as JSON for a script, each once in the light, with what is different in the dark.

    `templates` holds what many figures share; `figures` each figure's data and layout, and its `dark` differences.
    """
    templates: dict[str, int] = {}
    figures = []
    for pair in pairs:
        bare, night = map(_bare, pair)
        for one in (bare, night):
            shared = json.dumps(one["layout"].pop("template", {}), sort_keys=True)
            one["layout"]["template"] = templates.setdefault(shared, len(templates))
        dark = {
            "data": _differences(bare["data"], night["data"]),
            "layout": _differing(bare["layout"], night["layout"]),
        }
        figures.append({"data": bare["data"], "layout": bare["layout"], "dark": dark})
    return json.dumps({"templates": [json.loads(one) for one in templates], "figures": figures}, separators=(",", ":"))


def _bare(figure: go.Figure) -> dict[str, Any]:
    """Return a figure as plain data, without the words above it and the room they took."""
    bare: dict[str, Any] = json.loads(figure.to_json())
    layout, spared = bare["layout"], _spared(figure)
    del layout["title"], layout["meta"]
    layout["margin"]["t"] -= spared
    layout["height"] -= spared
    return bare


def _spared(figure: go.Figure) -> int:
    """Return how much room the words above a figure took."""
    return max(min(int(figure.layout.meta["head"]), int(figure.layout.margin.t)) - _TOP, 0)


def _differences(light: list[dict[str, Any]], dark: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(light) != len(dark):
        return dark
    return [_differing(one, other) for one, other in zip(light, dark, strict=True)]


def _differing(light: dict[str, Any], dark: dict[str, Any]) -> dict[str, Any]:
    """Return what the dark one has otherwise; what it lacks is null."""
    return {key: dark.get(key) for key in {**light, **dark} if light.get(key) != dark.get(key)}
