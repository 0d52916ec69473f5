"""What is wrong, where, and what shows it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, overload

from workbench.cards import amount, visible

if TYPE_CHECKING:
    from pandas import DataFrame

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Complaint(NamedTuple):
    """What a rule says about one place; the registry adds its code, name and severity."""

    place: Place
    message: str
    subjects: tuple[str, ...] = ()
    witness: tuple[str, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong: the rule it breaks, how bad it is, its place, and the names that show it."""

    code: str
    rule: str
    severity: Severity
    machine: str | None
    file: str
    line: int
    column: int
    message: str
    subjects: tuple[str, ...] = ()
    witness: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Return the place as one value."""
        return Place(self.file, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return the names quoted and separated by commas, the first few of many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def frame(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> DataFrame:
    """Return rows as a pandas DataFrame."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))


def in_reading_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings by file, line, column, code and message, each once."""
    return tuple(sorted(set(findings), key=lambda f: (f.file, f.line, f.column, f.code, f.message, f.machine or "")))


@dataclass(frozen=True, repr=False)
class Findings(Sequence[Finding]):
    """Findings in reading order: by file, line and column."""

    items: tuple[Finding, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> Findings: ...
    def __getitem__(self, index: int | slice) -> Finding | Findings:
        return Findings(self.items[index]) if isinstance(index, slice) else self.items[index]

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.items)

    @property
    def errors(self) -> Findings:
        """Return the findings of severity error."""
        return self._of("error")

    @property
    def warnings(self) -> Findings:
        """Return the findings of severity warning."""
        return self._of("warning")

    @property
    def infos(self) -> Findings:
        """Return the findings of severity info."""
        return self._of("info")

    def _of(self, severity: Severity) -> Findings:
        return Findings(tuple(f for f in self.items if f.severity == severity))

    def selected(self, select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Findings:
        """Return the findings whose code begins with one of `select` (all if empty) and with none of `ignore`."""
        wanted, unwanted = tuple(select), tuple(ignore)
        return Findings(
            tuple(
                f
                for f in self.items
                if (not wanted or f.code.startswith(wanted)) and not (unwanted and f.code.startswith(unwanted))
            )
        )

    def df(self) -> DataFrame:
        """Return the findings as a pandas DataFrame, one row each.

        Returns
        -------
        DataFrame
            code, rule, severity, machine, file, message (text), line, column (counted from 1),
            subjects, witness (tuples of names).
        """
        names = tuple(Finding.__dataclass_fields__)
        return frame(names, [[getattr(f, name) for name in names] for f in self.items])

    def summary(self) -> str:
        """Return how many there are of each severity, in words."""
        parts = [
            amount(len(some), word)
            for some, word in ((self.errors, "error"), (self.warnings, "warning"), (self.infos, "note"))
            if some
        ]
        return ", ".join(parts) or "no findings"

    def __repr__(self) -> str:
        return "\n".join([f"<Findings: {self.summary()}>", *(visible(f"{f}  [{f.severity}]") for f in self.items)])

    def _repr_html_(self) -> str:
        from workbench.machines.html import findings_html

        return findings_html(self)
