"""Which words do lives write in the letters of the machines' properties, and what do their automata say of them?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workbench.machines.properties import TEMPLATES, Property, Word, judgement, properties_of
from workbench.metrics.tracks import Match, Track, tracks_of
from workbench.sql import render, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines

JUDGEMENTS = ("satisfied", "violated", "pending", "unknowable")


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
        """Return the first columns of its answers."""
        keys = {"type": self.track.type, "field": self.track.field, "machine": self.machine.name}
        return keys | {"property": self.declared.name, "rule": self.declared.words}

    @property
    def values(self) -> dict[str, Any]:
        """Return the rule as the SQL of letters and words takes it."""
        declared, halves = self.of_lives, self.of_lives.template.halves
        steps = declared.automaton.steps
        span = declared.within
        return {
            "rule": self.number,
            "type": self.track.type,
            "field": self.track.field,
            "machine": self.machine.name,
            "property": declared.name,
            "reads": next((f"{kind}s" for kind in ("event", "state") if kind in declared.on), "transitions"),
            "dense": any(step[frozenset()] != state for state, step in enumerate(steps)),
            "a_on": declared.on[0],
            "a": declared.of[0],
            "b_on": declared.on[-1],
            "b": declared.of[1] if len(declared.of) > 1 else (),
            "named": _named(self.machine) if "transition" in declared.on else (),
            "within": None if span is None else span // timedelta(microseconds=1),
            "halves": [half._asdict() for half in halves],
            "whole": span is not None and not halves,
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


def words_of(log: EventLog, asked: list[AskedRule]) -> Iterator[tuple[AskedRule, Word, int]]:
    """Return each distinct word of each rule, and how many lives wrote it."""
    by_number = {rule.number: rule for rule in asked}
    for number, letters, closed, unbegun, lives in over_words(log, "verdicts", asked).fetchall():
        yield by_number[number], Word(letters, closed, unbegun), lives


def over_words(log: EventLog, question: str, asked: list[AskedRule], **values: str) -> DuckDBPyRelation:
    """Return the answer of a question over the words that lives wrote in the letters of the rules."""
    rules = json.dumps([rule.values for rule in asked if rule.declared.on and rule.declared.when is None])
    letters, words, asked_for = (
        render(text(f"rules/{name}"), rules=rules, now=log.last, **values) for name in ("letters", "words", question)
    )
    return log.sql(f"WITH letters AS ({letters}\n), words AS ({words}\n) SELECT * FROM ({asked_for}\n)")


def counted(log: EventLog, asked: list[AskedRule]) -> dict[int, dict[str, int]]:
    """Return by rule how many lives there are, are concerned, and are judged how."""
    counts = {rule.number: dict.fromkeys(("lives", "concerned", *JUDGEMENTS), 0) for rule in asked}
    for rule, word, lives in words_of(log, asked):
        found = counts[rule.number]
        found["lives"] += lives
        said = judgement(rule.of_lives, word)
        if said == "satisfied" or (said is not None and not rule.shows_only):
            found["concerned"] += lives
            found[said] += lives
    return counts


def verdict_of(rule: AskedRule, counts: Mapping[str, int]) -> str:
    """Return what these counts say of a rule, in a word."""
    if rule.declared.when is not None:
        return "unknowable"
    if rule.shows_only:
        return "holds" if counts["satisfied"] else "unknowable"
    verdicts = {"violated": "violated", "unknowable": "unknowable", "pending": "pending", "satisfied": "holds"}
    return next((verdict for judged, verdict in verdicts.items() if counts[judged]), "vacuous")
