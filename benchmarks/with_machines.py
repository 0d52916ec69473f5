"""How long do machines take: a large one to read and to check, and bound ones to explore? No event is read."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import workbench as wb
from benchmarks.runs import ROOT
from workbench.machines.joint.behaviour import joint_behaviour

Rows = list[list[Any]]
STATES, TRANSITIONS = 2_000, 20_000
MACHINES, STEPS = 5, 10  # bound ones: STEPS ** MACHINES joint states
CORPUS = ROOT.parent / "shared" / "data" / "machines"  # 131 machines of other tools, where they are at hand


def make_machines(folder: Path) -> Path:
    """Return the folder that holds the made machines."""
    home = folder / "machines"
    home.mkdir(parents=True, exist_ok=True)
    (home / "large.yaml").write_text(_large(), encoding="utf-8")
    (home / "bound.yaml").write_text(_bound(), encoding="utf-8")
    (home / "settings.json").write_text(json.dumps({}), encoding="utf-8")
    return home


def _large() -> str:
    """Return a machine in which every state can be reached, with guards and actions of which some repeat."""
    chance, last = random.Random(7), STATES - 1  # noqa: S311  a reproducible machine, not a secret
    lines = ["name: Large", "model: Large", "initial_state: s0", "states:"]
    lines += [f"  - {{name: s{n}}}" for n in range(last)] + [f"  - {{name: s{last}, final: true}}", "transitions:"]
    for number in range(TRANSITIONS):
        begin, end = (number, number + 1) if number < last else (chance.randrange(last), chance.randrange(STATES))
        lines += [f"  - name: t{number}", f"    from: [s{begin}]", f"    to: s{end}"]
        lines += [f"    guard: Guard{chance.randrange(50)}", f"    action: Action{chance.randrange(50)}"]
    return "\n".join([*lines, ""])


def _bound() -> str:
    """Return machines that go round, each of which nudges the next when it begins anew."""
    documents = []
    for number in range(MACHINES):
        lines = [f"name: Ring{number}", f"model: Ring{number}", "initial_state: s0", "transitions:"]
        lines += [f"  - {{name: step{n}, from: s{n}, to: s{n + 1}}}" for n in range(STEPS - 1)]
        lines += [f"  - {{name: again, from: s{STEPS - 1}, to: s0, emits: Round{number}}}"]
        lines += ["  - {name: nudge, from: s4, to: s6}"]
        documents.append("\n".join(lines))
    pairs = [(number, (number + 1) % MACHINES) for number in range(MACHINES)]
    bindings = [f"  - {{event: Round{one}, target_models: [Ring{other}], transition: nudge}}" for one, other in pairs]
    return "\n---\n".join([*documents, "\n".join(["event_bindings:", *bindings])]) + "\n"


def load(home: Path) -> dict[str, Any]:
    """Return the machines, read."""
    folder = CORPUS if CORPUS.is_dir() else ROOT / "machines"
    each = [machine for file in folder.glob("*.yaml") for machine in wb.read_machines(file, strict=False).values()]
    largest = max(each, key=lambda machine: machine.graph.number_of_edges())
    large = wb.read_machines(home / "large.yaml")["Large"]
    return {"home": home, "largest": largest, "large": large, "bound": wb.read_machines(home / "bound.yaml")}


def _checked(machine: wb.Machine) -> Rows:
    """Return the findings of a copy, which has worked out nothing before."""
    return [[machine.name, len(machine.states), len(wb.check(wb.Machines([replace(machine)])))]]


def check_largest(loaded: dict[str, Any], _: dict[str, Any]) -> Rows:
    """Return the findings of the largest machine of other tools, or, without those, of the shipped ones."""
    return _checked(loaded["largest"])


def read_large(loaded: dict[str, Any], _: dict[str, Any]) -> Rows:
    """Return the size of the made machine, read from its file."""
    machine = wb.read_machines(loaded["home"] / "large.yaml")["Large"]
    return [[machine.name, len(machine.states), len(machine.transitions)]]


def check_large(loaded: dict[str, Any], _: dict[str, Any]) -> Rows:
    """Return the findings of the made machine."""
    return _checked(loaded["large"])


def explore_bound(loaded: dict[str, Any], _: dict[str, Any]) -> Rows:
    """Return the joint states of the bound machines; each of them may also move by itself."""
    (component,) = joint_behaviour(loaded["bound"], mode="open").components
    return [["bound", component.sure.states, component.sure.edges]]


QUESTIONS = {f.__name__: f for f in (check_largest, read_large, check_large, explore_bound)}
