"""Every error the workbench raises on purpose; each message is one sentence a user can act on.

WorkbenchError
    MachineError       a machine file cannot be read; carries every complaint as a finding
    UnknownNameError   a machine, type, state, column, mapping, rule or aggregate that is not there
    SourceError        a file or table that cannot be read as events
    MappingError       a mapping that cannot be understood or does not fit its source
    LogError           a stored log that cannot be opened, written or asked
    InstantError       a time, zone or duration that cannot be understood
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any


class WorkbenchError(Exception):
    """The base of all errors the workbench raises on purpose."""


class MachineError(WorkbenchError):
    """A machine file cannot be read; `findings` holds every complaint, each with its place."""

    def __init__(self, message: str, findings: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class UnknownNameError(WorkbenchError, KeyError):
    """A name that is not there; the message says the nearest that is."""

    __str__ = Exception.__str__

    @classmethod
    def of(cls, kind: str, name: object, known: Iterable[str], *, where: str = "") -> UnknownNameError:
        """Build the sentence: what is missing, where, the nearest right name, or all there are."""
        names = sorted(set(known))
        place = f" in {where}" if where else ""
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""  # noqa: PLR2004  a line's worth
        there = (", ".join(map(repr, names[:12])) or "none") + more
        return cls(f"no {kind} named {str(name)!r}{place}{did_you_mean(str(name), names, f': there is {there}')}")


class SourceError(WorkbenchError):
    """A file or table that cannot be read as events."""


class MappingError(WorkbenchError):
    """A mapping that cannot be understood, or that does not fit its source."""


class LogError(WorkbenchError):
    """A stored log that cannot be opened, written or asked."""


class InstantError(WorkbenchError):
    """A time, zone or duration that cannot be understood."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to `name`, upper and lower case aside, or None."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(name.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """Return how a sentence about `name` ends: with the nearest known name, or otherwise."""
    near = nearest(name, known)
    return f": did you mean {near!r}?" if near else otherwise
