"""Which words do lives write in the letters of the machines' properties, and what do their automata say of them?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbench.machines.properties import TEMPLATES, Answer, Condition, Property, Word, properties_of
from workbench.metrics.tracks import Match, Track, tracks_of
from workbench.sql import By, moment_inputs, moment_of, render, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines

_Key = tuple[int, str, tuple[str | None, ...]]


@dataclass(frozen=True)
class AskedRule:
    """A property, asked of the lives of a track."""

    number: int
    track: Track
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

    @property
    def row(self) -> dict[str, Any]:
        """Return what its answers say of itself."""
        keys = {"type": self.track.type, "field": self.track.field, "machine": self.machine.name}
        return keys | {"property": self.declared.name, "rule": self.declared.words}

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
    """What the lives of a log wrote in the letters of some rules; conditions are asked once of all moments alike."""

    def __init__(self, log: EventLog, asked: list[AskedRule]) -> None:
        self.log = log
        self._conditions = {
            (rule.number, thing): condition for rule in asked for thing, condition in rule.conditions.items()
        }
        self._answers: dict[_Key, Answer] = {}
        self._tables = {
            "rules": render(text("rules/rules"), rules=json.dumps([rule.values for rule in asked])),
            "asked": text("rules/asked"),
            "positions": text("rules/positions"),
            "inputs": _inputs(asked),
        }

    def read(self, by: By = None, zone: str | None = None) -> list[dict[str, Any]]:
        """Return what conditions read, how often, and where first; for each group of lives."""
        if not self._conditions:
            return []
        return rows_of(self.log.ask("rules/condition_inputs", tables=self._tables, by=by, zone=zone, per_life=True))

    def answer_to(self, read: Mapping[str, Any]) -> Answer:
        """Return what the condition says that read one of the inputs."""
        if _key(read) not in self._answers:
            condition = self._conditions[read["rule"], read["thing"]]
            self._answers[_key(read)] = condition.answer(moment_of(condition.paths, read["input"]))
        return self._answers[_key(read)]

    def ask(self, question: str, **options: Any) -> DuckDBPyRelation:
        """Return the answer of a question over the tables rules, asked, letters and words; else as `EventLog.ask`."""
        return self.log.ask(question, tables={**self._tables, **self._written}, **options)

    @cached_property
    def _written(self) -> dict[str, str]:
        answers = {_key(read): self.answer_to(read).value for read in self.read()}
        told = [dict(zip(("rule", "thing", "input"), key, strict=True), answer=said) for key, said in answers.items()]
        letters = render(text("rules/letters"), answers=json.dumps(told), now=self.log.last)
        return {"letters": letters, "words": render(text("rules/words"), now=self.log.last)}


def word_in(row: Mapping[str, Any]) -> Word:
    """Return the word of a row of `rules/verdicts`."""
    return Word(row["word"], row["closed"], row["unbegun"], row["refused"] or row["broken"])


def rows_of(table: DuckDBPyRelation) -> list[dict[str, Any]]:
    """Return the rows of a table, by column."""
    return [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]


def _key(read: Mapping[str, Any]) -> _Key:
    return read["rule"], read["thing"], tuple(read["input"])


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
