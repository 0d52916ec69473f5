"""Which machine of the new version is which of the old one?"""

from __future__ import annotations

from workbench.machines.collection import Machines
from workbench.machines.model import Machine

Pair = tuple[Machine | None, Machine | None]


def paired(old: Machines | Machine, new: Machines | Machine) -> tuple[Pair, ...]:
    """Return the machines in pairs (old, new), with None for one that the other version does not have.

    By name; then by model and field, where these tell one apart; and one machine with one, whatever their names.
    """
    left = {old.name: old} if isinstance(old, Machine) else dict(old)
    right = {new.name: new} if isinstance(new, Machine) else dict(new)
    if len(left) == len(right) == 1:
        return tuple(zip(left.values(), right.values(), strict=True))
    partners = {name: name for name in left if name in right}
    for name, machine in left.items():
        alike = [other.name for other in right.values() if _speaks(other) == _speaks(machine)]
        rivals = [one for one in left.values() if _speaks(one) == _speaks(machine)]
        free = name not in partners and len(alike) == len(rivals) == 1 and machine.model is not None
        if free and alike[0] not in partners.values():
            partners[name] = alike[0]
    gone_or_both: list[Pair] = [(one, right[partners[n]] if n in partners else None) for n, one in left.items()]
    added: list[Pair] = [(None, other) for name, other in right.items() if name not in partners.values()]
    return (*gone_or_both, *added)


def _speaks(machine: Machine) -> tuple[str | None, str]:
    return (machine.model, machine.field)
