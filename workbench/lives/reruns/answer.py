"""What would have become of everyone? The answer: in sentences, in counts, in tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.cards import Html, amount, card, table, visible
from workbench.errors import InstantError, LogError
from workbench.lives.reruns import tables
from workbench.lives.reruns.cases import Outcome
from workbench.lives.reruns.changes import ImaginedLife
from workbench.lives.reruns.listing import plural, words
from workbench.lives.reruns.refolding import ATTRIBUTES, attributes
from workbench.lives.reruns.sequences import keyed
from workbench.lives.reruns.speaking import Speaking
from workbench.lives.reruns.steps import Track
from workbench.lives.reruns.tallies import Tally
from workbench.sql import connect, render, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from workbench.events import EventLog

_UNITS = {"1 hour": "hour", "1 day": "day", "1 week": "week", "1 month": "month"}
_SHOWN = 20  # rows of a table in a notebook


@dataclass(frozen=True, repr=False)
class WhatIf:
    """What would have become of everyone: `.sentence`, `.counts`, and tables before, after and the difference.

    Attributes
    ----------
    spoken
        Type and state field -> the machines, old and new, that were asked; `.old` is None for history itself.
    unspoken
        The types that no machine speaks for; their lives were not looked at.
    idle
        The new machines that no life belongs to.
    """

    spoken: Mapping[Track, Speaking]
    unspoken: tuple[str, ...]
    idle: tuple[str, ...]
    tallies: tuple[Tally, ...]
    outcomes: tuple[Outcome, ...]
    names: Mapping[str, str]
    imagined: tuple[ImaginedLife, ...] = ()
    log: EventLog | None = None

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Return the totals.

        lives (a track of them, where they have several); before, after: moves asked, beginnings included;
        refused_before, refused_after; newly_refused, newly_allowed; elsewhere: by a transition that leads to another
        state than recorded (refused where history is followed); guarded: allowed by guarded transitions only;
        diverging: lives that part from what they were; ending_elsewhere: lives whose last state differs; stranded:
        lives that are now, as recorded, in a state the new machine lacks.
        """
        totals = {name: sum(t.total(name) for t in self.tallies) for name in tables.COUNTS}
        return {
            "lives": self._lives(self.outcomes),
            **totals,
            "diverging": self._lives(one for one in self.outcomes if one.run.parts_at is not None),
            "ending_elsewhere": self._lives(one for one in self.outcomes if one.run.before[-1] != one.run.after[-1]),
            "stranded": sum(row["aggregates"] for row in self._stranded),
        }

    @property
    def sentence(self) -> str:
        """Return the answer in one sentence."""
        return self.sentences[0]

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Return the whole answer in words; the first sentence says what matters most."""
        return tuple(_sentences(self))

    @cached_property
    def moves(self) -> DuckDBPyRelation:
        """Return each recorded move and what was said to it, what is newly refused first.

        type VARCHAR; field VARCHAR (only where a type has two); transition VARCHAR; from_state VARCHAR (NULL at the
        beginning); to_state VARCHAR, all as recorded; aggregates BIGINT (lives that made it); before, after BIGINT
        (times asked); refused_before, refused_after, newly_refused, newly_allowed, elsewhere, guarded BIGINT (see
        `counts`).
        """
        return self._table(tables.moves(self.tallies), tables.MOVES)

    @cached_property
    def populations(self) -> DuckDBPyRelation:
        """Return how many are in each state at the end: type, field, state, before, after, difference BIGINT.

        States are told by the names they have in the new machine.
        """
        return self._table(tables.populations(self.outcomes), tables.POPULATIONS)

    @cached_property
    def stranded(self) -> DuckDBPyRelation:
        """Return the states that aggregates are now in, as recorded, and that the new machine lacks.

        type, field, state VARCHAR; aggregates BIGINT; perhaps VARCHAR (the state of the new machine that it is
        perhaps called now: `rename` says so); sql VARCHAR (lists them in the application).
        """
        return self._table(self._stranded, tables.STRANDED)

    @cached_property
    def suggested(self) -> Mapping[str, str]:
        """Return what is perhaps only renamed, old to new, as `rename` takes it.

        States that aggregates are stranded in, and transitions that are refused anew; nothing of it is taken for
        granted.
        """
        states = {row["state"]: row["perhaps"] for row in self._stranded if row["perhaps"]}
        return {**states, **tables.suggested(self.tallies, self.spoken, {**self.names, **states})}

    @cached_property
    def lives(self) -> DuckDBPyRelation:
        """Return the lives that part from what they were, and at which move first.

        type, field, aggregate_id VARCHAR; place BIGINT; entered_at TIMESTAMP (UTC); transition, from_state, to_state
        VARCHAR (the move, as recorded); before, after VARCHAR (the states then); refused_before, refused_after BIGINT
        (of all its moves); state_before, state_after VARCHAR (at the end). Ordered by type and aggregate.

        Raises
        ------
        LogError
            When the answer is from a profile, which names no one.
        """
        runs, changed = tables.parted(self.outcomes)
        return self._asked("reruns/parted", runs=runs, changed_runs=changed)

    @cached_property
    def attributes(self) -> DuckDBPyRelation:
        """Return the attributes that would be others at the end of the lives whose events are changed.

        type, aggregate_id, attribute VARCHAR; before, after JSON (NULL where absent), as `replay` folds them. State
        fields are left out: `lives` has them.
        """
        told = attributes(self.log, self.imagined) if self.log and self.imagined else []
        return self._connection.sql(f"FROM {tables.rows(told, ATTRIBUTES)}")

    def over_time(self, every: str = "1 day") -> DuckDBPyRelation:
        """Return how many are in each state at every calendar instant (UTC), before and after.

        Parameters
        ----------
        every
            "1 hour", "1 day", "1 week" (from Monday) or "1 month".

        Returns
        -------
        DuckDBPyRelation
            type, field VARCHAR; instant TIMESTAMP (UTC); state VARCHAR; before, after, difference BIGINT. States
            that hold nobody on either side have no row. Ordered by type, instant and state.

        Raises
        ------
        InstantError
            When `every` is no such step.
        LogError
            When the answer is from a profile, which knows no times.
        """
        if every not in _UNITS:
            raise InstantError(f"every={every!r} is no calendar step: write {', '.join(map(repr, _UNITS))}")
        runs, stays = tables.states(self.outcomes)
        values = {"unit": _UNITS[every], "step": every}
        return self._asked("reruns/populations_over_time", runs=runs, changed_stays=stays, **values)

    @cached_property
    def _stranded(self) -> list[tables.Row]:
        return tables.stranded(self.outcomes, self.spoken, self.names)

    @cached_property
    def _connection(self) -> DuckDBPyConnection:
        return self.log.connection if self.log else connect().connection

    def _table(self, values: Sequence[tables.Row], kinds: Mapping[str, str]) -> DuckDBPyRelation:
        return self._shown(self._connection.sql(f"FROM {tables.rows(values, kinds)}"))

    def _asked(self, question: str, runs: str, **more: str) -> DuckDBPyRelation:
        if self.log is None:
            raise LogError(
                "a profile holds counts of variants, no aggregates and no times: ask the log it was made from"
            )
        given = {name: more.pop(name) for name in list(more) if name.startswith("changed_")}
        tabled = "".join(f",\n{name} AS (FROM {body})" for name, body in {"runs": runs, **given}.items())
        query = (
            f"{keyed(life.life for life in self.imagined)}{tabled}\nSELECT * FROM ({render(text(question), **more)}\n)"
        )
        return self._shown(self.log.sql(query))

    def _shown(self, relation: DuckDBPyRelation) -> DuckDBPyRelation:
        types = [track.type for track in self.spoken]
        return relation if len(types) > len(set(types)) else relation.select("* EXCLUDE (field)")

    @staticmethod
    def _lives(outcomes: Iterable[Outcome]) -> int:
        return sum(one.case.lives for one in outcomes)

    def __repr__(self) -> str:
        return visible("<WhatIf: " + " ".join(self.sentences) + ">")

    def _repr_html_(self) -> str:
        first, *others = self.sentences
        return card(first, *others, _table(self.moves), _table(self.stranded))


def _sentences(answer: WhatIf) -> Iterator[str]:
    counts, nouns = answer.counts, _nouns(answer.spoken)
    judged = [pair for pair in answer.spoken.values() if pair.new is not None]
    asked = {pair.new.name for pair in judged if pair.new} | set(answer.idle)
    machines = "machine" if len(asked) == 1 else "machines"
    if asked:
        yield (
            f"Under the new {machines} {_number(counts['refused_after'])} of {amount(counts['after'], 'move')} "
            "would have been refused; "
            f"{_stuck(counts['stranded'], nouns, 'it lacks' if machines == 'machine' else 'they lack')}."
        )
    if any(pair.old for pair in judged):
        yield (
            f"Under the old {machines} it is {counts['refused_before']:,} of {counts['before']:,}: "
            f"{_number(counts['newly_refused'])} newly refused, {_number(counts['newly_allowed'])} newly allowed."
        )
    yield (
        f"{_number(counts['diverging']).capitalize()} of {amount(counts['lives'], 'life', 'lives')} would part from "
        f"what {'it was' if counts['lives'] == 1 else 'they were'}; "
        f"{_number(counts['ending_elsewhere'])} would end in another state."
    )
    if counts["elsewhere"]:
        moved = amount(counts["elsewhere"], "move is", "moves are")
        yield f"{moved} by transitions that lead to another state than recorded."
    if counts["guarded"]:
        yield f"{counts['guarded']:,} of the moves allowed hang on a guard; guards are not evaluated."
    if answer.unspoken:
        yield f"No machine speaks for {', '.join(answer.unspoken)}: their lives are not looked at."
    if answer.idle:
        yield f"No life belongs to {', '.join(answer.idle)}."


def _number(count: int) -> str:
    return f"{count:,}" if count else "none"


def _nouns(tracks: Iterable[Track]) -> tuple[str, str]:
    types = {words(track.type) for track in tracks}
    one = types.pop() if len(types) == 1 else "aggregate"
    return one, plural(one)


def _stuck(count: int, nouns: tuple[str, str], lacks: str) -> str:
    if not count:
        return f"no {nouns[0]} sits in a state {lacks}"
    return (
        f"{count:,} {nouns[1]} now sit in states {lacks}" if count > 1 else f"1 {nouns[0]} now sits in a state {lacks}"
    )


def _table(relation: DuckDBPyRelation) -> Html:
    return table(relation.columns, relation.fetchall(), most=_SHOWN)
