"""What do the declared machines look like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import workbench as wb
from workbench.report.markup import Drawing, Section, folded, table

if TYPE_CHECKING:
    from workbench.machines import Machine, Machines


def declared(machines: Machines) -> Section:
    """Return each machine as a picture, its transitions behind it."""
    parts = [_machine(machine) for machine in machines.values()]
    return Section("The declared machines", "As their YAML files say.", ("wb.read_machines(path)",), parts=parts)


def _machine(machine: Machine) -> Section:
    drawn = Drawing(wb.figures.machine(machine), wb.figures.machine(machine, dark=True), f"machine {machine.name}")
    transitions = [
        {
            "transition": transition.name,
            "from": ", ".join(transition.from_states),
            "to": transition.to_state,
            "guard": None if transition.guard is None else str(transition.guard),
            "actions": ", ".join(transition.actions) or None,
        }
        for transition in machine.transitions
    ]
    lead = f"{len(machine.states)} states, {len(transitions)} transitions; {machine.place or machine.path}."
    return Section(machine.name, lead, (), (drawn,), (folded("Transitions", table(transitions)),))
