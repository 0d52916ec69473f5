"""What happened, to whom, by whom? Every event of a log to filter and scroll through, however many there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.cards import amount, card, table
from workbench.custody import Provenance
from workbench.errors import LogError, UnknownNameError
from workbench.figures.theme import inks
from workbench.lives import replay
from workbench.metrics.exploring import Density, density, page
from workbench.metrics.trail import asked_for
from workbench.sql import copy_out
from workbench.widgets.arguments import checked
from workbench.widgets.life_facts import details
from workbench.widgets.views import View
from workbench.widgets.wire import from_micros, micros
from workbench.writing import write_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.widgets.selections import Selection

_CONDITIONS = ("type", "state", "event_type", "actor", "since", "before", "text", "correlation")
_BLOCK = 100
_FIRST = 200  # rows that travel with the view
_MOST_NAMES = 300
_BARS = 240
_STILL = 20
_AROUND = 500  # events of a life on either side of the one pressed


class AuditExplorer(View, view="audit"):
    """Every event that meets the conditions, in order of time; a row that is pressed opens its life.

    Attributes
    ----------
    conditions
        type, state, event_type, actor, since, before, text, correlation: those of `audit_trail`, and a type.
    newest
        Whether the newest event comes first.
    line
        How many lines lie above the first one on the screen.
    opened
        The event whose life is shown: its type, id and place; empty for none.
    """

    conditions = traitlets.Dict().tag(sync=True)
    newest = traitlets.Bool().tag(sync=True)
    line = traitlets.Int().tag(sync=True)
    opened: Any = traitlets.List().tag(sync=True)

    total = traitlets.Int().tag(sync=True)
    bars: Any = traitlets.List().tag(sync=True)
    last: Any = traitlets.Int(None, allow_none=True).tag(sync=True)
    first: Any = traitlets.List().tag(sync=True)
    names = traitlets.Dict().tag(sync=True)
    colors = traitlets.Dict().tag(sync=True)

    def __init__(
        self, log: EventLog, conditions: Mapping[str, Any] | None = None, selection: Selection | None = None
    ) -> None:
        self._density = Density((), ())
        super().__init__(log, selection)
        with self._lock:
            self.names = _names(self._log)
            self.colors = {name: ink.color for name, ink in inks(self.names["state"]).items()}
        self.conditions = dict(conditions or {})
        self._show()

    def data(self) -> DuckDBPyRelation:
        """Return every event that meets the conditions, not only those on the screen.

        Returns
        -------
        DuckDBPyRelation
            type VARCHAR; aggregate_id VARCHAR; place BIGINT; occurred_at TIMESTAMP (UTC, as the event says);
            event_type VARCHAR; from_state VARCHAR, to_state VARCHAR (NULL where it moves nothing); actor VARCHAR;
            event_id VARCHAR. Ordered by effective time, then life and place; from the last on where the newest come
            first.
        """
        with self._lock:
            found = page(*self._asked(self.conditions), self._density)
        if not self.newest:
            return found
        return found.project("*, row_number() OVER () AS line").order("line DESC").project("* EXCLUDE (line)")

    def export(self, path: str | Path) -> Path:
        """Write exactly what is shown to a .csv or .parquet file, and beside it where it comes from; return its path.

        The second file has the name of the first and `.provenance.json`: the log's sources with their hashes, the
        conditions, the code that asks again, and the versions.

        Raises
        ------
        LogError, SourceError
            When the name ends in neither, or it cannot be written there.
        """
        target = Path(path)
        formats = {".csv": "csv, HEADER", ".parquet": "parquet"}
        if target.suffix not in formats:
            raise LogError(f"{target.name} should end in .csv or .parquet")
        with self._lock:
            part, asked = self._asked(self.conditions)
            told = Provenance.of(part, "audit_trail", asked)
            rows = self.data().sql_query()
            copy_out(part.connection, rows, target, f"FORMAT {formats[target.suffix]}")
        write_text(target.with_name(f"{target.name}.provenance.json"), told.json())
        return target

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Return a block of rows, the life behind a row, or where an export was written."""
        what = request.get("what")
        if what == "filter":
            self.conditions = dict(request["conditions"])
            return {"total": self.total}
        if what == "rows":
            return self._rows(int(request["from"]), _BLOCK)
        if what == "life":
            return self._life(str(request["type"]), str(request["id"]), int(request["place"]))
        if what == "export":
            return {"path": str(self.export(str(request["path"])))}
        return super().answer(request)

    def follow(self, name: str) -> None:
        """Show the events of the lives chosen."""
        if name == "revision":
            self._show()

    def static_html(self) -> str:
        """Return the first events as a table."""
        columns = ("at (UTC)", "type", "id", "event", "from", "to", "by")
        rows = [[from_micros(row[3]), row[0], row[1], row[4], row[5], row[6], row[7]] for row in self.first[:_STILL]]
        return card(self.title, table(columns, rows))

    @property
    def title(self) -> str:
        """How many events are shown."""
        return f"Audit trail: {amount(self.total, 'event')}"

    def _asked(self, conditions: Mapping[str, Any]) -> tuple[EventLog, dict[str, Any]]:
        """Return the lives that are asked about, and the conditions on their events."""
        part, of_events = self.part(), dict(conditions)
        type = of_events.pop("type", None)
        return part.of(type) if type else part, of_events

    @traitlets.validate("conditions")
    def _understood(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        given = {name: value for name, value in proposal["value"].items() if value not in (None, "")}
        for name in given:
            if name not in _CONDITIONS:
                raise UnknownNameError.of("condition", name, _CONDITIONS, where="an audit explorer")
        with self._lock:
            part, asked = self._asked(given)
            asked_for(part, **asked)
        return given

    @traitlets.observe("conditions")
    def _show(self, _: object = None) -> None:
        """Count what meets the conditions, and read the first rows."""
        with self._lock, self.hold_sync():
            found = self._density = density(*self._asked(self.conditions))
            self.total, self.bars = found.total, _bars(found)
            self.last = None if found.last is None else micros(found.last)
            self.first, self.line, self.opened = self._rows(0, _FIRST), 0, []

    def _rows(self, position: int, size: int) -> list[list[Any]]:
        rows = page(*self._asked(self.conditions), self._density, position, size).fetchall()
        return [[*row[:3], micros(row[3]), *row[4:]] for row in rows]

    def _life(self, type: str, id: str, place: int) -> dict[str, Any]:
        life = replay(self._log.of(type, id))
        lines = [
            [moment.place, micros(moment.occurred_at), moment.event_type, moment.state, moment.actor] for moment in life
        ]
        first = max(0, place - _AROUND)
        return {"events": lines[first : place + _AROUND], "many": len(lines), "told": details(life, place)}


def audit_explorer(log: EventLog, *, selection: Selection | None = None, **conditions: Any) -> AuditExplorer:
    """Return every event of a log, to filter and to scroll through; a row opens its life.

    Parameters
    ----------
    log
        A log, or a part of one.
    selection
        What other views have chosen: its lives are shown; a row can choose its own.
    conditions
        To begin with: type, state, event_type, actor, since, before, text, correlation, as `audit_trail` takes them.

    Raises
    ------
    UnknownNameError, LogError, InstantError
        For a condition that the log does not know or that cannot be understood.

    Examples
    --------
    >>> import workbench as wb
    >>> shown = audit_explorer(wb.read_events("sample_events/shop.ndjson"), type="Order", state="cancelled")
    >>> shown.total, shown.data().project("aggregate_id, actor").limit(1).fetchall()
    (120, [('11', None)])
    """
    checked(log, selection=selection)
    return AuditExplorer(log, conditions, selection)


def _bars(found: Density) -> list[list[int]]:
    """Return the steps of time as [start (microseconds), events before it, events], 240 at most."""
    together = -(-len(found.starts) // _BARS) or 1
    return [
        [micros(found.starts[n]), found.before[n], sum(found.events[n : n + together])]
        for n in range(0, len(found.starts), together)
    ]


def _names(log: EventLog) -> dict[str, list[str]]:
    """Return what can be chosen by name: the types, states, event types and actors, the most frequent of many."""

    def most(column: str, table: str) -> list[str]:
        rows = log.sql(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1")
        return [row[0] for row in rows.limit(_MOST_NAMES).fetchall()]

    return {
        "type": list(log.types),
        "state": most("to_state", "moves"),
        "event_type": most("event_type", "events"),
        "actor": most("actor", "events"),
    }
