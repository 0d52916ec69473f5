"""Which properties do the machines keep? One verdict a property, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from workbench.cards import visible
from workbench.errors import MachineError
from workbench.machines.collection import Machines
from workbench.machines.findings import frame
from workbench.machines.model import Machine
from workbench.machines.properties.declared import Property, read_property
from workbench.machines.properties.proving import Proof, prove

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class Asked:
    """A property and what is known of it on one machine."""

    declared: Property
    machine: str
    proof: Proof
    asked_of: str = "machine"

    @property
    def verdict(self) -> str:
        """Return "holds", "violated" or "unknowable"."""
        return self.proof.verdict

    @property
    def certainty(self) -> str | None:
        """Return "certain", or "possible" where guards decide; None where nothing is known."""
        if self.proof.verdict == "unknowable":
            return None
        return "certain" if self.proof.certain else "possible"

    def row(self) -> dict[str, Any]:
        """Return the verdict as one row of the table."""
        return {
            "property": self.declared.name,
            "asked_of": self.asked_of,
            "verdict": self.verdict,
            "certainty": self.certainty,
            "machine": self.machine,
            "rule": self.declared.words,
            "run": self.proof.run,
            "guards": self.proof.guards,
            "reason": self.proof.reason,
            "file": self.declared.place.file,
            "line": self.declared.place.line,
        }


COLUMNS = (
    "property",
    "asked_of",
    "verdict",
    "certainty",
    "machine",
    "rule",
    "run",
    "guards",
    "reason",
    "file",
    "line",
)


@dataclass(frozen=True, repr=False)
class Verdicts(Sequence[Asked]):
    """Verdicts in the order of the machines and their properties."""

    items: tuple[Asked, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Asked: ...
    @overload
    def __getitem__(self, index: slice) -> Verdicts: ...
    def __getitem__(self, index: int | slice) -> Asked | Verdicts:
        return Verdicts(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Asked]:
        return iter(self.items)

    @property
    def violated(self) -> Verdicts:
        """Return the verdicts that say "violated"."""
        return Verdicts(tuple(asked for asked in self.items if asked.verdict == "violated"))

    def df(self) -> DataFrame:
        """Return the verdicts as a pandas DataFrame, one row each.

        Returns
        -------
        DataFrame
            property (its name), asked_of ("machine"), verdict (holds, violated, unknowable), certainty (certain,
            possible or None), machine, rule (in words), run (states and transitions in turn, tuple), guards (on the
            run, tuple), reason, file (text), line (counted from 1).
        """
        return frame(COLUMNS, [[asked.row()[name] for name in COLUMNS] for asked in self.items])

    def __repr__(self) -> str:
        if not self.items:
            return "<Verdicts: no machine declares a property>"
        lines = (visible(_line(asked)) for asked in self)
        return "\n".join([f"<Verdicts: {len(self.items)} asked, {len(self.violated)} violated>", *lines])

    def _repr_html_(self) -> str:
        from workbench.machines.html import verdicts_html

        return verdicts_html(self)


def _line(asked: Asked) -> str:
    said = asked.verdict if asked.certainty != "possible" else f"possibly {asked.verdict}"
    more = f": {' → '.join(asked.proof.run)}" if asked.proof.run else ""
    more += f" if {', '.join(asked.proof.guards)}" if asked.proof.guards else ""
    return f"{asked.machine}: {asked.declared.name}: {said}{more}" + (
        f" ({asked.proof.reason})" if asked.proof.reason else ""
    )


def properties_of(machine: Machine) -> tuple[Property, ...]:
    """Return the properties a machine declares.

    Raises
    ------
    MachineError
        When one cannot be understood; the sentence says where it stands.
    """
    found = []
    for keys, place in machine.placed_properties:
        try:
            found.append(read_property(keys, place))
        except MachineError as error:
            raise MachineError(f"{place}: {error}") from error
    return tuple(found)


def holds(machines: Machines | Machine | Iterable[Machine]) -> Verdicts:
    """Return for each declared property whether its machine keeps it, with the shortest run that does not.

    "violated" is possible, not certain, while only guards that are not evaluated stand against it; "holds" is
    certain of rules about every run.

    Parameters
    ----------
    machines
        What `read_machines` returned, or a machine or several.

    Returns
    -------
    Verdicts
        A sequence; `.df()` has the columns property, asked_of, verdict, certainty, machine, rule, run, guards, reason,
        file, line; `.violated` those that are broken.

    Raises
    ------
    MachineError
        When a property cannot be understood.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> holds(read_machines("machines/order.yaml")).violated
    <Verdicts: no machine declares a property>
    """
    if isinstance(machines, Machine):
        machines = [machines]
    each = machines.values() if isinstance(machines, Machines) else machines
    return Verdicts(
        tuple(
            Asked(declared, machine.name, prove(machine, declared))
            for machine in each
            for declared in properties_of(machine)
        )
    )
