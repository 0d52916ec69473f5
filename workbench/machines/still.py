"""What does a machine look like with somebody in its states? A still picture of its coordinates, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.machines.svg import SMALLEST, safe_text

_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"
_INK = "var(--jp-content-font-color1,{})"
_PAGE = "var(--jp-layout-color0,{})"
_STYLE = (
    f".wb-still{{--ink:{_INK.format('#1f2937')};--faint:#667085;--page:{_PAGE.format('#ffffff')};font-family:{_FONT}}}"
    f"@media(prefers-color-scheme:dark){{.wb-still{{--ink:{_INK.format('#e6e9ee')};--faint:#9aa4b2;"
    f"--page:{_PAGE.format('#111418')}}}}}"
    "[data-jp-theme-light=false] .wb-still{--faint:#9aa4b2}[data-jp-theme-light=true] .wb-still{--faint:#667085}"
    ".wb-still text{text-anchor:middle;dominant-baseline:central;fill:var(--ink);font-size:13px;"
    "paint-order:stroke;stroke:var(--page);stroke-width:4px;stroke-linejoin:round}"
    ".wb-still .n{font-size:11px;fill:var(--faint)}.wb-still .s,.wb-still .c{font-weight:600}"
    ".wb-still .l{fill:none;stroke:var(--faint);stroke-width:1.3;stroke-opacity:.7}"
    ".wb-still .h{fill:var(--faint)}.wb-still .o{stroke-dasharray:5 4}"
)


def still_svg(drawing: Mapping[str, Any], counts: Mapping[str, int], label: str) -> str:
    """Return the drawing of a machine, each state filled by how many are in it, as one SVG element.

    Parameters
    ----------
    drawing
        What `coordinates` returns.
    counts
        State -> aggregates in it.
    label
        What the picture shows, for those who do not see it.
    """
    most = max([1, *counts.values()])
    ways = [*drawing["labels"], *drawing["routes"], *drawing["loops"]]
    parts = [_line(way.get("path", way.get("tail")), way["off"]) for way in ways]
    parts += [f'<path class="h" d="{way["head"]}"/>' for way in ways if "head" in way]
    if drawing["entry"]:
        entry = drawing["entry"]
        parts += [_line(entry["path"], off=False), f'<path class="h" d="{entry["head"]}"/>']
        parts += [f'<circle class="h" cx="{entry["x"]}" cy="{entry["y"]}" r="4.5"/>']
    parts += [_text("n", way["x"], way["y"], way["text"]) for way in ways if way.get("text")]
    parts += [_state(state, counts.get(state["name"], 0), most) for state in drawing["states"]]
    width, height = drawing["width"], drawing["height"]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="wb-still" role="img" aria-label="{safe_text(label)}" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'style="max-width:100%;min-width:{width * SMALLEST:.0f}px;height:auto">'
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>"
    )


def _state(state: Mapping[str, Any], count: int, most: int) -> str:
    left, top = state["x"] - state["width"] / 2, state["y"] - state["height"] / 2
    tall = max(2.0, state["height"] * count / most) if count else 0.0
    color = safe_text(state["color"])
    frame = f'x="{left:.1f}" y="{top:.1f}" width="{state["width"]}" height="{state["height"]}" rx="8"'
    low = f'x="{left:.1f}" y="{top + state["height"] - tall:.1f}" width="{state["width"]}" height="{tall:.1f}" rx="4"'
    dashed = "" if state["declared"] else ' stroke-dasharray="4 3"'
    return (
        f"<g><title>{safe_text(state['title'])}</title>"
        f'<rect {frame} fill="var(--page)"/><rect {low} fill="{color}" fill-opacity=".8"/>'
        f'<rect {frame} fill="none" stroke="{color}" stroke-width="1.8"{dashed}/>'
        f"{_inner(state, left, top) if state['final'] else ''}"
        f"{_text('s', state['x'], state['y'] - 7.5, state['label'])}"
        f"{_text('c', state['x'], state['y'] + 9, f'{count:,}')}</g>"
    )


def _inner(state: Mapping[str, Any], left: float, top: float) -> str:
    """Return the second edge of a state that is final."""
    frame = (
        f'x="{left + 3.5:.1f}" y="{top + 3.5:.1f}" width="{state["width"] - 7:.1f}" height="{state["height"] - 7:.1f}"'
    )
    return f'<rect {frame} rx="5" fill="none" stroke="{safe_text(state["color"])}"/>'


def _line(path: str, off: bool) -> str:
    return f'<path class="l{" o" if off else ""}" d="{path}"/>'


def _text(kind: str, x: float, y: float, text: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{safe_text(text)}</text>'
