"""Where was everybody at any instant, and how did they get there? A machine through which time can be scrubbed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.errors import UnknownNameError
from workbench.figures.theme import inks, order
from workbench.metrics import state_distribution
from workbench.metrics.movement import move_span, pairs_moved, tracks_moved
from workbench.metrics.tracks import tracks_of
from workbench.widgets.bins import Bins, bins, micros, moment, of_field
from workbench.widgets.selections import AnInstant
from workbench.widgets.shown_machine import Shown, shown_machine
from workbench.widgets.views import View

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines
    from workbench.widgets.selections import Selection


class TimeTravel(View, view="travel"):
    """The population of every state and the traffic of every way at one instant, which its browser moves freely.

    Attributes
    ----------
    instant
        The instant shown (UTC); set it to go there.
    """

    instant = AnInstant()

    name = traitlets.Unicode().tag(sync=True)
    drawing: Any = traitlets.Dict(allow_none=True).tag(sync=True)
    states: Any = traitlets.List().tag(sync=True)
    ways: Any = traitlets.List().tag(sync=True)
    counts = traitlets.Bytes().tag(sync=True)
    start = traitlets.Int().tag(sync=True)
    stride = traitlets.Int().tag(sync=True)
    edges = traitlets.Int().tag(sync=True)
    playhead = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        log: EventLog,
        type: str,
        field: str,
        machine: Machine | None = None,
        selection: Selection | None = None,
    ) -> None:
        self._type, self._field, self._machine = type, field, machine
        super().__init__(log, selection)
        self._show()

    @property
    def title(self) -> str:
        """What the view is called in a page."""
        return f"{self._type} over time"

    def data(self) -> DataFrame:
        """Return how many aggregates are in each state at the instant shown.

        Returns
        -------
        DataFrame
            state, aggregates; in the order shown.
        """
        with self._lock:
            found = self._population()
        from pandas import DataFrame

        return DataFrame({"state": list(found), "aggregates": list(found.values())})

    def follow(self, name: str) -> None:
        """Show the lives chosen, or the instant chosen."""
        if name == "revision":
            self._show()
        elif self.selection.instant is not None:
            self.instant = self.selection.instant

    def static_html(self) -> str:
        """Return the populations as a table."""
        table: str = self.data().to_html(index=False, escape=True, border=0)
        return table

    def _population(self) -> dict[str, int]:
        there = of_field(state_distribution(self._part(), self.instant), self._field)
        found = dict(there.select("state, aggregates").fetchall())
        return {state["name"]: found.get(state["name"], 0) for state in self.states}

    def _part(self) -> EventLog:
        part = self.part()
        return part if self.selection.type is not None else part.of(self._type)

    def _show(self) -> None:
        with self._lock:
            part = self._part()
            moved = pairs_moved(part, self._field)
            shown = shown_machine(self._type, self._machine, moved)
            states = order(shown.machine.state_names, self._machine)
            span = move_span(part, self._field)
            ink = inks(states, self._machine)
            found = bins(part, self._field, span or (moment(0), moment(0)), states, shown.pairs)
        with self.hold_sync():
            self.name = f"{self._type} {self._field}"
            self.drawing = shown.drawing({state: ink[state].color for state in states})
            self.states = [
                {"name": state, "color": ink[state].color, "pattern": ink[state].pattern} for state in states
            ]
            self._take(found, shown)
            if self.instant is None:
                self.instant = found.at(found.edges - 1)

    def _take(self, found: Bins, shown: Shown) -> None:
        self.ways = [[source, target, shown.off(source, target)] for source, target in found.pairs]
        self.counts, self.start = found.packed(), micros(found.start)
        self.stride, self.edges = found.stride, found.edges

    @traitlets.observe("instant")
    def _moved(self, change: Mapping[str, Any]) -> None:
        if change["new"] is not None:
            self.playhead = micros(change["new"])
            self.selection.instant = change["new"]

    @traitlets.observe("playhead")
    def _scrubbed(self, change: Mapping[str, Any]) -> None:
        self.instant = moment(change["new"])


def time_travel(
    log: EventLog,
    machines: Machines | None = None,
    type: str | None = None,
    *,
    field: str | None = None,
    selection: Selection | None = None,
) -> TimeTravel:
    """Return a machine through which time can be scrubbed.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        The drawing is the machine's of the type; moves it does not declare are dashed. Without one it is drawn from the
        moves of the log.
    type
        Whose lives; the type with the most moves if left out.
    field
        The state field, where a type has two; the one with the most moves if left out.
    selection
        What other views have chosen: see `selection`.

    Raises
    ------
    UnknownNameError
        When the log has no such type or state field.
    """
    full = None if type is None else log.full_type(type)
    tracks = [(short, name) for short, name, _ in tracks_moved(log) if full is None or log.full_type(short) == full]
    if field is not None:
        known = [name for _, name in tracks]
        if field not in known:
            raise UnknownNameError.of("state field", field, known, where=type or "this log")
        tracks = [track for track in tracks if track[1] == field]
    of_type, of_field = tracks[0]
    machine = None
    if machines is not None:
        found = tracks_of(log, machines)
        machine = next((one.machine for one in found if (one.type, one.field) == (of_type, of_field)), None)
    return TimeTravel(log, of_type, of_field, machine, selection)
