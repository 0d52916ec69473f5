"""Which rules are there? Each is a function, registered with its code, its severity and its examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING, Literal

from workbench.errors import UnknownNameError
from workbench.machines.findings import Complaint, Finding, Severity

if TYPE_CHECKING:
    from workbench.machines.collection import Machines
    from workbench.machines.history import History
    from workbench.machines.model import Machine
    from workbench.machines.settings import Settings

Scope = Literal["reading", "machine", "machines", "history"]
Check = Callable[..., Iterable[Complaint]]

_EXAMPLE = re.compile(r"^(Incorrect|Correct|Settings|Log)::\n\n((?:[ \t]+.*\n|\n)+)", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    """What can be wrong, as one function says it.

    `scope` says what the function looks at: one machine, all machines with their bindings, or nothing, where the
    complaint arises while reading; or at one machine and what a log says about it. `configured` tells whether it looks
    at the settings too.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope
    function: Check
    configured: bool = False

    @property
    def text(self) -> str:
        """Return the whole docstring."""
        return inspect.getdoc(self.function) or ""

    @property
    def summary(self) -> str:
        """Return what is wrong, in one line."""
        return self.text.partition("\n")[0]

    @property
    def explanation(self) -> str:
        """Return the docstring without its first line and its examples."""
        return _EXAMPLE.sub("", self.text.partition("\n")[2] + "\n").strip()

    @property
    def incorrect(self) -> str:
        """Return the YAML that breaks the rule."""
        return self._example("Incorrect")

    @property
    def correct(self) -> str:
        """Return the YAML that keeps it."""
        return self._example("Correct")

    @property
    def settings(self) -> str:
        """Return the settings with which the examples break and keep it; empty where none are needed."""
        return self._example("Settings")

    @property
    def log(self) -> str:
        """Return the lives with which the examples break and keep it, as YAML: aggregate -> states in order."""
        return self._example("Log")

    def _example(self, kind: str) -> str:
        examples = {name: dedent(text).strip() + "\n" for name, text in _EXAMPLE.findall(self.text + "\n")}
        return examples.get(kind, "")

    def finding(self, complaint: Complaint, machine: str | None = None) -> Finding:
        """Return the complaint as a finding of this rule."""
        place, message, subjects, witness, severity = complaint
        return Finding(
            self.code,
            self.name,
            severity or self.severity,
            machine,
            place.file,
            place.line,
            place.column,
            message,
            subjects,
            witness,
        )

    def over_machine(self, machine: Machine, settings: Settings | None = None) -> list[Finding]:
        """Return what this rule finds in one machine."""
        return [self.finding(complaint, machine.name) for complaint in self._complaints(machine, settings)]

    def over_machines(self, machines: Machines, settings: Settings | None = None) -> list[Finding]:
        """Return what this rule finds in all machines together."""
        return [self.finding(complaint) for complaint in self._complaints(machines, settings)]

    def over_history(self, machine: Machine, history: History) -> list[Finding]:
        """Return what this rule finds in what a log says about one machine."""
        return [self.finding(complaint, machine.name) for complaint in self.function(machine, history)]

    def _complaints(self, subject: Machine | Machines, settings: Settings | None) -> Iterable[Complaint]:
        from workbench.machines.settings import Settings

        return self.function(subject, settings or Settings()) if self.configured else self.function(subject)


class Rules(dict[str, Rule]):
    """The rules by code, in the order of their codes."""

    def __missing__(self, code: str) -> Rule:
        raise UnknownNameError.of("rule", code, self)

    def register(self, code: str, severity: Severity, *, scope: Scope = "machine") -> Callable[[Check], Check]:
        """Return a decorator that registers a function as the rule of this code.

        The function's name is the rule's name; its docstring holds an `Incorrect::` and a `Correct::` example, and
        the `Settings::` or the `Log::` these need. A function with a second parameter is given the settings, or in the
        scope "history" what the log says.
        """

        def registered(function: Check) -> Check:
            if code in self:
                raise ValueError(f"two rules bear the code {code}: {self[code].name} and {function.__name__}")
            configured = scope != "history" and len(inspect.signature(function).parameters) > 1
            self[code] = Rule(code, function.__name__, severity, scope, function, configured)
            in_order = sorted(self.items())
            self.clear()
            self.update(in_order)
            return function

        return registered


RULES = Rules()
rule = RULES.register
