"""Which table of a dump or database is meant: the one named, or the only one that fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workbench.errors import SourceError, did_you_mean
from workbench.events.sources.landing import Asked

_SHOWN = 12


@dataclass
class Choice:
    """Decides table by table, as they come, which one is meant."""

    asked: Asked
    seen: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)

    def is_meant(self, name: str, columns: Sequence[str]) -> bool:
        """Whether the rows of this table are to be read."""
        if name not in self.seen:
            self.seen.append(name)
            if self._fits(name, columns):
                self.chosen.append(name)
        return self.chosen == [name]

    def _fits(self, name: str, columns: Sequence[str]) -> bool:
        if self.asked.table is not None:
            return name.casefold() == self.asked.table.casefold()
        return self.asked.fits is None or self.asked.fits(columns)

    def settle(self) -> str:
        """Return the one table that is meant.

        Raises
        ------
        SourceError
            When none or several are; the sentence names them.
        """
        name, wanted = self.asked.name, self.asked.table
        if len(self.chosen) == 1:
            return self.chosen[0]
        if self.chosen:
            raise SourceError(f"several tables of {name} fit: name one of {_listed(self.chosen)} (table=, --table)")
        if not self.seen:
            raise SourceError(f"{name} holds no table with rows")
        if wanted is None:
            raise SourceError(f"no table of {name} fits a known mapping: it holds {_listed(self.seen)}")
        hint = did_you_mean(wanted, self.seen, f": it holds {_listed(self.seen)}")
        raise SourceError(f"no table named {wanted!r} with rows in {name}{hint}")


def _listed(names: Iterable[str]) -> str:
    """Return names for a sentence, a dozen at most."""
    known = sorted(names)
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return ", ".join(known[:_SHOWN]) + more
