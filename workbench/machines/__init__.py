"""Machines: YAML files read into frozen models, with a place for every name, and checked by registered rules."""

from __future__ import annotations

from workbench.machines.checking import check
from workbench.machines.collection import Machines, Match
from workbench.machines.findings import Finding, Findings, Place
from workbench.machines.guards import And, Guard, Name, Not, Or
from workbench.machines.model import Binding, Machine, State, Transition
from workbench.machines.properties import Property, Verdicts, holds
from workbench.machines.reader import read_machines
from workbench.machines.registry import Rule
from workbench.machines.rules import RULES

__all__ = [
    "RULES",
    "And",
    "Binding",
    "Finding",
    "Findings",
    "Guard",
    "Machine",
    "Machines",
    "Match",
    "Name",
    "Not",
    "Or",
    "Place",
    "Property",
    "Rule",
    "State",
    "Transition",
    "Verdicts",
    "check",
    "holds",
    "read_machines",
]
