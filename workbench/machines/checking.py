"""What is wrong with these machines?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workbench.machines.collection import Machines
from workbench.machines.findings import Finding, Findings, in_reading_order
from workbench.machines.findings_ignored import not_ignored
from workbench.machines.history import History
from workbench.machines.model import Machine
from workbench.machines.rules import RULES
from workbench.machines.settings import Settings


def check(
    machines: Machines | Machine | Iterable[Machine],
    settings: Settings | None = None,
    history: Mapping[str, History] | None = None,
) -> Findings:
    """Return everything the rules find, and what was found while reading, by file and line.

    A comment `# workbench: ignore SM305` silences a rule on its line, or alone on a line on the next one;
    `# workbench: ignore-file SM305` silences it in the whole file.

    Parameters
    ----------
    machines
        What `read_machines` returned (with `strict=False` its errors are among the findings), or a machine or several.
    settings
        Levels, profile and known names, as `read_settings` returns them; left out, every rule is as it is listed.
    history
        What a log says about the machines, from `workbench.metrics.rules.machine_history.history_of`; left out,
        SM701 to SM705 find nothing.

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
    settings = settings or Settings()
    found = [kept for finding in _found(machines, settings, history or {}) if (kept := settings.applied(finding))]
    return Findings(in_reading_order(not_ignored(found)))


def _found(machines: Machines, settings: Settings, history: Mapping[str, History]) -> Iterable[Finding]:
    yield from machines.findings
    for rule in RULES.values():
        if rule.scope == "reading" or settings.level(rule.code) == "off":
            continue
        if rule.scope == "machine":
            for machine in machines.values():
                yield from rule.over_machine(machine, settings)
        elif rule.scope == "history":
            for machine in machines.values():
                if machine.name in history:
                    yield from rule.over_history(machine, history[machine.name])
        else:
            yield from rule.over_machines(machines, settings)
