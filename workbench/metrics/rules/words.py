"""Which words do lives write in the letters of the machines' properties, and what do their automata say of them?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbench.machines.properties import (
    TEMPLATES,
    Condition,
    Judgement,
    Property,
    Word,
    breaches,
    judgement,
    properties_of,
)
from workbench.metrics.tracks import SpokenTrack, tracks_of
from workbench.sql import moment_inputs, moment_of, render, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match


@dataclass(frozen=True)
class AskedRule:
    """A property, asked of the lives of a track."""

    number: int
    track: SpokenTrack
    machine: Machine
    declared: Property

    @property
    def shows_only(self) -> bool:
        """Tell whether lives are but examples of what the rule says a machine can do."""
        return self.declared.rule not in TEMPLATES

    @property
    def of_lives(self) -> Property:
        """Return the rule that one life can keep or break."""
        return replace(self.declared, rule="existence") if self.shows_only else self.declared

    def judgement(self, word: Word) -> Judgement | None:
        """Return what it says of a life; where lives are but examples, only of one that is an example."""
        said = judgement(self.of_lives, word)
        return said if said == "satisfied" or not self.shows_only else None

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Return by thing ("a", "b") under which condition an occurrence of it counts."""
        return {
            thing: Condition(text) for thing, text in zip("ab", self.declared.when, strict=False) if text is not None
        }

    @property
    def values(self) -> dict[str, Any]:
        """Return the rule as the SQL of `rules/` takes it."""
        declared, halves = self.of_lives, self.of_lives.template.halves
        steps = declared.automaton.steps
        span = declared.within
        things = zip("ab", (*declared.of, (), ()), (*declared.on, None, None), strict=False)
        of_things = {
            key: value
            for thing, names, kind in things
            for key, value in ((thing, names), (f"{thing}_on", kind), (f"{thing}_when", thing in self.conditions))
        }
        return of_things | {
            "rule": self.number,
            "type": self.track.type,
            "field": self.track.field,
            "machine": self.machine.name,
            "property": declared.name,
            "words": self.declared.words,
            "place": str(self.declared.place),
            "shows_only": self.shows_only,
            "reads": next((f"{kind}s" for kind in ("event", "state", "transition") if kind in declared.on), None),
            "dense": any(step[frozenset()] != state for state, step in enumerate(steps)),
            "named": _named(self.machine) if "transition" in declared.on else (),
            "within": None if span is None else span // timedelta(microseconds=1),
            "halves": [half._asdict() for half in halves],
            "finals": self.machine.finals,
            "entries": self.machine.entries,
        }


def _named(machine: Machine) -> list[dict[str, str]]:
    """Return the pairs of states that exactly one transition joins, with its name."""
    return [
        {"from_state": source, "to_state": target, "transition": transitions[0].label}
        for (source, target), transitions in machine.pairs.items()
        if len({transition.label for transition in transitions}) == 1
    ]


def asked_of(log: EventLog, machines: Machines, match: Match | None) -> list[AskedRule]:
    """Return every property of every machine, once for each track it speaks for."""
    tracks = [track for track in tracks_of(log, machines, match) if track.machine is not None]
    order = {name: number for number, name in enumerate(machines)}
    tracks.sort(key=lambda track: order[track.machine.name] if track.machine else -1)
    told = [
        (track, track.machine, declared)
        for track in tracks
        if track.machine
        for declared in properties_of(track.machine)
    ]
    return [AskedRule(number, *one) for number, one in enumerate(told)]


class Words:
    """What the lives of a log wrote in the letters of some rules, and what it means.

    SQL tells the words, once for the log and again in each answer. What it cannot tell is stated in the answer:
    conditions are asked once of all moments that are alike, and automata once of each word.
    """

    def __init__(self, log: EventLog, asked: list[AskedRule]) -> None:
        self._log = log
        self._asked = {rule.number: rule for rule in asked}
        self._read = {
            "rules": render(text("rules/rules"), rules=lines(rule.values for rule in asked)),
            "asked": text("rules/asked"),
            "positions": text("rules/positions"),
            "inputs": _inputs(asked),
        }

    def ask(self, question: str, also: Iterable[str] = (), **options: Any) -> DuckDBPyRelation:
        """Return the answer of a question over what each life wrote and what that means; else as `EventLog.ask`.

        The question reads further tables `also`, each as `rules/<name>.sql` tells it.
        """
        tables = {**self._written, "meanings": self._meanings, "judged": text("rules/judged")}
        return self._log.ask(question, tables=tables | {name: text(f"rules/{name}") for name in also}, **options)

    @cached_property
    def _written(self) -> dict[str, str]:
        now = self._log.last
        return {
            **self._read,
            "answers": render(text("rules/answers"), answers=lines(self._answers())),
            "standing": text("rules/standing"),
            "timings": render(text("rules/timings"), now=now),
            "letters": text("rules/letters"),
            "words": render(text("rules/words"), now=now),
        }

    def _answers(self) -> Iterator[dict[str, Any]]:
        """Yield what the conditions say of each input that they read somewhere in the log."""
        if any(rule.conditions for rule in self._asked.values()):
            for rule, thing, read in self._log.ask("rules/read", tables=self._read).fetchall():
                condition = self._asked[rule].conditions[thing]
                said = condition.answer(moment_of(condition.paths, read))
                yield {"rule": rule, "thing": thing, "input": read, "answer": said.value, "why": said.why}

    @cached_property
    def _meanings(self) -> str:
        return render(text("rules/meanings"), meanings=lines(self._meant()))

    def _meant(self) -> Iterator[dict[str, Any]]:
        """Yield what each word means that some life of the log wrote."""
        for number, letters, closed, unbegun, holed in self._log.ask("rules/written", tables=self._written).fetchall():
            rule, word = self._asked[number], Word(letters, closed, unbegun, holed)
            said = rule.judgement(word)
            told = {"rule": number, "word": letters, "closed": closed, "unbegun": unbegun, "holed": holed}
            broken = breaches(rule.declared, word) if said == "violated" else []
            yield told | {"judgement": said, "breaches": [breach._asdict() for breach in broken]}


def lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return rows as JSON, each on a line of its own for whoever reads the SQL."""
    return "[" + ",\n".join(map(json.dumps, rows)) + "]"


def _inputs(asked: list[AskedRule]) -> str:
    """Return the SELECT of what the conditions of rules read: rule, thing, life, place, input."""
    told = []
    for rule in asked:
        for thing, condition in rule.conditions.items():
            named = f"FROM positions WHERE rule = {rule.number} AND {thing} AND place > 0"
            read = moment_inputs(condition.paths, f"SELECT life, place, from_state, to_state {named}")
            told.append(f"SELECT {rule.number} AS rule, '{thing}' AS thing, * FROM ({read})")
    nothing = "SELECT 0 AS rule, '' AS thing, 0::BIGINT AS life, 0::BIGINT AS place, []::VARCHAR[] AS input WHERE false"
    return "\nUNION ALL\n".join(told) or nothing
