"""What happened in one life? Its states from when to when, and its events."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from workbench.figures.layouts import NARROW, legend_above
from workbench.figures.tables import Row, machine_for
from workbench.figures.theme import Ink, fill, frame, inks, nothing, paper
from workbench.figures.words import moment, plain, span, word

_EVENTS = 250


def replay(timeline: Any, machine: Any = None, *, name: str = "", dark: bool | None = None) -> go.Figure:
    """Return one life as a lane: which state it was in from when to when, and a mark for each event (UTC).

    Parameters
    ----------
    timeline
        The answer of `replay`: moments with place, event_type, state, and occurred_at or effective_at.
    machine
        A Machine for the colours of the states.
    name
        Whose life it is, where the timeline does not say it: "Order 42".
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> from datetime import datetime
    >>> moments = [{"place": 1, "event_type": "made", "state": "new", "occurred_at": datetime(2026, 1, 1)}]
    >>> replay(moments, name="Order 42").layout.title.text
    'Order 42 has been new since 2026-01-01 UTC'
    """
    whole = [_moment(one) for one in timeline]
    moments = whole[-_EVENTS:]
    if not moments:
        return nothing("this life has no event", dark=dark)
    opening = getattr(timeline, "opening", None)
    lane = _stays([*([_moment(opening)] if opening is not None and whole == moments else []), *moments])
    whose = name or " ".join(str(part) for part in (getattr(timeline, key, "") for key in ("type", "aggregate_id")))
    mine = machine_for(machine, "")
    names = list(dict.fromkeys(state for state, _, _ in lane))
    ink = inks(names, mine)
    note = "Bar: state; mark: event. Times are UTC."
    if whole != moments:
        note += f" The last {len(moments):,} of {len(whole):,} events are drawn."
    figure = frame(_story(lane, whose.strip()), note, dark=dark, height=190)
    for state in names:
        _lane(figure, state, ink[state], lane, moments[-1]["at"])
    page = paper(dark=dark)
    figure.add_scatter(
        x=[one["at"] for one in moments],
        y=_heights(moments),
        mode="markers",
        marker={"symbol": "triangle-down", "size": 11, "color": page.text, "line": {"width": 1, "color": page.page}},
        hoverinfo="text",
        hovertext=[_said(one) for one in moments],
        showlegend=False,
    )
    legend_above(figure.update_layout(barmode="overlay"), NARROW - 64).update_xaxes(type="date", title="time (UTC)")
    return figure.update_yaxes(visible=False, range=[-0.45, 1.6])


def _moment(one: Any) -> Row:
    read = one.get if isinstance(one, dict) else lambda key, default=None: getattr(one, key, default)
    return {
        "place": read("place"),
        "version": read("version"),
        "at": read("effective_at") or read("occurred_at"),
        "event_type": read("event_type"),
        "state": read("state"),
        "changed": read("changed") or {},
        "actor": read("actor"),
    }


def _heights(moments: list[Row]) -> list[float]:
    """Return where each mark stands: one above the other when their instants are too near to be told apart."""
    near = (moments[-1]["at"] - moments[0]["at"]) / 60
    heights: list[float] = []
    for number, one in enumerate(moments):
        close = number > 0 and one["at"] - moments[number - 1]["at"] <= near
        heights.append(min(heights[-1] + 0.22, 1.4) if close else 0.5)
    return heights


def _stays(moments: list[Row]) -> list[tuple[str, Any, Any]]:
    """Return the stays of one life in order: state, from, to."""
    found: list[tuple[str, Any, Any]] = []
    for one, after in zip(moments, [*moments[1:], moments[-1]], strict=True):
        state = "(unknown)" if one["state"] is None else str(one["state"])
        if found and found[-1][0] == state:
            found[-1] = (state, found[-1][1], after["at"])
        else:
            found.append((state, one["at"], after["at"]))
    return found


def _story(lane: list[tuple[str, Any, Any]], name: str) -> str:
    who = word(name, 60) if name else "This life"
    if len(lane) == 1:
        return f"{who} has been {word(lane[0][0])} since {moment(lane[0][1])}"
    way = [word(state, 24) for state, _, _ in lane]
    short = way if len(way) <= 8 else [*way[:3], "…", *way[-3:]]  # noqa: PLR2004  a title's worth
    took = (lane[-1][1] - lane[0][1]).total_seconds()
    return f"{who} went {' → '.join(short)} in {span(took)}"


def _lane(figure: go.Figure, state: str, ink: Ink, lane: list[tuple[str, Any, Any]], end: Any) -> None:
    mine = [(start, stop) for name, start, stop in lane if name == state]
    whole = (end - lane[0][1]).total_seconds() or 1.0
    # the last stay has no end yet and some last no time: a stub shows them
    stubs = [whole * (0.03 if stop == end else 0.004) for _, stop in mine]
    lengths = [
        1000 * max((stop - start).total_seconds(), stub) for (start, stop), stub in zip(mine, stubs, strict=True)
    ]
    figure.add_bar(
        orientation="h",
        base=[start for start, _ in mine],
        x=lengths,
        y=[0] * len(mine),
        width=0.7,
        name=plain(state, 28),
        marker=fill(ink),
        hoverinfo="text",
        hovertext=[
            f"<b>{plain(state)}</b><br>from {moment(start)}<br>for {span((stop - start).total_seconds())}"
            + (" and since" if stop == end else "")
            for start, stop in mine
        ],
    )


def _said(one: Row) -> str:
    changed = [plain(key, 30) for key in list(one["changed"])[:8]]
    said = [f"<b>{one['place']}. {plain(one['event_type'])}</b>", moment(one["at"])]
    said.append(f"then {plain(one['state'])}")
    if one["actor"] is not None:
        said.append(f"by {plain(one['actor'], 30)}")
    return "<br>".join([*said, *(["changed: " + ", ".join(changed)] if changed else [])])
