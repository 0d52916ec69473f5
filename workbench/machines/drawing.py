"""What does the drawing of a machine consist of? Boxes, labels and lines, in pixels, y downwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

Point = tuple[float, float]

STATE_SIZE = 13.0
LABEL_SIZE = 11.0
ENTRY = 26.0
HEAD = 7.0  # of an arrow
NEUTRAL = "#8A94A6"  # of a state without a colour
_LONGEST = 28
_NARROW = set("fijlrtI.,:;'|!()[] ")
_WIDE = set("mwMWOQ@%")


@dataclass(frozen=True)
class Box:
    """The rectangle of a state; x and y are its centre."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """A curve through points, level wherever it meets one; level altogether between points of one height."""

    points: tuple[Point, ...]

    def path(self) -> str:
        """Return the curve as the `d` of an SVG path, each point told from the one before: half as long as in full."""
        (x, y), *rest = ((round(x, 1), round(y, 1)) for x, y in self.points)
        parts = [f"M{x:g} {y:g}"]
        for next_x, next_y in rest:
            wide, high = round(next_x - x, 1), round(next_y - y, 1)
            half = round(wide / 2, 1)
            parts.append(f"c{half:g} 0 {wide - half:.5g} {high:g} {wide:g} {high:g}" if high else f"h{wide:g}")
            x, y = next_x, next_y
        return "".join(parts)

    def path_in_full(self) -> str:
        """Return the same with every point told from the origin: Plotly's shapes know nothing else."""
        (x, y), *rest = self.points
        parts = [f"M{x:.1f} {y:.1f}"]
        for next_x, next_y in rest:
            half = (next_x - x) / 2
            parts.append(f"C{x + half:.1f} {y:.1f} {next_x - half:.1f} {next_y:.1f} {next_x:.1f} {next_y:.1f}")
            x, y = next_x, next_y
        return "".join(parts)


@dataclass(frozen=True)
class Label:
    """The name of a transition on its way; `tail` leads from it to the state the transition ends in."""

    transition: int
    text: str
    x: float
    y: float
    width: float
    tail: Line

    def arrow(self) -> tuple[Line, str]:
        """Return the tail up to its head, and the head as the `d` of an SVG path."""
        *before, (x, y) = self.tail.points
        way = 1 if x > before[-1][0] else -1
        return Line((*before, (x - way * (HEAD - 1), y))), level_head(x, y, way)


@dataclass(frozen=True)
class Route:
    """One from-state of a transition: `line` leads to the label at index `label`, whose tail leads on."""

    transition: int
    from_state: str
    to_state: str
    line: Line
    label: int


class Arc(NamedTuple):
    """A loop as drawn: its curve and its head, each the `d` of an SVG path, and the height its text stands at."""

    curve: str
    head: str
    y: float


@dataclass(frozen=True)
class Loop:
    """A transition from a state to itself, the `nth` above its box."""

    transition: int
    state: str
    text: str
    nth: int

    def arc(self, box: Box) -> Arc:
        """Return the loop above the box of its state."""
        top = box.y - box.height / 2
        peak, reach = top - 13 - 24 * self.nth, 13 + 5 * self.nth
        start, end = box.x - reach, box.x + reach
        return Arc(
            f"M{start:.1f} {top:.1f}C{start - 7:.1f} {peak:.1f} {end + 7:.1f} {peak:.1f} {end:.1f} {top - 6:.1f}",
            f"M{end:.1f} {top:.1f}L{end - 3.6:.1f} {top - HEAD:.1f}L{end + 3.6:.1f} {top - HEAD:.1f}Z",
            peak - 3,
        )


@dataclass(frozen=True)
class Drawing:
    """A machine laid out; all lengths in pixels, y downwards."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    labels: tuple[Label, ...]
    routes: tuple[Route, ...]
    loops: tuple[Loop, ...]


def level_head(x: float, y: float, way: int) -> str:
    """Return the head of an arrow that ends here, led to the right (1) or to the left (-1), as an SVG path."""
    back = x - way * HEAD
    return f"M{x:.1f} {y:.1f}L{back:.1f} {y - 3.6:.1f}L{back:.1f} {y + 3.6:.1f}Z"


def text_width(text: str, size: float) -> float:
    """Return about how wide a text is in a sans-serif font of this size."""
    return size * sum(
        1.0 if east_asian_width(c) in "WF" else 0.32 if c in _NARROW else 0.86 if c in _WIDE or c.isupper() else 0.57
        for c in text
    )


def shortened(text: str, most: int = _LONGEST) -> str:
    """Return a name on one line, its end left out where it is long; one that nobody could see as "(empty)"."""
    line = " ".join(text.split()) or "(empty)"
    return line if len(line) <= most else line[: most - 1] + "…"
