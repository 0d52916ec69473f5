"""What does an edit of machines change, in the machines and for recorded history?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.cards import card, visible
from workbench.lives.reruns.answer import WhatIf
from workbench.lives.reruns.rerunning import what_if
from workbench.lives.reruns.speaking import Speaking, checked_names, collected
from workbench.machines import Machine, Machines, Match
from workbench.machines.versions import Difference, difference, paired

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives.reruns.profiles import Profile


@dataclass(frozen=True, repr=False)
class Diff:
    """What is different between two versions of machines, and what that means for a log.

    Attributes
    ----------
    machines
        One `Difference` for each machine that both versions have.
    removed, added
        The names of machines that only the old or only the new version has.
    history
        What the new machines make of the log, beside the old ones; None without a log, and for none of its lives.
    """

    machines: tuple[Difference, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    history: WhatIf | None

    @property
    def same(self) -> bool:
        """Tell whether nothing is different in the machines."""
        return all(one.same for one in self.machines) and not self.removed and not self.added

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return the answer in words: what it means for the log, then what changed."""
        told = list(self.history.sentences) if self.history else []
        told += [f"machine {name!r} is gone" for name in self.removed]
        told += [f"machine {name!r} is new" for name in self.added]
        return (*told, *(f"{one.new.name}: {sentence}" for one in self.machines for sentence in one.sentences))

    def to_dict(self) -> dict[str, Any]:
        """Return the machines' part of the answer as plain data, ready for JSON."""
        return {
            "same": self.same,
            "machines": [one.to_dict() for one in self.machines],
            "removed": list(self.removed),
            "added": list(self.added),
        }

    def __repr__(self) -> str:
        return visible("<Diff: " + "; ".join(self.sentences) + ">")

    def _repr_html_(self) -> str:
        told = [f"machine {name!r} is gone" for name in self.removed]
        told += [f"machine {name!r} is new" for name in self.added]
        each = "".join(one._repr_html_() for one in self.machines)
        return (self.history._repr_html_() if self.history else "") + (card("", *told) if told else "") + each


def diff(
    old: Machine | Machines,
    new: Machine | Machines,
    log: EventLog | Profile | None = None,
    rename: Mapping[str, str] | None = None,
    match: Match | None = None,
) -> Diff:
    """Return what changed between two versions of machines and, with a log, what that means for its lives.

    Parameters
    ----------
    old, new
        A machine each, or what `read_machines` returns; those of the same name are compared, else of the same model.
    log
        A log, a part of one, or a profile: both versions are run over it, as `what_if` does.
    rename
        States and transitions that have another name now, old to new.
    match
        Type -> name of its machine, where the model does not say it.

    Returns
    -------
    Diff
        `.sentences`; `.machines`, a Difference each (`.changes`, `.suggested`, `.kept`, `.gained`); `.removed` and
        `.added`; `.history`, a WhatIf or None.

    Raises
    ------
    MachineError
        When no machine speaks for the log, or several for one type.
    UnknownNameError
        When `rename` or `match` names what is not there.
    """
    before, after = collected(old, "old"), collected(new, "new")
    pairs = paired(before or Machines(), after or Machines())
    names = rename or {}
    if log is None:
        checked_names(names, (), [Speaking(one, other) for one, other in pairs])
    return Diff(
        tuple(difference(one, other, _of(one, other, names)) for one, other in pairs if one and other),
        tuple(one.name for one, other in pairs if one and not other),
        tuple(other.name for one, other in pairs if other and not one),
        None if log is None else what_if(log, after, instead_of=before, rename=names, match=match),
    )


def _of(old: Machine, new: Machine, names: Mapping[str, str]) -> dict[str, str]:
    """Return the renamings that are of states of this machine."""
    return {was: now for was, now in names.items() if was in old.state_names and now in new.state_names}
