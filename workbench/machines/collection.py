"""Which machines are there, and which of them speaks for a type of aggregate?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from workbench.cards import amount, visible
from workbench.errors import MachineError, UnknownNameError
from workbench.machines.findings import Finding
from workbench.machines.model import Binding, Machine
from workbench.machines.names import short_name

if TYPE_CHECKING:
    from workbench.machines.joint import Joint

Match = Mapping[str, str | Sequence[str]]


class Machines(Mapping[str, Machine]):
    """Machines by name, in the order they were read.

    Attributes
    ----------
    bindings
        The event bindings that stood beside them.
    findings
        What was found while reading; `check` adds what its rules find.
    """

    __slots__ = ("_by_name", "_joint", "bindings", "findings")

    def __init__(
        self,
        machines: Iterable[Machine] = (),
        bindings: Iterable[Binding] = (),
        findings: Iterable[Finding] = (),
    ) -> None:
        by_name: dict[str, Machine] = {}
        for machine in machines:
            by_name.setdefault(machine.name, machine)
        self._by_name = by_name
        self._joint: Joint | None = None
        self.bindings = tuple(bindings)
        self.findings = tuple(findings)

    def __getitem__(self, name: str) -> Machine:
        if name not in self._by_name:
            raise UnknownNameError.of("machine", name, self._by_name)
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def for_type(self, type: str, aggregate_type: str | None = None, match: Match | None = None) -> list[Machine]:
        r"""Return the machines that speak for a type of aggregate, in the order they were read.

        Parameters
        ----------
        type, aggregate_type
            The short name ("Order") and the name as stored ("App\Models\Order").
        match
            Type (short or as stored) to the name of its machine, or a list of names; it overrules the models.

        Returns
        -------
        list of Machine
            Those `match` names for it; else those whose model is the stored name in full; else those whose
            model has the same last part as the stored name, or equals `type`.

        Raises
        ------
        UnknownNameError
            When `match` names a machine that is not there.
        """
        full = aggregate_type if aggregate_type is not None else type
        for key in (full, type):
            if match and key in match:
                names = match[key]
                return [self[name] for name in ([names] if isinstance(names, str) else names)]
        exact = [machine for machine in self.values() if machine.model == full]
        short = {type, short_name(full)}
        return exact or [m for m in self.values() if m.model and (m.model in short or short_name(m.model) in short)]

    def for_track(
        self, type: str, aggregate_type: str, field: str | None, match: Match | None = None, *, alone: bool
    ) -> Machine | None:
        """Return the machine of a state field of a type: the one of that field; if the type has no other, the only one.

        Raises
        ------
        UnknownNameError
            When `match` names a machine that is not there.
        MachineError
            When several machines speak for it.
        """
        of_type = self.for_type(type, aggregate_type, match)
        found = [machine for machine in of_type if machine.field == field] or (of_type if alone else [])
        if len(found) > 1:
            names = ", ".join(machine.name for machine in found)
            raise MachineError(
                f"several machines speak for {type} ({names}): name one, such as match={{{type!r}: {found[0].name!r}}}"
            )
        return found[0] if found else None

    @property
    def joint(self) -> Joint:
        """Return who emits what, who listens, and which joint states that leads to (closed)."""
        from workbench.machines.joint import joint_behaviour

        if self._joint is None:
            self._joint = joint_behaviour(self)
        return self._joint

    def __repr__(self) -> str:
        names = visible(", ".join(self) or "none")
        bindings = amount(len(self.bindings), "event binding")
        return f"<Machines: {names}; {bindings}, {amount(len(self.findings), 'finding')}>"

    def _repr_html_(self) -> str:
        from workbench.machines.html import machines_html

        return machines_html(self)
