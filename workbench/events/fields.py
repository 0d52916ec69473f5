"""Which state fields does each aggregate type have? A name for all, or names by type (tracks)."""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from workbench.errors import MappingError

StateField = str | Table[str, str | list[str]] | None


@dataclass(frozen=True)
class Fields:
    """The state field of all types, and the state fields of those that differ."""

    default: str
    by_type: Table[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Return every field, the default first."""
        return tuple(dict.fromkeys((self.default, *(name for names in self.by_type.values() for name in names))))


def state_fields(given: StateField, default: str) -> Fields:
    """Return the state fields that a user's `state_field=` and a mapping's default mean."""
    if given is None:
        return Fields(default)
    if isinstance(given, str):
        if not given:
            raise MappingError("state_field is empty: name the attribute that holds the state, such as 'status'")
        return Fields(given)
    by_type = {name: (names,) if isinstance(names, str) else tuple(names) for name, names in given.items()}
    return Fields(default, by_type)


def parse_state_fields(given: list[str]) -> StateField:
    """Return what `--state-field status --state-field Order=status,payment_status` means."""
    plain = [item for item in given if "=" not in item]
    if len(plain) > 1:
        raise MappingError(f"--state-field names {plain[0]!r} and {plain[1]!r} for all types: write TYPE=NAME")
    by_type = dict(item.split("=", 1) for item in given if "=" in item)
    if not by_type:
        return plain[0] if plain else None
    fields: dict[str, str | list[str]] = {name: names.split(",") for name, names in by_type.items()}
    return fields if not plain else {"*": plain[0], **fields}
