"""How does a project want its machines checked: which rules, how severe, by which semantics, with which names known?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from workbench.machines.findings import Finding, Severity
from workbench.machines.profiles import Profile

Level = Literal["off", "info", "warning", "error"]
FailOn = Literal["error", "warning", "info", "never"]


@dataclass(frozen=True)
class Settings:
    """What a check is told.

    `levels` maps codes, or beginnings of codes, to a severity or off; the longest that fits counts. `guards` and
    `actions` are the names the application knows; None: nothing is known of them. `file` is where this was read.
    """

    profile: Profile | None = None
    levels: Mapping[str, Level] = dataclasses.field(default_factory=lambda: MappingProxyType({}), hash=False)
    guards: tuple[str, ...] | None = None
    actions: tuple[str, ...] | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: FailOn = "error"
    baseline: str | None = None
    file: str = ""

    def level(self, code: str) -> Level | None:
        """Return the level set for a code; None where nothing is set."""
        fitting = [begin for begin in self.levels if code.startswith(begin)]
        return self.levels[max(fitting, key=len)] if fitting else None

    def applied(self, finding: Finding) -> Finding | None:
        """Return the finding at the severity set for its code, or None where that is off or the code not selected."""
        level = self.level(finding.code)
        if level == "off" or (self.select and not finding.code.startswith(self.select)):
            return None
        if self.ignore and finding.code.startswith(self.ignore):
            return None
        severity: Severity | None = None if level is None else level
        return finding if severity in {None, finding.severity} else dataclasses.replace(finding, severity=severity)
