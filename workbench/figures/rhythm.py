"""When do things happen, who does them, and who hands over to whom?"""

from __future__ import annotations

from collections import Counter
from typing import Any

import plotly.graph_objects as go

from workbench.cards import amount
from workbench.figures.grids import Grid, draw, side
from workbench.figures.layouts import Ledger
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import PALETTE, nothing, paper, thin
from workbench.figures.words import count, moment, noun, percent, plain, span, times, word

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BURSTS = 200
_MARKS = 30  # of a line, side by side
_WEEKS = 6  # panels of 168 cells


def busy_hours(table: object, machine: Any = None, *, zone: str | None = None, dark: bool | None = None) -> go.Figure:
    """Return a heat map: how many events happen at each hour (column) of each weekday (row).

    Parameters
    ----------
    table
        The answer of `busy_hours`: type, weekday, hour, events, aggregates, share.
    machine
        Not needed; taken as by every figure.
    zone
        The zone the question was asked with, for the axis; UTC if left out.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> busy_hours([{"type": "Order", "weekday": 1, "hour": 9, "events": 3, "share": 1.0}]).layout.title.text
    'Orders are busiest on Mondays from 9 to 10 h: 3 of 3 events'
    """
    del machine
    parts, more = panels(rows(table, "weekday", "hour", "events"), _WEEKS)
    if not parts:
        return nothing("nothing happened", dark=dark)
    said, grids, hours = [], [], [str(hour) for hour in range(24)]
    for part in parts:
        top = max(part.rows, key=lambda line: line["events"])
        whole = sum(line["events"] for line in part.rows)
        cells = {(_DAYS[line["weekday"] - 1], str(line["hour"])): line for line in part.rows if line["events"]}
        depth = {spot: line["events"] / top["events"] for spot, line in cells.items()}
        hover = {spot: _hour(spot, line, whole) for spot, line in cells.items()}
        grids.append(Grid(_DAYS, hours, depth, {}, hover))
        when = f"{_DAYS[top['weekday'] - 1]}s from {top['hour']} to {top['hour'] + 1} h"
        events = f"{top['events']:,} of {amount(whole, 'event')}"
        said.append(f"{noun(part.type).capitalize()} are busiest on {when}: {events}")
    title = f"When {subject(parts)} are busy"
    note = f"Row: weekday; column: hour of the day ({plain(zone or 'UTC')}); deeper: more events.{more}"
    return draw(parts, said, grids, title, note, dark=dark)


def handovers(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a matrix: who (row) hands over to whom (column), how often; who goes on alone lies on the diagonal.

    Parameters
    ----------
    table
        The answer of `handovers`: type, actor, next_actor, times, aggregates, share, median_seconds.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> handovers([{"type": "Order", "actor": "3", "next_actor": "5", "times": 2}]).layout.title.text
    'Most often actor 3 hands orders over to actor 5: twice'
    """
    del machine
    parts, more = panels(rows(table, "actor", "next_actor", "times"))
    if not parts:
        return nothing("no event names an actor", dark=dark)
    said, grids, left = [], [], 0
    for part in parts:
        busy: Counter[str] = Counter()
        for line in part.rows:
            busy[line["actor"]] += line["times"]
            busy[line["next_actor"]] += line["times"]
        actors = [actor for actor, _ in busy.most_common(side(len(parts)))]
        left += len(busy) - len(actors)
        cells = {(line["actor"], line["next_actor"]): line for line in part.rows}
        grids.append(_square(actors, cells))
        said.append(_handed(part))
    title = f"Who hands {subject(parts)} over to whom"
    note = "Row: actor of an event; column: actor of the life's next; number: how often."
    note += (f" And {left:,} more actors, the least busy, which are not drawn." if left else "") + more
    return draw(parts, said, grids, title, note, dark=dark)


def actor_transitions(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a matrix: which actor (row) makes which move (column), how often.

    Parameters
    ----------
    table
        The answer of `actor_transitions`: type, actor, from_state, to_state, times, of_actor, of_transition.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "actor": "3", "from_state": "new", "to_state": "paid", "times": 2}
    >>> actor_transitions([line]).layout.title.text
    'Actor 3 moves orders most, 2 of 2 times, and most often new → paid (2)'
    """
    del machine
    parts, more = panels(rows(table, "actor", "from_state", "to_state", "times"))
    if not parts:
        return nothing("nobody moved anything", dark=dark)
    said, grids, left = [], [], 0
    for part in parts:
        by_actor: Counter[str] = Counter()
        by_move: Counter[str] = Counter()
        for line in part.rows:
            by_actor[_actor(line)] += line["times"]
            by_move[_move(line)] += line["times"]
        room = side(len(parts))
        down, across = ([name for name, _ in found.most_common(room)] for found in (by_actor, by_move))
        left += len(by_actor) - len(down)
        kept = {(_actor(line), _move(line)): line for line in part.rows}
        kept = {spot: line for spot, line in kept.items() if spot[0] in down and spot[1] in across}
        deepest = max(line["times"] for line in part.rows)
        depth = {spot: line["times"] / deepest for spot, line in kept.items()}
        text = {spot: f"{line['times']:,}" for spot, line in kept.items()}
        grids.append(Grid(down, across, depth, text, {spot: _moved(spot, line) for spot, line in kept.items()}))
        said.append(_busiest(part, by_actor))
    title = f"Who moves {subject(parts)}"
    note = "Row: actor; column: move; number: how often."
    note += (f" And {left:,} more actors, the least busy, which are not drawn." if left else "") + more
    return draw(parts, said, grids, title, note, dark=dark)


def bursts(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return a mark a burst: when (UTC) an actor or a type of event came how many times as often as usual.

    Parameters
    ----------
    table
        The answer of `bursts`: type, kind, name, began_at, events, usual_events, ratio.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> from datetime import datetime
    >>> line = {"type": "Order", "kind": "actor", "name": "3", "began_at": datetime(2026, 1, 5), "events": 40}
    >>> bursts([line | {"usual_events": 2.0, "ratio": 20.0}]).layout.title.text.replace("<br>", " ")
    '1 burst; the greatest: actor 3, 40 events from 2026-01-05 UTC, 20 times as many as usual'
    """
    del machine
    lines = sorted(rows(table, "kind", "name", "began_at", "events", "ratio"), key=lambda line: -line["ratio"])
    if not lines:
        return nothing("nothing came far more often than usual", dark=dark)
    top, shown = lines[0], lines[:_BURSTS]
    note = "Mark: a window with far more events than usual, or several close to it; larger: more times as many;"
    note += " in brackets: how many. Times are UTC."
    note += f" The {len(shown):,} greatest are drawn." if len(shown) < len(lines) else ""
    worst = f"{_burster(top)}, {amount(top['events'], 'event')} from {moment(top['began_at'])}"
    said = f"{amount(len(lines), 'burst')}; the greatest: {worst}, {top['ratio']:,.3g} times as many as usual"
    ledger = Ledger([Part("", "", "", lines)], [said], "", note, dark=dark)
    often = Counter(map(_burster, shown))
    names = ledger.fit(dict.fromkeys(map(_burster, shown)), "names")
    ledger.add((f"{name} ({often[name]:,})" for name in names), 48)
    near = (max(line["began_at"] for line in shown) - min(line["began_at"] for line in shown)) / _MARKS
    marks = [(spot, mark) for spot, name in enumerate(names) for mark in _marks(shown, name, near)]
    ink = dict(zip(sorted({line["kind"] for line in lines}), PALETTE, strict=False))
    ledger.figure.add_scatter(
        x=[mark[0]["began_at"] for _, mark in marks],
        y=[spot for spot, _ in marks],
        mode="markers",
        marker={
            "size": [round(7 + 17 * (mark[0]["ratio"] / top["ratio"]) ** 0.5, 1) for _, mark in marks],
            "color": [thin(ink[mark[0]["kind"]], dark=dark) for _, mark in marks],
            "line": {"width": 1, "color": paper(dark=dark).page},
        },
        hoverinfo="text",
        hovertext=[_burst(mark) for _, mark in marks],
    )
    return ledger.close(30, title="time (UTC)", type="date")


def _marks(lines: list[Row], name: str, near: Any) -> list[list[Row]]:
    """Return the bursts of a name, each with the lesser ones that are too near it to be drawn beside it."""
    found: list[list[Row]] = []
    for line in lines:
        if _burster(line) == name:
            close = (mark for mark in found if abs(mark[0]["began_at"] - line["began_at"]) < near)
            mark = min(close, key=lambda mark: abs(mark[0]["began_at"] - line["began_at"]), default=None)
            if mark is None:
                found.append([line])
            else:
                mark.append(line)
    return found


def _hour(spot: tuple[str, str], line: Row, whole: int) -> str:
    day, hour = spot
    share = percent(line["events"] / whole)
    return f"<b>{day} {hour} to {int(hour) + 1} h</b><br>{amount(line['events'], 'event')} ({share})"


def _square(actors: list[str], cells: dict[tuple[str, str], Row]) -> Grid:
    kept = {spot: line for spot, line in cells.items() if spot[0] in actors and spot[1] in actors}
    deepest = max((line["times"] for line in kept.values()), default=1)
    depth = {spot: line["times"] / deepest for spot, line in kept.items()}
    text = {spot: f"{line['times']:,}" for spot, line in kept.items()}
    return Grid(actors, actors, depth, text, {spot: _over(spot, line) for spot, line in kept.items()})


def _over(spot: tuple[str, str], line: Row) -> str:
    said = [f"<b>{plain(spot[0], 40)} → {plain(spot[1], 40)}</b>", times(line["times"])]
    said += [f"median {span(line['median_seconds'])} between them"] if "median_seconds" in line else []
    return "<br>".join(said)


def _handed(part: Part) -> str:
    total = sum(line["times"] for line in part.rows)
    alone = sum(line["times"] for line in part.rows if line["actor"] == line["next_actor"])
    others = [line for line in part.rows if line["actor"] != line["next_actor"]]
    who = noun(part.type)
    if not others:
        return f"Nobody hands {who} over: each actor goes on alone"
    top = max(others, key=lambda line: line["times"])
    one, other = (word(top[key], 24) for key in ("actor", "next_actor"))
    pair = f"Most often actor {one} hands {who} over to actor {other}: {times(top['times'])}"
    return f"{pair}; in {percent(alone / total)} of {amount(total, 'pair')} the same actor goes on" if alone else pair


def _actor(line: Row) -> str:
    return "(nobody named)" if line["actor"] is None else str(line["actor"])


def _move(line: Row) -> str:
    source = "∅" if line["from_state"] is None else word(line["from_state"], 14)
    return f"{source} → {word(line['to_state'], 14)}"


def _moved(spot: tuple[str, str], line: Row) -> str:
    said = [f"<b>{plain(spot[0], 40)}: {plain(spot[1], 60)}</b>", times(line["times"])]
    if line.get("of_actor") is not None and line.get("of_transition") is not None:
        said.append(
            f"{percent(line['of_actor'])} of the actor's moves, {percent(line['of_transition'])} of these moves"
        )
    return "<br>".join(said)


def _busiest(part: Part, by_actor: Counter[str]) -> str:
    named = {actor: number for actor, number in by_actor.items() if actor != "(nobody named)"}
    total = sum(by_actor.values())
    if not named:
        return f"No move of {noun(part.type)} names an actor"
    actor = max(named, key=lambda one: named[one])
    top = max((line for line in part.rows if _actor(line) == actor), key=lambda line: line["times"])
    most = f"{named[actor]:,} of {amount(total, 'time')}"
    return (
        f"Actor {word(actor, 24)} moves {noun(part.type)} most, {most}, and most often {_move(top)} ({top['times']:,})"
    )


def _burster(line: Row) -> str:
    return f"{str(line['kind']).replace('_', ' ')} {word(line['name'], 30)}"


def _burst(mark: list[Row]) -> str:
    line = mark[0]
    said = [moment(line["began_at"]), f"{amount(line['events'], 'event')}, {line['ratio']:,.3g} times as many as usual"]
    said += [count(line["aggregates"], str(line.get("type") or ""))] if line.get("aggregates") is not None else []
    said += [f"and {amount(len(mark) - 1, 'lesser burst')} close to it"] if len(mark) > 1 else []
    return "<br>".join([f"<b>{plain(_burster(line))}</b>", *map(plain, said)])
