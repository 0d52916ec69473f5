"""What does a machine look like, what is said of each part, and how much of it was used? A drawing to walk in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from workbench.cards import Html, amount, card
from workbench.errors import MachineError, UnknownNameError
from workbench.figures.theme import inks
from workbench.machines import Machine, Machines, check
from workbench.machines.still import still_svg
from workbench.widgets.arguments import checked
from workbench.widgets.machine_facts import state_facts, transition_facts
from workbench.widgets.machine_usage import Usage, usage_of
from workbench.widgets.shown_machine import with_strange
from workbench.widgets.views import View

if TYPE_CHECKING:
    from pandas import DataFrame

    from workbench.events import EventLog
    from workbench.widgets.selections import Selection


class MachineView(View, view="machine"):
    """A machine to pan and zoom; a state or transition that is pressed tells its facts and the way there.

    Attributes
    ----------
    picked
        The part whose facts are told: {"state": name} or {"transition": ordinal in the file}; empty for none.
    overlay
        "log" for how often each part was used, "none" for the machine alone.
    """

    picked = traitlets.Dict().tag(sync=True)
    overlay = traitlets.Enum(["log", "none"], "none").tag(sync=True)

    name = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    drawing: Any = traitlets.Dict(allow_none=True).tag(sync=True)
    states: Any = traitlets.List().tag(sync=True)
    transitions: Any = traitlets.List().tag(sync=True)
    findings: Any = traitlets.List().tag(sync=True)

    def __init__(self, machine: Machine, log: EventLog | None = None, selection: Selection | None = None) -> None:
        self._machine = machine
        super().__init__(log, selection)
        self.overlay = "none" if log is None else "log"
        self._show()

    def data(self) -> DataFrame:
        """Return what is shown of each part.

        Returns
        -------
        DataFrame
            kind ("state", "transition", or "off the machine"), name, from_state, to_state, times (stays in a state;
            moves along a transition; None without a log), median_seconds (of closed stays; before the move), findings
            (their codes). In the order of the machine.
        """
        from pandas import DataFrame

        rows = [("state", one["name"], None, None, one) for one in self.states]
        rows += [
            ("off the machine" if one["off"] else "transition", one["name"], pair["from"], one["to"], {**one, **pair})
            for one in self.transitions
            for pair in one["pairs"]
        ]
        columns = ("kind", "name", "from_state", "to_state", "times", "median_seconds", "findings")
        told = [
            (*row, facts.get("times"), facts.get("median"), [self.findings[n]["code"] for n in facts["findings"]])
            for *row, facts in rows
        ]
        return DataFrame(told, columns=list(columns))

    def static_html(self) -> str:
        """Return the machine as a drawing; where a log is shown, with the stays in each state and what was off it."""
        if self.overlay == "none" or not self.drawing:
            return self._machine.svg()
        stays = {one["name"]: one["times"] for one in self.states}
        said = "Numbers: stays in the state. Dashed: moved, though no transition allows it."
        return card("", said, Html(f'<div class="wb-wide">{still_svg(self.drawing, stays, said)}</div>'))

    @property
    def title(self) -> str:
        """What the machine is called."""
        return self._machine.name

    def follow(self, name: str) -> None:
        """Count the lives chosen."""
        if name == "revision":
            self._show()

    def _show(self) -> None:
        with self._lock:
            used = Usage() if self._fork is None else usage_of(self.part(), self._machine)
        shown = with_strange(self._machine, used.moves)
        found = check(Machines([self._machine]))
        ink = inks(shown.machine.state_names, self._machine)
        with self.hold_sync():
            self.name, self.about = self._machine.name, _about(self._machine)
            self.findings = [
                {"code": one.code, "severity": one.severity, "message": one.message, "line": one.line,
                 "subjects": list(one.subjects)}
                for one in found
            ]  # fmt: skip
            self.states = state_facts(shown, self._machine, used, found)
            self.transitions = transition_facts(shown, used, found)
            self.drawing = shown.drawing({name: tint.color for name, tint in ink.items()})

    @traitlets.validate("picked")
    def _a_part(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        picked = dict(proposal["value"])
        if "state" in picked and picked["state"] not in {one["name"] for one in self.states}:
            raise UnknownNameError.of("state", picked["state"], self._machine.state_names, where=self._machine.name)
        if "transition" in picked and not 0 <= picked["transition"] < len(self.transitions):
            many = len(self.transitions)
            raise UnknownNameError(f"no transition {picked['transition']} in {self._machine.name}: it has {many}")
        return picked


def machine(
    machine: Machine | Machines, log: EventLog | None = None, *, selection: Selection | None = None
) -> MachineView:
    """Return a machine to walk around in: press a state or transition for its facts and the shortest way there.

    Parameters
    ----------
    machine
        The machine, or Machines that hold one.
    log
        Shows how often each part was used and for how long, what never was, and moves off the machine.
    selection
        What other views have chosen: its lives are counted.

    Raises
    ------
    UnknownNameError
        When Machines hold several: says which.

    Examples
    --------
    >>> import workbench as wb
    >>> shown = machine(wb.read_machines("machines/order.yaml"), wb.read_events("sample_events/shop.ndjson"))
    >>> shown.data().query("kind == 'off the machine'")[["from_state", "to_state", "times"]].values.tolist()
    [['pending', 'fulfilled', 3]]
    """
    if isinstance(machine, Machines):
        if len(machine) != 1:
            names = ", ".join(machine)
            raise UnknownNameError(f"one machine is drawn at a time: take one of them by its name: {names}")
        (machine,) = machine.values()
    if not isinstance(machine, Machine):
        raise MachineError(f"a machine is drawn, as read_machines reads them, not {type(machine).__name__}")
    if log is not None:
        checked(log, selection=selection)
    return MachineView(machine, log, selection)


def _about(machine: Machine) -> str:
    said = [machine.description, f"model {machine.model}" if machine.model else None, f"field {machine.field}"]
    said += [f"{amount(len(machine.states), 'state')}, {amount(len(machine.transitions), 'transition')}"]
    return " · ".join(filter(None, said))
