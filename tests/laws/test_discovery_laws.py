"""A machine discovered in a log allows all of it, and its lives need no repair."""

from __future__ import annotations

from dataclasses import replace

from drawn_logs import exports, few
from hypothesis import given
from told import MACHINE

import workbench as wb
from workbench.errors import MachineError
from workbench.machines import Machine, Machines
from workbench.machines.reader import read_text


@few(4)
@given(export=exports())
def test_a_discovered_machine_has_fitness_one(export):
    with export.read() as log:
        for full, field in log.sql(
            "SELECT DISTINCT aggregate_type, field FROM lives WHERE field IS NOT NULL ORDER BY ALL"
        ).fetchall():
            part = log.of(full)
            machines = Machines([wb.discover(part, field=field)])
            assert wb.off_machine(part, machines).fetchall() == []
            fit = wb.conformance(part, machines).filter("machine IS NOT NULL").select("fitness, lives = lives_fitting")
            assert fit.fetchall() == [(1.0, True)]
            assert wb.unused(part, machines).fetchall() == []


def patched(machine: Machine, patch: str) -> Machine:
    """Return a machine with the states and transitions of a patch added, or in place of those of the same name."""
    more = read_text(f"name: Patch\ninitial_state: a\n{patch}\n")["Patch"]
    states = {state.name: state for state in machine.states}
    states |= {state.name: state for state in more.states if not state.implied}
    transitions = list(machine.transitions)
    for new in more.transitions:
        same = [n for n, old in enumerate(transitions) if (old.name, old.to_state) == (new.name, new.to_state)]
        if same:
            transitions[same[0]] = new
        else:
            transitions.append(new)
    return replace(machine, states=tuple(states.values()), transitions=tuple(transitions))


@few(4)
@given(export=exports())
def test_a_repair_delivers_exactly_the_gain_it_names(export):
    machine = read_text(MACHINE)["OrderStateMachine"]
    with export.read() as log:
        if "App\\Models\\Order" not in {row[0] for row in log.sql("SELECT aggregate_type FROM lives").fetchall()}:
            return
        part = log.of("App\\Models\\Order")

        def fit(one: Machine) -> tuple[int, int]:
            table = wb.conformance(part, Machines([one]), match={"App\\Models\\Order": one.name})
            rows = table.filter("machine IS NOT NULL AND type IS NOT NULL").select("off_machine, lives_fitting")
            off, fitting = zip(*rows.fetchall(), strict=True)
            return sum(off), sum(fitting)

        try:
            before = fit(machine)
        except MachineError:
            return  # two state fields, and the machine says neither
        told = wb.repairs(part, Machines([machine]), match={"App\\Models\\Order": machine.name})
        gains = told.select("moves, aggregates, patch").fetchall()
        for moves, aggregates, patch in gains:
            after = fit(patched(machine, patch))
            assert (before[0] - after[0], after[1] - before[1]) == (moves, aggregates), patch
        assert gains or before[0] == 0
