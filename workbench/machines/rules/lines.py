"""Where in its file does a key of a state or of a transition stand?"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from workbench.machines.findings import Place
from workbench.machines.model import Machine, State, Transition

_FURTHEST = 200  # lines: past that a state or transition is no longer the one that was begun


class Lines:
    """The lines of a machine's file, read when the first complaint asks for one."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    @cached_property
    def _lines(self) -> list[str]:
        try:
            return Path(self.machine.path).read_text(encoding="utf-8-sig").split("\n") if self.machine.path else []
        except (OSError, ValueError):
            return []

    @cached_property
    def _begins(self) -> list[tuple[int, int]]:
        places = [*(s.place for s in self.machine.states), *(t.place for t in self.machine.transitions)]
        return sorted({(place.line, place.column) for place in places})

    def of(self, part: State | Transition, *keys: str) -> Place:
        """Return where the first of these keys stands; the place of the state or transition where none is seen."""
        here = (part.place.line, part.place.column)
        after = bisect_right(self._begins, here)
        end = self._begins[after] if after < len(self._begins) else (here[0] + _FURTHEST, 1)
        return self._between(part.place, end, keys)

    def of_machine(self, *keys: str) -> Place:
        """Return where the first of these keys stands before the first state or transition."""
        place = self.machine.place
        end = next((begin for begin in self._begins if begin > (place.line, place.column)), (len(self._lines) + 1, 1))
        return self._between(place, end, keys)

    def _between(self, place: Place, end: tuple[int, int], keys: tuple[str, ...]) -> Place:
        key = re.compile(r"(?:^\s*(?:-\s+)?|[{,]\s*)([\"']?)(" + "|".join(map(re.escape, keys)) + r")\1\s*:(?=\s|$)")
        for number in range(place.line, min(end[0], len(self._lines)) + 1):
            line = self._lines[number - 1]
            first = place.column - 1 if number == place.line else 0
            last = end[1] - 1 if number == end[0] else len(line)
            found = key.search(line[:last], max(0, first - 2))
            if found:
                return Place(place.file, number, found.start(2) + 1)
        return place
