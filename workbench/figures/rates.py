"""How many begin and end, and how many move a day: is it becoming more?"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.layouts import TIME, axis_of, band, whole
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import PALETTE, frame, nothing, paper, thin
from workbench.figures.words import count, moment, noun, plain, word

_PERIODS = 400
_PAIRS = 8


def flow(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return two rising lines: how many lives have begun and ended so far; between them are those under way.

    Parameters
    ----------
    table
        The answer of `flow`: type, period, began_so_far, ended_so_far, under_way.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "period": "2026-01-01", "began_so_far": 9, "ended_so_far": 7, "under_way": 2}
    >>> flow([line]).layout.title.text
    '9 orders began, 7 have ended, 2 are under way'
    """
    del machine
    parts, more = panels(rows(table, "period", "began_so_far", "ended_so_far"), 8)
    if not parts:
        return nothing("no life has begun", dark=dark)
    said = [_so_far(part) for part in parts]
    title = said[0] if len(parts) == 1 else f"How many {subject(parts)} have begun and ended"
    note = f"Dotted: begun so far; line: ended so far; between them: under way.{more}"
    height = 380 if len(parts) == 1 else 200 * len(parts)
    figure = frame(title, note, dark=dark, height=height, hovermode="x", showlegend=False)
    room = max(60, 2 * _PERIODS // len(parts))
    for number, part in enumerate(parts):
        shown = part.rows[:: -(-len(part.rows) // room) or 1]
        shown += part.rows[-1:] if shown[-1] is not part.rows[-1] else []
        axis, color = axis_of(number), thin(PALETTE[0], dark=dark)
        for key, what, dash in (("began_so_far", "begun", "dot"), ("ended_so_far", "ended", "solid")):
            figure.add_scatter(
                x=[line["period"] for line in shown],
                y=[line[key] for line in shown],
                name=what,
                mode="lines",
                line={"color": color, "dash": dash, "shape": "hv", "width": 2},
                fill="tonexty" if key == "ended_so_far" else None,
                fillcolor="rgba(0,114,178,0.16)",
                hovertemplate="%{fullData.name}  %{y:,}<extra></extra>",
                xaxis=f"x{axis}",
                yaxis=f"y{axis}",
            )
        band(figure, number, len(parts), part.heading(said[number]), **TIME, title="beginning of the period (UTC)")
        lives = {"title": f"{plain(noun(part.type))} so far", **whole(part.rows[-1]["began_so_far"])}
        figure.update_layout({f"yaxis{axis}": lives})
    return figure


def transition_rates(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a panel a move: how many such moves a day in each period, with its interval, the most frequent first.

    Parameters
    ----------
    table
        The answer of `transition_rates`: type, from_state, to_state, period, times, per_day, low, high, trend,
        trend_low, trend_high.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "from_state": "new", "to_state": "paid", "period": "2026-01-05", "times": 21}
    >>> line |= {"per_day": 3.0, "low": 2.0, "high": 4.0, "trend": 1.5, "trend_low": 1.2, "trend_high": 1.9}
    >>> transition_rates([line]).layout.title.text.replace("<br>", " ")
    'new → paid became 1.5 times as frequent from the first half to the second (95 %: 1.2 to 1.9)'
    """
    del machine
    lines = [
        line
        for line in rows(table, "from_state", "to_state", "period", "times", "per_day", "low", "high", "trend")
        if line["per_day"] is not None
    ]
    whole, more = panels(lines, 1_000)
    pairs = [pair for part in whole for pair in _pairs(part)]
    if not pairs:
        return nothing("no rate is known", dark=dark)
    pairs.sort(key=lambda part: -sum(line["times"] for line in part.rows))
    shown = pairs[:_PAIRS]
    note = "Dot: moves a day in a period; line: 95 % interval." + more
    note += f" And {amount(len(pairs) - len(shown), 'rarer move')} not drawn." if len(pairs) > len(shown) else ""
    figure = frame(_steepest(pairs), note, dark=dark, height=max(300, 160 * len(shown)), showlegend=False)
    for number, part in enumerate(shown):
        _rates(figure, number, part.rows, dark=dark)
        band(figure, number, len(shown), _trend(part), **TIME, title="beginning of the period (UTC)")
        most = max(max(line["high"] or 0, line["per_day"]) for line in part.rows)
        axis = {"title": "a day", "range": [-0.06 * most, 1.06 * most], "nticks": 5}  # no dot or end is cut
        figure.update_layout({f"yaxis{axis_of(number)}": axis})
    return figure


def _pairs(part: Part) -> list[Part]:
    found: dict[tuple[str, str], list[Row]] = {}
    for line in part.rows:
        found.setdefault((str(line["from_state"]), str(line["to_state"])), []).append(line)
    return [Part(part.type, part.field, part.group, lines, part.alone) for lines in found.values()]


def _rates(figure: go.Figure, number: int, lines: list[Row], *, dark: bool | None) -> None:
    shown = lines[-(_PERIODS // _PAIRS) :]
    page, color = paper(dark=dark), thin(PALETTE[0], dark=dark)
    figure.add_scatter(
        x=[line["period"] for line in shown],
        y=[line["per_day"] for line in shown],
        mode="lines+markers",
        line={"color": color, "width": 1.5},
        marker={"size": 7, "color": color},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [round((line["high"] or line["per_day"]) - line["per_day"], 6) for line in shown],
            "arrayminus": [round(line["per_day"] - (line["low"] or 0), 6) for line in shown],
            "color": page.faint,
            "thickness": 1.2,
            "width": 3,
        },
        hoverinfo="text",
        hovertext=[_rate(line) for line in shown],
        xaxis=f"x{axis_of(number)}",
        yaxis=f"y{axis_of(number)}",
    )


def _rate(line: Row) -> str:
    interval = f" (95 %: {line['low']:,.3g} to {line['high']:,.3g})" if line["high"] is not None else ""
    rate = f"{amount(line['times'], 'move')}, {line['per_day']:,.3g} a day{interval}"
    return f"from {plain(moment(line['period']))}<br>{rate}"


def _name(part: Part) -> str:
    top = part.rows[0]
    way = f"{word(top['from_state'], 24)} → {word(top['to_state'], 24)}"
    return way if part.alone else f"{noun(part.type, one=True)} {way}"


def _between(line: Row) -> str:
    high = "any number" if line.get("trend_high") is None else f"{line['trend_high']:,.2g}"
    return f"95 %: {line.get('trend_low') or 0:,.2g} to {high}"


def _trend(part: Part) -> str:
    top = part.rows[-1]
    said = f"{part.heading(_name(part))}, {amount(sum(line['times'] for line in part.rows), 'move')}"
    if top["trend"] is None:
        return said
    return f"{said}, second half {top['trend']:,.2g} times the first ({_between(top)})"


def _sure(line: Row) -> bool:
    more = (line.get("trend_low") or 0) > 1
    return more or (line.get("trend_high") is not None and line["trend_high"] < 1)


def _steepest(pairs: list[Part]) -> str:
    sure = [part for part in pairs if part.rows[-1]["trend"] is not None and _sure(part.rows[-1])]
    if not sure:
        return "No move has clearly become more or less frequent"
    top = max(sure, key=lambda part: sum(line["times"] for line in part.rows))
    line = top.rows[-1]
    halves = f"from the first half to the second ({_between(line)})"
    return f"{top.heading(_name(top))} became {line['trend']:,.2g} times as frequent {halves}"


def _so_far(part: Part) -> str:
    last = part.rows[-1]
    began, ended = last["began_so_far"], last["ended_so_far"]
    said = f"{count(began, part.type)} began, {ended:,} {'has' if ended == 1 else 'have'} ended"
    return f"{said}, {began - ended:,} {'is' if began - ended == 1 else 'are'} under way"
