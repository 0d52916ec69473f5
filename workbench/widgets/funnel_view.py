"""How many get through, and where do the others go? States picked on the machine become a funnel that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import traitlets

from workbench import figures
from workbench.cards import card, table
from workbench.errors import LogError, UnknownNameError
from workbench.figures.theme import inks, order
from workbench.metrics import funnel, funnel_lives, funnel_lost
from workbench.metrics.movement import pairs_moved
from workbench.metrics.tracks import machine_of
from workbench.widgets.arguments import checked
from workbench.widgets.shown_machine import shown_machine
from workbench.widgets.tracked import short_name, track_of
from workbench.widgets.views import View
from workbench.widgets.wire import plain, written

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines
    from workbench.widgets.selections import Selection

_SETTINGS = ("steps", "within", "order", "by")
_NAMED = 200
_GROUPS = 8
_SAMPLE = 300


class FunnelBuilder(View, view="funnel"):
    """A funnel through the states picked, in their order; the table, the figure and who was lost follow.

    Attributes
    ----------
    steps
        The states, in order.
    within
        The longest time from the first step, such as "7 days"; empty for any.
    order
        "loose" or "strict": whether other states may lie between.
    by
        A key to compare groups by, such as "created:month" or "attributes.country"; empty for none.
    """

    steps = traitlets.List(trait=traitlets.Unicode()).tag(sync=True)
    within = traitlets.Unicode().tag(sync=True)
    order = traitlets.Enum(["loose", "strict"], "loose").tag(sync=True)
    by = traitlets.Unicode().tag(sync=True)

    name = traitlets.Unicode().tag(sync=True)
    drawing: Any = traitlets.Dict(allow_none=True).tag(sync=True)
    states: Any = traitlets.List().tag(sync=True)
    cohorts: Any = traitlets.List().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    lost: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        log: EventLog,
        type: str,
        machine: Machine | None = None,
        settings: Mapping[str, Any] | None = None,
        selection: Selection | None = None,
    ) -> None:
        self._type, self._machine = type, machine
        self._answer: list[dict[str, Any]] = []
        self._named: tuple[str, ...] = ()
        super().__init__(log, selection)
        with self._lock:
            self._draw()
        self.build(**(settings or {}))

    def build(self, **settings: Any) -> None:
        """Build the funnel anew: steps, within, order, by; what is not named is left as it is.

        Raises
        ------
        UnknownNameError, LogError, InstantError
            For what the log does not have or that cannot be understood; nothing has changed then.
        """
        for name in settings:
            if name not in _SETTINGS:
                raise UnknownNameError.of("setting", name, _SETTINGS, where="a funnel builder")
        asked = {name: getattr(self, name) for name in _SETTINGS} | settings
        if not isinstance(asked["by"], str):
            raise LogError(f"by= of a funnel builder is one key, such as 'created:month', not {asked['by']!r}")
        with self._lock:
            rows, lost = self._answered(asked)
        with self.hold_sync():
            for name, value in asked.items():
                setattr(self, name, list(value) if name == "steps" else value)
            self.rows, self.lost = plain(rows), plain(lost)
        self._answer = rows

    def data(self) -> DataFrame:
        """Return the answer of `funnel` for these steps; without any, an empty table."""
        from pandas import DataFrame

        return DataFrame(self._answer)

    def figure(self, *, dark: bool | None = None) -> Any:
        """Return the funnel as a figure to keep."""
        return figures.funnel(self._answer, dark=dark)

    def lives(self, step: int, *, lost: bool = False) -> EventLog:
        """Return the aggregates behind a number: those who got as far as a step (from 1), or went no further."""
        with self._lock:
            ids = self._ids(step, lost=lost)
            return self.part().whole.of(self._type, *ids) if ids else self.part(self._type).where("false")

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Build the funnel anew, or name the aggregates behind a number."""
        if request.get("what") == "build":
            self.build(**{name: request[name] for name in _SETTINGS if name in request})
            return {"steps": self.steps}
        if request.get("what") == "lives":
            ids = self._ids(int(request["step"]), lost=bool(request["lost"]))
            self._named = tuple(ids[:_NAMED])
            return {"ids": list(self._named), "many": len(ids)}
        return super().answer(request)

    def follow(self, name: str) -> None:
        """Count the lives chosen in another view; a choice of those named here leaves the funnel as it is."""
        if name != "revision" or (self._named and self.selection.aggregates == self._named):
            return
        try:
            self.build()
        except UnknownNameError:  # of the lives chosen none was ever in some step
            with self.hold_sync():
                self.rows, self.lost = [], []
            self._answer = []

    def static_html(self) -> str:
        """Return the funnel as a table."""
        names = [name for name in (*self.rows[:1], {})[0] if name not in {"type", "field"}]
        return card(self.title, table(names, ([row[name] for name in names] for row in self.rows)))

    @property
    def title(self) -> str:
        """What the funnel leads through."""
        return f"Funnel of {self._type}: {' → '.join(self.steps)}" if self.steps else f"Funnel of {self._type}"

    def _answered(self, asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        part, given = self.part(self._type), _options(asked)
        if not asked["steps"]:
            return [], []
        found = funnel(part, asked["steps"], **given, by=asked["by"] or None)
        return found.to_dicts(), funnel_lost(part, asked["steps"], **given).to_dicts()

    def _ids(self, step: int, *, lost: bool) -> list[str]:
        asked = {name: getattr(self, name) for name in _SETTINGS}
        found = funnel_lives(self.part(self._type), self.steps, **_options(asked), lost_after=step if lost else None)
        return [row[0] for row in found.filter(f"step >= {step}").project("aggregate_id").fetchall()]

    def _draw(self) -> None:
        part = self._log.of(self._type)
        shown = shown_machine(self._type, self._machine, pairs_moved(part, track_of(part, self._machine)))
        states = order(shown.machine.state_names, self._machine)
        ink = inks(states, self._machine)
        self.name = self._type
        self.states = [{"name": state, "color": ink[state].color} for state in states]
        self.drawing = shown.drawing({state: ink[state].color for state in states})
        self.cohorts = _keys(part, self._type)


def funnel_builder(
    log: EventLog,
    type: str,
    machines: Machines | None = None,
    *,
    steps: Sequence[str] = (),
    within: str | timedelta = "",
    order: str = "loose",
    by: str = "",
    selection: Selection | None = None,
) -> FunnelBuilder:
    """Return a funnel to build: states are picked on the drawing and reordered; who was lost is one press away.

    Parameters
    ----------
    log
        A log, or a part of one.
    type
        Whose lives: "Order".
    machines
        The type's machine is drawn; without one, the states and moves of the log.
    steps, within, order, by
        To begin with, as `funnel` takes them; "" for none.
    selection
        What other views have chosen: its lives are counted.

    Raises
    ------
    UnknownNameError, LogError, InstantError
        As `funnel`.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> shown = funnel_builder(log, "Order", steps=["pending", "confirmed", "fulfilled"])
    >>> shown.data()["aggregates"].tolist()
    [900, 798, 720]
    >>> shown.lives(2, lost=True)
    <EventLog ... 78 aggregates, ...>
    """
    checked(log, machines, selection)
    settings = {"steps": steps, "within": written(within), "order": order, "by": by}
    return FunnelBuilder(log, short_name(log, type), machine_of(log, type, machines), settings, selection)


def _options(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"within": asked["within"] or None, "order": asked["order"]}


def _keys(log: EventLog, type: str) -> list[str]:
    """Return keys that make a few groups: cohorts, and attributes of a few values in a sample of lives."""
    some = [row[0] for row in log.sql(f"SELECT DISTINCT aggregate_id FROM lives LIMIT {_SAMPLE}").fetchall()]
    rows = log.of(type, *some).sql(
        "SELECT path FROM changes WHERE place > 0 GROUP BY path "
        f"HAVING count(DISTINCT new) BETWEEN 2 AND {_GROUPS} ORDER BY path LIMIT 20"
    )
    return ["created:month", "created:week", *(f"attributes.{row[0]}" for row in rows.fetchall())]
