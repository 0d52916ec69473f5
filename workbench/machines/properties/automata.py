"""Which words keep a rule? The smallest automaton that reads them, letter by letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from workbench.machines.properties.formulas import Formula, Letter, advanced, holds_at_the_end
from workbench.machines.reach import reached

MOST_STATES = 5_000


@dataclass(frozen=True)
class Automaton:
    """A complete deterministic automaton; it begins in 0. `steps[q]` maps each letter to the next state."""

    steps: tuple[Mapping[Letter, int], ...]
    accepting: frozenset[int]

    def step(self, state: int, letter: Letter) -> int:
        """Return the state after one more letter."""
        return self.steps[state][letter]

    def run(self, word: Iterable[Letter]) -> int:
        """Return the state a word leads to."""
        state = 0
        for letter in word:
            state = self.step(state, letter)
        return state

    def accepts(self, word: Iterable[Letter]) -> bool:
        """Tell whether the word keeps the rule."""
        return self.run(word) in self.accepting

    def onward(self, states: Iterable[int]) -> frozenset[int]:
        """Return the states that any word leads to from these, the empty one included."""
        return frozenset(reached(self._leads, states))

    @cached_property
    def doomed(self) -> frozenset[int]:
        """Return the states from which no word is accepted any more: the rule is broken for good."""
        return self._never(self.accepting)

    @cached_property
    def settled(self) -> frozenset[int]:
        """Return the states from which every word is accepted: the rule is kept for good."""
        return self._never(frozenset(range(len(self.steps))) - self.accepting)

    def _never(self, wanted: frozenset[int]) -> frozenset[int]:
        return frozenset(state for state in range(len(self.steps)) if wanted.isdisjoint(self.onward([state])))

    @cached_property
    def _leads(self) -> dict[int, tuple[int, ...]]:
        return {state: tuple(step.values()) for state, step in enumerate(self.steps)}


def automaton_of(formula: Formula, names: Sequence[str]) -> Automaton:
    """Return the smallest automaton of a formula whose letters are the sets of `names`."""
    letters = _subsets(names)
    index: dict[Formula, int] = {formula: 0}
    table: list[list[int]] = []
    formulas = [formula]
    for now in formulas:  # grows on the way
        row = []
        for letter in letters:
            after = advanced(now, letter)
            if after not in index:
                index[after] = len(formulas)
                formulas.append(after)
            row.append(index[after])
        table.append(row)
        if len(formulas) > MOST_STATES:
            raise RuntimeError(f"an automaton of more than {MOST_STATES} states")
    return _merged(table, list(map(holds_at_the_end, formulas)), letters)


def _subsets(names: Sequence[str]) -> tuple[Letter, ...]:
    found = [frozenset[str]()]
    for name in names:
        found += [letter | {name} for letter in found]
    return tuple(found)


def _merged(table: list[list[int]], accepting: list[bool], letters: tuple[Letter, ...]) -> Automaton:
    block = [int(flag) for flag in accepting]
    while True:
        signatures = [(block[state], *(block[after] for after in row)) for state, row in enumerate(table)]
        numbers = {signature: number for number, signature in enumerate(dict.fromkeys(signatures))}
        refined = [numbers[signature] for signature in signatures]
        if len(numbers) == len(set(block)):
            break
        block = refined
    first = {number: state for state, number in reversed(list(enumerate(refined)))}
    steps = tuple(
        {letter: refined[after] for letter, after in zip(letters, table[first[number]], strict=True)}
        for number in range(len(first))
    )
    return Automaton(steps, frozenset(number for number, state in first.items() if accepting[state]))
