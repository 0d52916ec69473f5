"""Which ways do lives take? Every sequence of states as a ribbon; those picked filter all other views."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.cards import amount, card, table
from workbench.errors import LogError
from workbench.figures.theme import inks
from workbench.metrics import variants
from workbench.metrics.tracks import machine_of
from workbench.sql import literal
from workbench.widgets.arguments import checked
from workbench.widgets.tracked import short_name, track_of
from workbench.widgets.views import View

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines
    from workbench.widgets.selections import Selection

_LOOPS = ["keep", "collapse"]
_MOST = 200  # variants that travel with the view
_LONGEST = 60  # states of a ribbon
_COLUMNS = ("variant", "states", "aggregates", "share", "median_seconds", "coverage")


class VariantsExplorer(View, view="variants"):
    """Every sequence of states with how many took it, whether it fits the machine, and what share is covered.

    Attributes
    ----------
    loops
        "keep", or "collapse": a block of states that follows itself is told once.
    picked
        The rank of the variant picked, 0 for none; its lives are chosen in all views with this selection.
    through, fitting
        Which ways are drawn: those through a state whose name holds this; that "fits" the machine, is "off" it, or "".
    """

    loops = traitlets.Enum(_LOOPS, "keep").tag(sync=True)
    picked = traitlets.Int(0).tag(sync=True)
    through = traitlets.Unicode().tag(sync=True)
    fitting = traitlets.Enum(["", "fits", "off"], "").tag(sync=True)

    name = traitlets.Unicode().tag(sync=True)
    rows: Any = traitlets.List().tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    lives = traitlets.Int().tag(sync=True)
    colors = traitlets.Dict().tag(sync=True)
    judged = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        log: EventLog,
        type: str,
        machines: Machines | None = None,
        loops: str = "keep",
        selection: Selection | None = None,
    ) -> None:
        self._type, self._machines = type, machines
        self._machine = machine_of(log, type, machines)
        super().__init__(log, selection, loops=loops)
        self._show()

    def data(self) -> DuckDBPyRelation:
        """Return the answer of `variants` for the type, the loops and the ways shown, however many are drawn.

        Of two state fields it is the machine's, else the one with the most moves.
        """
        found = self._found()
        if self.through.strip():
            words = literal(self.through.strip())
            found = found.filter(f"contains(lower(array_to_string(states, chr(10))), lower({words}))")
        if self.fitting and self.judged:
            found = found.filter("fitting" if self.fitting == "fits" else "fitting IS NOT TRUE")
        return found

    def _found(self) -> DuckDBPyRelation:
        with self._lock:
            part = self._log.of(self._type)
            found = variants(part, self._machines, loops=self.loops)
            if "field" not in found.columns:
                return found
            return found.filter(f"field = {literal(track_of(part, self._machine))}")

    def pick(self, rank: int) -> None:
        """Choose the lives of a variant by its rank in all views with this selection; 0 chooses all lives again.

        Raises
        ------
        LogError
            For a rank that is not shown, and while loops are collapsed, for which no choice can be written.
        """
        if not rank:
            self.picked = 0
            self.selection.clear()
            return
        if self.loops == "collapse":
            raise LogError("while loops are collapsed no variant can be chosen: show them all first")
        if rank not in self._ways:
            raise LogError(f"no variant {rank} is shown: there are {len(self.rows)}")
        self.picked = rank
        others: dict[str, Any] = {"aggregates": (), "states": (), "transitions": (), "since": None, "before": None}
        self.selection.choose(type=self._type, variant=self._ways[rank], **others)

    def answer(self, request: Mapping[str, Any]) -> Any:
        """Show variants with or without loops."""
        if request.get("what") == "loops":
            self.loops = request["loops"]
            return {}
        return super().answer(request)

    def follow(self, name: str) -> None:
        """Mark no variant any more when another view chose others."""
        if name == "revision" and self.picked and self._ways.get(self.picked) != tuple(self.selection.variant):
            self.picked = 0

    def static_html(self) -> str:
        """Return the variants as a table."""
        rows = [[row[name] for name in _COLUMNS] for row in self.rows[:20]]
        return card(f"{self.title} of {amount(self.lives, 'life', 'lives')}", table(_COLUMNS, rows))

    @property
    def title(self) -> str:
        """How many ways there are."""
        return f"{self._type}: {amount(self.total, 'variant')}"

    @traitlets.observe("loops")
    def _show(self, _: object = None) -> None:
        found = self._found().df()
        shown = found.head(_MOST)
        states = sorted({state for row in shown["states"] for state in row})
        self._ways = {int(rank): tuple(way) for rank, way in zip(shown["variant"], shown["states"], strict=True)}
        with self.hold_sync():
            self.picked = 0
            self.name, self.total, self.lives = self._type, len(found), int(found["aggregates"].sum())
            self.judged = "fitting" in found and bool(found["fitting"].notna().any())
            self.rows = [self._told(row) for row in shown.to_dict("records")]
            self.colors = {state: ink.color for state, ink in inks(states, self._machine).items()}

    def _told(self, row: Mapping[str, Any]) -> dict[str, Any]:
        states = [str(state) for state in row["states"]]
        median, fitting = row["median_seconds"], row.get("fitting")
        return {
            "variant": int(row["variant"]),
            "states": states[:_LONGEST],
            "length": len(states),
            "aggregates": int(row["aggregates"]),
            "share": float(row["share"]),
            "coverage": float(row["coverage"]),
            "median_seconds": None if median != median else float(median),  # noqa: PLR0124  NaN
            "fits": bool(fitting) if self.judged else None,
            "happy": bool(row["happy"]),
        }


def variants_explorer(
    log: EventLog,
    type: str,
    machines: Machines | None = None,
    *,
    loops: str = "keep",
    selection: Selection | None = None,
) -> VariantsExplorer:
    """Return every way that lives take as a ribbon; a ribbon that is picked filters the other views.

    Parameters
    ----------
    log
        A log, or a part of one.
    type
        Whose lives: "Order".
    machines
        Tell which ways fit.
    loops
        "keep", or "collapse", as `variants` takes it.
    selection
        What other views have chosen; a variant that is picked is chosen there.

    Raises
    ------
    UnknownNameError
        When the log has no such type.

    Examples
    --------
    >>> import workbench as wb
    >>> shown = variants_explorer(wb.read_events("sample_events/shop.ndjson"), "Order")
    >>> shown.pick(2)
    >>> print(shown.selection)
    chosen = log.of('Order').where(variant=['pending', 'cancelled'])
    """
    checked(log, machines, selection)
    if loops not in _LOOPS:
        raise LogError(f"loops= is 'keep' or 'collapse', not {loops!r}")
    return VariantsExplorer(log, short_name(log, type), machines, loops, selection)
