"""Where was everybody at any instant, and how did they get there? A machine through which time can be scrubbed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import traitlets

from workbench.cards import Html, card, table
from workbench.errors import LogError, UnknownNameError
from workbench.figures.theme import inks, legible, order
from workbench.machines.still import still_svg
from workbench.metrics.movement import move_span, moves_near, pairs_moved, tracks_moved
from workbench.metrics.tracks import tracks_of
from workbench.widgets.arguments import checked
from workbench.widgets.bins import bins, stride_for, trail_for
from workbench.widgets.selections import AnInstant
from workbench.widgets.shown_machine import Shown, shown_machine
from workbench.widgets.surroundings import Columns, counted_at, surroundings
from workbench.widgets.views import View
from workbench.widgets.wire import MICROSECOND, from_micros, micros

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines
    from workbench.widgets.selections import Selection

_NEAR = 1_000  # moves on either side of the playhead that the browser steps through by itself
_NEAR_IN_A_FILE = 4_000
_LISTED = 20


class Travelled(NamedTuple):
    """A state field of a type, and the machine that speaks for it."""

    type: str
    field: str
    machine: Machine | None


class TimeTravel(View, view="travel"):
    """The population of every state and the traffic of every way at one instant, which its browser moves freely.

    Attributes
    ----------
    instant
        The instant shown (UTC); set it to go there. Views of the same selection go along.
    window
        The visible range of time, microseconds since 1970; empty for all of it.
    """

    instant = AnInstant()

    name = traitlets.Unicode().tag(sync=True)
    type = traitlets.Unicode().tag(sync=True)
    tracks: Any = traitlets.List().tag(sync=True)
    track = traitlets.Int().tag(sync=True)
    sentence = traitlets.Unicode().tag(sync=True)
    drawing: Any = traitlets.Dict(allow_none=True).tag(sync=True)
    states: Any = traitlets.List().tag(sync=True)
    ways: Any = traitlets.List().tag(sync=True)
    counts = traitlets.Bytes().tag(sync=True)
    start = traitlets.Int().tag(sync=True)
    stride = traitlets.Int().tag(sync=True)
    edges = traitlets.Int().tag(sync=True)
    trail = traitlets.Int().tag(sync=True)
    first = traitlets.Int().tag(sync=True)
    last = traitlets.Int().tag(sync=True)
    window: Any = traitlets.List().tag(sync=True)
    near: Any = traitlets.Dict().tag(sync=True)
    playhead = traitlets.Int().tag(sync=True)

    def __init__(self, log: EventLog, tracks: Sequence[Travelled], selection: Selection | None = None) -> None:
        self._tracks = tuple(tracks)
        self._span: tuple[datetime, datetime] | None = None
        self._alone = False
        super().__init__(log, selection, tracks=[f"{one.type} · {one.field}" for one in tracks])
        self._show()

    @property
    def title(self) -> str:
        """What the view is called in a page."""
        return f"{self.type} over time"

    def data(self) -> dict[str, Any]:
        """Return exactly what it shows at its instant.

        Returns
        -------
        dict
            type, field; instant (UTC); traffic_since (UTC: moves after it, up to the instant, are its traffic); states,
            a DataFrame of state, aggregates, share (0 to 1); traffic, of from_state, to_state, times, declared (FALSE
            where the machine has no such way); moves, the last twenty: entered_at, aggregate_id, from_state, to_state.
        """
        from pandas import DataFrame

        with self._lock:
            if self.sentence:
                raise LogError(self.sentence[:-1])
            part = self.part(self._now.type)
            population, traffic = counted_at(part, self._now.field, self.instant, self._trailing, self._columns)
            near = moves_near(part, self._now.field, self.instant, _LISTED)
        everybody = max(sum(population), 1)
        states = [(one["name"], count, count / everybody) for one, count in zip(self.states, population, strict=True)]
        ways = [(way[0], way[1], times, not way[2]) for way, times in zip(self.ways, traffic, strict=True)]
        last = [row for row in near if row[0] <= self.instant][::-1]
        return {
            "type": self.type,
            "field": self._now.field,
            "instant": self.instant,
            "traffic_since": self.instant - self._trailing,
            "states": DataFrame(states, columns=["state", "aggregates", "share"]),
            "traffic": DataFrame(ways, columns=["from_state", "to_state", "times", "declared"]),
            "moves": DataFrame(last, columns=["entered_at", "aggregate_id", "from_state", "to_state"]),
        }

    def follow(self, name: str) -> None:
        """Show the lives chosen, or the instant chosen."""
        if name == "revision":
            self._show()
        elif self.selection.instant is not None:
            self.instant = self.selection.instant

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Answer its browser: `near` an instant, `zoom` into a range (or out of it), another `track`."""
        if "near" in request:
            self.near = self._near(from_micros(int(request["near"])), _NEAR)
        elif "zoom" in request:
            self._zoom([int(end) for end in request["zoom"]])
        elif "track" in request:
            self.track = int(request["track"])
            self._show()
        else:
            return super().answer(request)
        return True

    def static_html(self) -> str:
        """Return the machine with its populations, without a script."""
        if self.sentence:
            return card("", self.sentence)
        with self._lock:
            counts = dict(zip((state["name"] for state in self.states), self._population(), strict=True))
        said = f"{self.name} at {self.instant.isoformat(sep=' ')} UTC"
        if self.drawing:
            return card("", said, Html(f'<div class="wb-wide">{still_svg(self.drawing, counts, said)}</div>'))
        return card("", said, table(("state", "aggregates"), counts.items()))

    def exported(self) -> dict[str, Any]:
        """Return its traits for a file, which has no kernel to ask: more moves around the instant."""
        with self._lock:
            more = {} if self.sentence else {"near": self._near(self.instant, _NEAR_IN_A_FILE)}
        return super().exported() | more

    @property
    def _now(self) -> Travelled:
        return self._tracks[self.track]

    @property
    def _trailing(self) -> timedelta:
        return self.trail * self.stride * MICROSECOND

    def _population(self) -> list[int]:
        """Return the aggregates in each state now: as counted, where the instant is one that was counted at."""
        edge, rest = divmod(self.playhead - self.start, self.stride)
        if rest == 0 and 0 <= edge < self.edges:
            width = 4 * len(self.states)
            return [int(n) for n in memoryview(self.counts)[edge * width : (edge + 1) * width].cast("I")]
        return counted_at(self.part(self._now.type), self._now.field, self.instant, self._trailing, self._columns)[0]

    def _near(self, at: datetime, most: int) -> dict[str, Any]:
        """Return what holds at an instant, and the moves around it, on the grid of what is counted."""
        around = surroundings(self.part(self._now.type), self._now.field, at, self._trailing, self._columns, most=most)
        return around | {"start": self.start, "stride": self.stride}

    @property
    def _columns(self) -> Columns:
        return Columns([state["name"] for state in self.states], [(way[0], way[1]) for way in self.ways])

    def _zoom(self, ends: list[int]) -> None:
        """Count again for a range of time, in finer steps; for all of it where no ends are given."""
        whole = self._span or (from_micros(0), from_micros(0))
        since, until = map(from_micros, ends) if ends else whole
        stride = stride_for(since, until, len(self.states) + len(self.ways))
        trailing = trail_for(stride, since, until) * stride * MICROSECOND
        lead = min(trailing, max(since - whole[0], timedelta()))
        found = bins(self.part(self._now.type), self._now.field, (since - lead, until), *self._columns, stride=stride)
        seen = (since, until) if ends else (found.start, found.at(found.edges - 1))
        with self.hold_sync():
            self.window = ends
            self.counts, self.start = found.packed(), micros(found.start)
            self.stride, self.edges = stride, found.edges
            self.trail = trail_for(stride, *seen)

    def _show(self) -> None:
        """Show the lives chosen, all of their time."""
        with self._lock:
            self._choose_track()
            part = self.part(self._now.type)
            moved = pairs_moved(part, self._now.field)
            self._span = move_span(part, self._now.field)
            with self.hold_sync():
                self.near = {}
                self.type, self.name = self._now.type, self.tracks[self.track]
                which = f"No {self.type}" if self.selection.revision == 0 else "No life chosen"
                self.sentence = "" if moved else f"{which} was ever in a state: there is no time to travel through."
                if moved:
                    self._draw(shown_machine(self.type, self._now.machine, moved))
                    self._zoom([])
                    self.first, self.last = self.start, self.start + (self.edges - 1) * self.stride
                    at = self.instant or self.selection.instant or from_micros(self.last)
                    self._go_alone(min(max(at, from_micros(self.first)), from_micros(self.last)))

    def _choose_track(self) -> None:
        wanted = self.selection.type
        if wanted is not None and wanted != self._now.type:
            fitting = [n for n, one in enumerate(self._tracks) if one.type == wanted]
            self.track = fitting[0] if fitting else self.track

    def _draw(self, shown: Shown) -> None:
        names = order(shown.machine.state_names, self._now.machine)
        ink = inks(names, self._now.machine)
        self.drawing = shown.drawing({name: ink[name].color for name in names})
        self.states = [
            {"name": name, "color": ink[name].color, "pattern": ink[name].pattern, "ink": legible(ink[name].color)}
            for name in names
        ]
        self.ways = list(map(list, shown.ways))

    def _go_alone(self, at: datetime) -> None:
        """Go to an instant without telling the selection, which may only be told outside the lock."""
        self._alone = True
        self.instant = at
        self._alone = False

    @traitlets.observe("instant")
    def _moved(self, change: Mapping[str, Any]) -> None:
        if change["new"] is not None:
            self.playhead = micros(change["new"])
            if not self._alone:
                self.selection.instant = change["new"]

    @traitlets.observe("playhead")
    def _scrubbed(self, change: Mapping[str, Any]) -> None:
        self.instant = from_micros(change["new"])


def time_travel(
    log: EventLog,
    machines: Machines | None = None,
    type: str | None = None,
    *,
    field: str | None = None,
    selection: Selection | None = None,
) -> TimeTravel:
    """Return a machine through which time can be scrubbed: populations, traffic, and every single move.

    Space plays, arrows go on by a step, with Shift by a move, + and - zoom, 0 shows all, Home and End go to the ends.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        The drawing is that of the type's machine; what only history knows is dashed. Without one it is drawn from the
        moves of the log.
    type
        Whose lives; a choice of all types, the one with the most moves first, if left out.
    field
        The state field, where a type has two; a choice if left out.
    selection
        What other views have chosen: see `selection`.

    Raises
    ------
    UnknownNameError
        When the log has no such type or state field.
    LogError
        When the log holds no life that was ever in a state.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> view = wb.widgets.time_travel(log, wb.read_machines("machines/"), "Order")
    >>> view.instant = "2026-02-01"
    >>> view.data()["states"]
           state  aggregates     share
    0    pending           8  0.023055
    1  confirmed          26  0.074928
    2  fulfilled         263  0.757925
    3  cancelled          50  0.144092
    """
    checked(log, machines, selection)
    moving = [(short, name) for short, name, _ in tracks_moved(log)]
    if type is not None:
        full = log.full_type(type)
        moving = [track for track in moving if log.full_type(track[0]) == full] or [(type, field or "state")]
    if field is not None and field not in {name for _, name in moving}:
        raise UnknownNameError.of("state field", field, {name for _, name in moving}, where=type or "this log")
    found = tracks_of(log, machines) if machines is not None else []
    speaks = {(one.type, one.field): one.machine for one in found}
    tracks = [Travelled(*track, speaks.get(track)) for track in moving if field in {None, track[1]}]
    if not tracks:
        raise LogError("no life of this log was ever in a state: there is no time to travel through")
    return TimeTravel(log, tracks, selection)
