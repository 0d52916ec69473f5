"""What does an edit of a machine change, and does either version do all that the other does?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from workbench.cards import markdown_cell, visible
from workbench.errors import UnknownNameError
from workbench.machines.model import Machine
from workbench.machines.versions.changes import Change, Kind, Subject, changes
from workbench.machines.versions.language import Inclusion, inclusion, letters_for
from workbench.machines.versions.matching import matched
from workbench.machines.versions.renaming import Renaming, renamed, suggested

_SIGN = {"added": "+", "removed": "-", "renamed": "~", "retargeted": "~", "changed": "~"}


@dataclass(frozen=True, repr=False)
class Difference:
    """What is different between two versions of a machine.

    Attributes
    ----------
    old, new
        The two versions, as they were given.
    names
        The states that were said to be renamed, old to new; all else is told in new names.
    changes
        Every difference: of the machine, its states, its transitions, its properties.
    suggested
        Renamings that would explain a state that is gone and one that is new; they are not taken for granted.
    kept
        Whether every run of the old version is one of the new, and if not, the shortest that is lost.
    gained
        Whether every run of the new version was one of the old, and if not, the shortest that was not.
    """

    old: Machine
    new: Machine
    names: Mapping[str, str]
    changes: tuple[Change, ...]
    suggested: tuple[Renaming, ...]
    kept: Inclusion
    gained: Inclusion

    @property
    def same(self) -> bool:
        """Tell whether nothing is different."""
        return not self.changes

    def of(self, subject: Subject, *kinds: Kind) -> tuple[Change, ...]:
        """Return the changes of states, transitions, properties or the machine; of these kinds, or all."""
        return tuple(c for c in self.changes if c.subject == subject and (not kinds or c.kind in kinds))

    @cached_property
    def pairs_lost(self) -> tuple[tuple[str, str], ...]:
        """Return the (from_state, to_state) that were allowed and are not any more, in new names."""
        old = renamed(self.old, self.names)
        return tuple(pair for pair in old.pairs if pair not in self.new.pairs)

    @cached_property
    def pairs_gained(self) -> tuple[tuple[str, str], ...]:
        """Return the (from_state, to_state) that are allowed and were not before, in new names."""
        old = renamed(self.old, self.names)
        return tuple(pair for pair in self.new.pairs if pair not in old.pairs)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the whole answer, a sentence each: changes, suggestions, and what the versions can do."""
        told = [change.sentence for change in self.changes] or ["nothing is different"]
        told += [f"{s.old!r} is perhaps {s.new!r} now: {s.because}" for s in self.suggested]
        return (*told, *self._runs())

    def _runs(self) -> tuple[str, str]:
        return (
            _run(self.kept, "the new version does all the old one did", "only the old version could do this"),
            _run(self.gained, "the old version did all the new one does", "only the new version can do this"),
        )

    def text(self) -> str:
        """Return the answer as lines: + added, - removed, ~ changed, ? perhaps renamed."""
        lines = [f"{self.new.name}: {self._counted()}"]
        lines += [f"  {_SIGN[change.kind]} {change.sentence}" for change in self.changes]
        lines += [f"  ? {s.old!r} is perhaps {s.new!r} now: {s.because}" for s in self.suggested]
        return "\n".join([*lines, *(f"  = {line}" for line in self._runs())])

    def markdown(self) -> str:
        """Return the answer as Markdown, for the pull request that holds the edit."""
        lines = [f"### {markdown_cell(self.new.name)}: {self._counted()}", "", "| | what | line |", "|---|---|---|"]
        lines += [f"| {change.kind} | {markdown_cell(change.sentence)} | {change.line} |" for change in self.changes]
        told = [f"Perhaps renamed: {s.old!r} is {s.new!r} now ({s.because})." for s in self.suggested]
        return "\n".join([*lines, "", *(f"- {markdown_cell(line)}" for line in (*told, *self._runs())), ""])

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data, ready for JSON."""
        return {
            "machine": self.new.name,
            "same": self.same,
            "renamed": dict(self.names),
            "changes": [change.row() for change in self.changes],
            "suggested": [dict(vars(one)) for one in self.suggested],
            "kept": _plain(self.kept),
            "gained": _plain(self.gained),
        }

    def _counted(self) -> str:
        if self.same:
            return "no difference"
        kinds = [change.kind for change in self.changes]
        return ", ".join(f"{kinds.count(kind)} {kind}" for kind in _SIGN if kind in kinds)

    def __repr__(self) -> str:
        lines = map(visible, self.text().split("\n"))
        return "<Difference of " + "\n".join(lines) + ">"

    def _repr_html_(self) -> str:
        from workbench.machines.html import difference_html

        return difference_html(self)


def difference(old: Machine, new: Machine, rename: Mapping[str, str] = MappingProxyType({})) -> Difference:
    """Return what is different between two versions of a machine.

    Parameters
    ----------
    old, new
        The versions.
    rename
        States that have another name now, old to new; others are only suggested.

    Returns
    -------
    Difference
        `.changes` (a row each), `.suggested`, and with `.kept` and `.gained` whether either version does all that
        the other does, with the shortest run that shows it. Guards are taken to pass.

    Raises
    ------
    UnknownNameError
        When `rename` names a state that a version does not have.

    Examples
    --------
    >>> from workbench.machines.reader import read_text
    >>> old = "{name: Door, initial_state: open, transitions: [{name: shut, from: open, to: closed}]}"
    >>> new = old.replace("closed}", "locked, guard: IsNight}")
    >>> print(difference(read_text(old)["Door"], read_text(new)["Door"], {"closed": "locked"}).text())
    Door: 1 renamed, 1 changed
      ~ state 'locked' was called 'closed'
      ~ transition 'shut': guard was not given, is 'IsNight'
      = the new version does all the old one did
      = the old version did all the new one does
    """
    before = renamed(old, rename)
    for name in rename.values():
        if name not in new.known_states:
            raise UnknownNameError.of("state", name, new.known_states, where=f"the new {new.name}")
    matches = matched(before.transitions, new.transitions)
    over = letters_for(old, new)
    return Difference(
        old=old,
        new=new,
        names=MappingProxyType(dict(rename)),
        changes=tuple(changes(before, new, matches, rename)),
        suggested=suggested(before, new),
        kept=inclusion(before, new, over),
        gained=inclusion(new, before, over),
    )


def _run(known: Inclusion, yes: str, no: str) -> str:
    if known.holds:
        return yes
    if known.holds is None:
        return f"not known: whether {yes}"
    what = "transitions" if known.over == "transitions" else "states"
    word = ", ".join(map(repr, known.word)) or "stay where it begins"
    return f"{no}: {f'end after {word}' if known.ends else word} ({what})"


def _plain(known: Inclusion) -> dict[str, Any]:
    return {"holds": known.holds, "over": known.over, "word": list(known.word), "ends": known.ends}
