"""What do the declared machines look like?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import workbench as wb
from workbench.cards import amount
from workbench.report.markup import Drawing, Row, Section, folded, table

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match


def declared(machines: Machines, log: EventLog, match: Match | None) -> Section:
    """Return each machine as a picture with its traffic, its transitions behind it."""
    moves = wb.transition_counts(log).to_dicts()
    traffic: dict[str, list[Row]] = {}
    for short in log.types:
        for machine in machines.for_type(short, log.full_type(short), match):
            traffic[machine.name] = [move for move in moves if move["type"] == short]
    parts = [_machine(machine, traffic.get(machine.name)) for machine in machines.values()]
    asked = ("wb.read_machines(path)", "wb.transition_counts(log)")
    return Section("The declared machines", "As their YAML files say; as wide as they were busy.", asked, parts=parts)


def _machine(machine: Machine, moves: list[Row] | None) -> Section:
    light, dark = (wb.figures.machine(machine, moves, dark=night) for night in (False, True))
    drawn = Drawing(light, dark, f"machine {machine.name}")
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
    counted = f"{amount(len(machine.states), 'state')}, {amount(len(transitions), 'transition')}"
    lead = f"{counted}; {machine.place or machine.path}."
    return Section(machine.name, lead, (), (drawn,), (folded("Transitions", table(transitions)),))
