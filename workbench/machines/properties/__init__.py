"""Properties: what must hold of every run, proved of a machine and asked of a log by the same automaton."""

from __future__ import annotations

from workbench.machines.properties.automata import Automaton, automaton_of
from workbench.machines.properties.conditions import Answer, Condition
from workbench.machines.properties.declared import Property, read_property
from workbench.machines.properties.judging import Breach, Judgement, Word, breaches, judgement
from workbench.machines.properties.proving import Proof, prove
from workbench.machines.properties.templates import TEMPLATES, Template
from workbench.machines.properties.verdicts import Asked, Verdicts, holds, properties_of

__all__ = [
    "TEMPLATES",
    "Answer",
    "Asked",
    "Automaton",
    "Breach",
    "Condition",
    "Judgement",
    "Proof",
    "Property",
    "Template",
    "Verdicts",
    "Word",
    "automaton_of",
    "breaches",
    "holds",
    "judgement",
    "properties_of",
    "prove",
    "read_property",
]
