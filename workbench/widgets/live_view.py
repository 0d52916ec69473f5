"""What is happening right now? A log that grows, as counters, states, the last moves, alarms and the last hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.cards import amount, card, table
from workbench.errors import LogError, WorkbenchError
from workbench.events.following import Follower, Tick
from workbench.instants import duration
from workbench.widgets.arguments import checked
from workbench.widgets.live_facts import MOVE, Critical, standing
from workbench.widgets.views import View
from workbench.widgets.wire import from_micros, written

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.events import EventLog
    from workbench.machines import Machines
    from workbench.widgets.selections import Selection

_STATES = ["type", "state", "aggregates", "share", "change", "entered", "exited", "entered_before", "critical"]
_SPANS = ("5 minutes", "15 minutes", "1 hour", "6 hours", "1 day", "7 days")


class Live(View, view="live"):
    """How a log stands now: counters with their change, the states, the last twenty moves, alarms, the last hour.

    Attributes
    ----------
    follower
        What feeds the log; None where nothing does, and `refresh()` shows what was added.
    span
        How far back changes, alarms and the chart look.
    """

    span = traitlets.Unicode("1 hour").tag(sync=True)

    told: Any = traitlets.Dict().tag(sync=True)
    feed: Any = traitlets.Dict().tag(sync=True)
    types: Any = traitlets.List().tag(sync=True)
    spans: Any = traitlets.List([*_SPANS]).tag(sync=True)

    def __init__(
        self,
        log: EventLog,
        follower: Follower | None = None,
        critical: Critical | None = None,
        span: str | timedelta = "1 hour",
        selection: Selection | None = None,
    ) -> None:
        self.follower, self._critical = follower, critical or Critical()
        self._unshown: str | None = None
        shown = written(span)
        spans = [*_SPANS] if shown in _SPANS else [shown, *_SPANS]
        super().__init__(log, selection, span=shown, spans=spans)
        self.refresh()
        if follower is not None:
            follower.watch(self._ticked)

    def refresh(self) -> None:
        """Show the log as it is now; a follower does this with every tick that brought something."""
        with self._lock:
            types, told = list(self._log.types), standing(self.part(), duration(self.span), self._critical)
            told |= {"chosen": self.selection.revision} if told else {}
            self._unshown = None
            with self.hold_sync():  # inside the lock: whoever looked earlier shows it earlier
                self.types, self.told, self.feed = types, told, self._fed()

    def pause(self) -> None:
        """Stop reading the source; it may grow on."""
        self._following().pause()
        self.feed = self._fed()

    def resume(self) -> None:
        """Read on, and catch up with what came meanwhile."""
        self._following().resume()
        self.feed = self._fed()

    def data(self) -> dict[str, DataFrame]:
        """Return exactly what is shown.

        Returns
        -------
        dict
            "totals": at (UTC), aggregates, change, moves, moves_before, critical, alarms. "states": type, field (only
            where one has two state fields), state, aggregates, share, change, entered, exited, entered_before,
            critical. "moves" and "alarms": at (UTC), type, id, from, to, transition, actor. "steps": instant (UTC, the
            end of the step), state, moves.
        """
        from pandas import DataFrame

        told = self.told
        totals = [{"at": from_micros(told["at"]), **told["totals"]}] if told else []
        steps = [
            (from_micros(told["start"] + n * told["stride"]), layer["name"], count)
            for layer in told.get("layers", [])
            for n, count in enumerate(layer["counts"])
            if count
        ]
        return {
            "totals": DataFrame(totals),
            "states": DataFrame(told.get("cards", []), columns=self._columns()),
            "moves": DataFrame([_timed(move) for move in told.get("moves", [])], columns=[*MOVE]),
            "alarms": DataFrame([_timed(move) for move in told.get("alerts", [])], columns=[*MOVE]),
            "steps": DataFrame(steps, columns=["instant", "state", "moves"]),
        }

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Pause or resume."""
        if request.get("what") == "pause":
            self.pause()
        elif request.get("what") == "resume":
            self.resume()
        else:
            return super().answer(request)
        return {}

    def follow(self, name: str) -> None:
        """Show the lives chosen."""
        if name == "revision":
            self.refresh()

    def static_html(self) -> str:
        """Return the counters, the states and the last moves as tables."""
        if not self.told:
            return "<p>No event has come yet.</p>"
        told, totals = self.told, self.told["totals"]
        moved = f"{amount(totals['moves'], 'move')} in the last {self.span.removeprefix('1 ')}"
        counts = f"{amount(totals['aggregates'], 'aggregate')}, {moved}"
        columns = self._columns()
        states = table(columns, ([state[name] for name in columns] for state in told["cards"]))
        heads = ["at (UTC)", *MOVE[1:]]
        moves = table(heads, ([move.get(name) for name in MOVE] for move in map(_timed, told["moves"])))
        return card(f"{from_micros(told['at'])} UTC", counts, states, moves)

    def close(self) -> None:
        """Watch the follower no more, and go; the follower goes on."""
        if self.follower is not None:
            self.follower.unwatch(self._ticked)
        super().close()

    @property
    def title(self) -> str:
        """What is shown, and as of when."""
        return f"live, {from_micros(self.told['at'])} UTC" if self.told else "live, no event yet"

    def _columns(self) -> list[str]:
        """Return the columns of the states: which field, only where there are two."""
        has_tracks = any(state["field"] is not None for state in self.told.get("cards", []))
        return ["type", "field", *_STATES[1:]] if has_tracks else _STATES

    def _following(self) -> Follower:
        if self.follower is None:
            raise LogError("nothing feeds this log: give a follower, wb.widgets.live(log.follow(source))")
        return self.follower

    def _ticked(self, tick: Tick) -> None:
        try:
            if tick.loaded:
                self.refresh()
        except WorkbenchError as error:  # such as a chosen type that is ambiguous now
            self._unshown = str(error)
        self.feed = self._fed()

    def _fed(self) -> dict[str, Any]:
        if self.follower is None:
            return {}
        names = ("state", "source", "read", "loaded", "duplicate", "rejected")
        return {name: getattr(self.follower, name) for name in names} | {
            "notes": list(self.follower.notes[-1:]),
            "trouble": self._unshown or self.follower.trouble,
        }

    @traitlets.observe("span")
    def _respan(self, _: object) -> None:
        if self.told:
            self.refresh()


def _timed(move: Mapping[str, Any]) -> dict[str, Any]:
    return {**move, "at": from_micros(move["at"])}


def live(
    source: Follower | EventLog | str | Path,
    machines: Machines | None = None,
    *,
    span: str | timedelta = "1 hour",
    critical: Iterable[str] | None = None,
    selection: Selection | None = None,
) -> Live:
    """Return a dashboard of a log that grows.

    Parameters
    ----------
    source
        A follower, `log.follow("storage/events.ndjson")`, which is started; a path, which is followed into a log in
        memory; or a log, shown as it is.
    machines
        Colours, and which states are critical (`metadata: {critical: true}`, or false).
    span
        How far back changes, alarms and the chart look, from the last event on.
    critical
        Names of states that are critical where no machine says; "error", "failed", "suspended" and "cancelled" if left
        out.
    selection
        What other views have chosen; one type or one aggregate that is followed here is chosen there.

    Examples
    --------
    >>> import workbench as wb
    >>> shown = live(wb.read_events("sample_events/shop.ndjson").of("Order"), span="7 days")
    >>> shown.data()["states"][["state", "aggregates", "change"]].head(2).to_numpy().tolist()
    [['cancelled', 120, 8], ['fulfilled', 723, 84]]
    """
    from workbench.events.log import EventLog
    from workbench.events.storing import empty_log

    duration(span)
    alarming = Critical(machines, critical)
    if isinstance(source, EventLog):
        checked(source, machines, selection)
        return Live(source, None, alarming, span, selection)
    follower = source if isinstance(source, Follower) else empty_log().follow(source)
    checked(follower.log, machines, selection)
    shown = Live(follower.log, follower, alarming, span, selection)
    follower.start()
    return shown
