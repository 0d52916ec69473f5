"""When did each life move, all lives at once? A dotted chart."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import TIME, axis_of, band, tall
from workbench.figures.tables import Part, panels, rows, subject
from workbench.figures.theme import frame, nothing, order, thin
from workbench.figures.words import count, moment, noun, plain

_CELLS = 5_000
_SMALLEST = 3.5  # pixels of a dot that can be seen on its own
_INKS = 30  # states of a panel; the rarest together in one more trace


def dotted_chart(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a dot a cell of lives (rows) and time (UTC): the state that was entered there most, the lives by rank.

    Parameters
    ----------
    table
        The answer of `dotted_chart`: type, first_life, last_life, since, before, state, moves.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> from datetime import datetime
    >>> line = {"type": "Order", "first_life": 1, "last_life": 1, "since": datetime(2026, 1, 5), "state": "new"}
    >>> dotted_chart([line | {"before": datetime(2026, 1, 6), "moves": 2}]).layout.title.text
    '2 moves of 1 order between 2026-01-05 UTC and 2026-01-06 UTC'
    """
    lines = rows(table, "first_life", "last_life", "since", "before", "state", "moves")
    every = -(-len(lines) // _CELLS) or 1
    parts, more = panels(lines[::every], 6)
    if not parts:
        return nothing("no move has a known time", dark=dark)
    said = [_spread(part) for part in parts]
    title = said[0] if len(parts) == 1 else f"When {subject(parts)} moved"
    several = any(line["first_life"] != line["last_life"] for line in lines)
    note = "Dot: a life enters a state" + (", or several lives beside each other do." if several else ".")
    note += f" One cell of {every:,} is drawn: ask for fewer cells." if every > 1 else ""
    named = max(len({line["state"] for line in part.rows}) for part in parts)
    height = tall(520 if len(parts) == 1 else 260, min(named, _INKS)) * len(parts)
    figure = frame(title, note + more, dark=dark, height=height, showlegend=True)
    for number, part in enumerate(parts):
        _dots(figure, number, part, machine, height / len(parts), dark=dark)
        top = band(figure, number, len(parts), part.heading(said[number]), **TIME, title="time (UTC)")
        lives = max(line["last_life"] for line in part.rows)
        room = {"range": [1.03 * lives + 0.5, 0.5 - 0.03 * lives], **({"dtick": 1} if lives < 6 else {})}  # noqa: PLR2004  few
        figure.update_layout({f"yaxis{axis_of(number)}": {"title": f"{plain(noun(part.type))}, by rank", **room}})
        legend = {"x": 1.02, "y": top, "yanchor": "top", "itemsizing": "constant"}
        figure.update_layout({f"legend{axis_of(number)}": legend})
    return figure


def _dots(figure: go.Figure, number: int, part: Part, machine: Any, height: float, *, dark: bool | None) -> None:
    mine = part.machine(machine)
    found: dict[str, list[dict[str, Any]]] = {}
    for line in part.rows:
        found.setdefault(str(line["state"]), []).append(line)
    ink = part.inks(machine)
    lives = max(line["last_life"] for line in part.rows)
    band_of = max(line["last_life"] - line["first_life"] + 1 for line in part.rows)
    size = min(7.0, max(_SMALLEST, 0.6 * height * band_of / lives))
    for state in order(found, mine)[:_INKS]:
        cells = found[state]
        figure.add_scatter(
            x=[_middle(line) for line in cells],
            y=[(line["first_life"] + line["last_life"]) / 2 for line in cells],
            customdata=[line["moves"] for line in cells],
            mode="markers",
            name=plain(state, 28),
            legend=f"legend{axis_of(number)}",
            marker={"size": size, "color": thin(ink[state].color, dark=dark)},
            hovertemplate="<b>%{fullData.name}</b><br>%{x}<br>rank %{y:.0f}, moves: %{customdata}<extra></extra>",
            xaxis=f"x{axis_of(number)}",
            yaxis=f"y{axis_of(number)}",
        )


def _middle(line: dict[str, Any]) -> str:
    at = line["since"] + (line["before"] - line["since"]) / 2
    return str(at.isoformat(sep=" ", timespec="seconds" if at.second else "minutes"))


def _spread(part: Part) -> str:
    moves, lives = sum(line["moves"] for line in part.rows), max(line["last_life"] for line in part.rows)
    first, last = min(line["since"] for line in part.rows), max(line["before"] for line in part.rows)
    if isinstance(first, datetime) and last - first > timedelta(days=3):
        first, last = first.date(), last.date()
    return f"{amount(moves, 'move')} of {count(lives, part.type)} between {moment(first)} and {moment(last)}"
