"""What is wrong with these machines?"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.machines.collection import Machines
from workbench.machines.findings import Findings, in_reading_order
from workbench.machines.model import Machine
from workbench.machines.rules import RULES


def check(machines: Machines | Machine | Iterable[Machine]) -> Findings:
    """Return everything the rules find, and what was found while reading, by file and line.

    Parameters
    ----------
    machines
        What `read_machines` returned (with `strict=False` its errors are among the findings), or a machine or several.

    Returns
    -------
    Findings
        A sequence of Finding: code, rule, severity, machine, file, line, column, message, subjects, witness.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> check(read_machines("machines/")).errors
    <Findings: no findings>
    """
    if isinstance(machines, Machine):
        machines = Machines([machines])
    elif not isinstance(machines, Machines):
        machines = Machines(machines)
    found = list(machines.findings)
    for rule in RULES.values():
        if rule.scope == "machine":
            for machine in machines.values():
                found.extend(rule.over_machine(machine))
        elif rule.scope == "machines":
            found.extend(rule.over_machines(machines))
    return Findings(in_reading_order(found))
