"""When may a transition fire? A guard is a name, or names joined by and, or and not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A guard known by its name, usually a PHP class."""

    name: str

    def text(self) -> str:
        """Return the name."""
        return self.name

    def names(self) -> tuple[str, ...]:
        """Return the one name."""
        return (self.name,)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is false."""

    part: Guard

    def text(self) -> str:
        """Return the guard as one line, such as "not (A and B)"."""
        return f"not {_bracketed(self.part)}"

    def names(self) -> tuple[str, ...]:
        """Return the names used, each once, in order."""
        return self.part.names()

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class And:
    """True when all its parts are; without parts it is true."""

    parts: tuple[Guard, ...]

    def text(self) -> str:
        """Return the guard as one line, such as "A and not B"."""
        return " and ".join(map(_bracketed, self.parts)) or "true"

    def names(self) -> tuple[str, ...]:
        """Return the names used, each once, in order."""
        return _names(self.parts)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Or:
    """True when one of its parts is; without parts it is false."""

    parts: tuple[Guard, ...]

    def text(self) -> str:
        """Return the guard as one line, such as "A or (B and C)"."""
        return " or ".join(map(_bracketed, self.parts)) or "false"

    def names(self) -> tuple[str, ...]:
        """Return the names used, each once, in order."""
        return _names(self.parts)

    def __str__(self) -> str:
        return self.text()


Guard = Name | Not | And | Or


def _bracketed(guard: Guard) -> str:
    return f"({guard.text()})" if isinstance(guard, And | Or) and len(guard.parts) > 1 else guard.text()


def _names(parts: tuple[Guard, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part.names()))
