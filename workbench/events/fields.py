"""Which state fields does each aggregate type have? A name for all, or names by type (tracks)."""

from __future__ import annotations

from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field

from workbench.errors import MappingError

StateField = str | Sequence[str] | Table[str, str | Sequence[str]] | None


@dataclass(frozen=True)
class Fields:
    """The state fields of all types, those of the types that differ, and whether a user named them."""

    of_all: tuple[str, ...]
    by_type: Table[str, tuple[str, ...]] = field(default_factory=dict)
    asked: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return every field, those of all types first."""
        return tuple(dict.fromkeys((*self.of_all, *(name for names in self.by_type.values() for name in names))))


def state_fields(given: StateField, default: str) -> Fields:
    """Return the state fields that a user's `state_field=` and a mapping's default mean.

    Examples
    --------
    >>> state_fields({"Order": ["status", "payment"]}, "state")
    Fields(of_all=('state',), by_type={'Order': ('status', 'payment')}, asked=True)
    """
    if given is None:
        return Fields((default,))
    if not isinstance(given, Table):
        return Fields(_names(given), asked=True)
    by_type = {name: _names(names) for name, names in given.items()}
    return Fields(by_type.pop("*", (default,)), by_type, asked=True)


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    names = (given,) if isinstance(given, str) else tuple(given)
    if not names or not all(isinstance(name, str) and name for name in names):
        raise MappingError("state_field is empty: name the attribute that holds the state, such as 'status'")
    return names
