"""Two versions of a machine: what changed, what was perhaps renamed, and does one do all that the other does?"""

from __future__ import annotations

from workbench.machines.versions.changes import Change
from workbench.machines.versions.difference import Difference, difference
from workbench.machines.versions.language import Inclusion
from workbench.machines.versions.pairing import paired
from workbench.machines.versions.renaming import Renaming, renamed

__all__ = ["Change", "Difference", "Inclusion", "Renaming", "difference", "paired", "renamed"]
