"""What do the tables of an answer hold?"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbench.lives.reruns.cases import Outcome
from workbench.lives.reruns.listing import listing
from workbench.lives.reruns.speaking import Speaking
from workbench.lives.reruns.steps import Track
from workbench.lives.reruns.tallies import Tally
from workbench.machines import Machine
from workbench.machines.versions import difference
from workbench.sql import literal

Row = dict[str, Any]
COUNTS = (
    "before", "after", "refused_before", "refused_after", "newly_refused", "newly_allowed", "elsewhere", "guarded",
)  # fmt: skip
_TRACK = {"type": "VARCHAR", "field": "VARCHAR"}
_MOVE = {"transition": "VARCHAR", "from_state": "VARCHAR", "to_state": "VARCHAR"}
_KEY = {**_TRACK, "path": "HUGEINT", "ways": "HUGEINT"}
_PARTED = {
    "before": "VARCHAR", "after": "VARCHAR", "refused_before": "BIGINT", "refused_after": "BIGINT",
    "state_before": "VARCHAR", "state_after": "VARCHAR",
}  # fmt: skip
MOVES = {**_TRACK, **_MOVE, "aggregates": "BIGINT", **dict.fromkeys(COUNTS, "BIGINT")}
POPULATIONS = {**_TRACK, "state": "VARCHAR", "before": "BIGINT", "after": "BIGINT", "difference": "BIGINT"}
STRANDED = {**_TRACK, "state": "VARCHAR", "aggregates": "BIGINT", "perhaps": "VARCHAR", "sql": "VARCHAR"}
PARTED = {**_KEY, "parts_at": "BIGINT", **_PARTED}
CHANGED = {**_TRACK, "aggregate_id": "VARCHAR", "place": "BIGINT", "entered_at": "TIMESTAMP", **_MOVE, **_PARTED}
STATES = {**_KEY, "before": "VARCHAR[]", "after": "VARCHAR[]"}
STAYS = {
    **_TRACK, "entered_at": "TIMESTAMP", "left_before": "VARCHAR", "entered_before": "VARCHAR",
    "left_after": "VARCHAR", "entered_after": "VARCHAR",
}  # fmt: skip


def rows(values: Sequence[Row], kinds: Mapping[str, str]) -> str:
    """Return rows of our own as SQL; as JSON, which DuckDB reads a hundred times faster than literals."""
    text, shape = literal(json.dumps(values)), literal(json.dumps([kinds]))
    return f"(SELECT unnest(from_json({text}, {shape}), max_depth := 2))"


def moves(tallies: Sequence[Tally]) -> list[Row]:
    """Return each recorded move and what both sides said to it; what is newly refused first."""
    told = [
        {**_whose(tally.track), **moved._asdict(), "aggregates": counts["aggregates"], **{n: counts[n] for n in COUNTS}}
        for tally in tallies
        for moved, counts in tally.moves.items()
    ]
    return sorted(told, key=_weight)


def _weight(row: Row) -> tuple[Any, ...]:
    names = [str(row[name] or "") for name in ("from_state", "to_state", "transition")]
    most = [-row[name] for name in ("newly_refused", "newly_allowed", "refused_after", "before", "after")]
    return (row["type"], row["field"], *most, *names)


def populations(outcomes: Sequence[Outcome]) -> list[Row]:
    """Return how many are in each state at the end, before and after, under the names of today."""
    before: Counter[tuple[Track, str]] = Counter()
    after: Counter[tuple[Track, str]] = Counter()
    for one in outcomes:
        for counter, states in ((before, one.run.before), (after, one.run.after)):
            if states[-1] is not None:
                counter[one.case.track, states[-1]] += one.case.lives
    return [
        {
            **_whose(track), "state": state, "before": before[track, state], "after": after[track, state],
            "difference": after[track, state] - before[track, state],
        }
        for track, state in sorted(before.keys() | after.keys())
    ]  # fmt: skip


def stranded(outcomes: Sequence[Outcome], spoken: Mapping[Track, Speaking], names: Mapping[str, str]) -> list[Row]:
    """Return the states that aggregates are in now, as recorded, and that the new machine lacks."""
    lost: Counter[tuple[Track, str]] = Counter()
    for one in outcomes:
        new, state = spoken[one.case.track].new, one.case.recorded
        if new is not None and state is not None and names.get(state, state) not in new.state_names:
            lost[one.case.track, state] += one.case.lives
    return [
        {
            **_whose(track), "state": state, "aggregates": lives, "perhaps": _perhaps(spoken[track], state, names),
            "sql": listing(track.aggregate_type, track.field, state),
        }
        for (track, state), lives in sorted(lost.items())
    ]  # fmt: skip


def suggested(tallies: Sequence[Tally], versions: Mapping[Track, Speaking], names: Mapping[str, str]) -> dict[str, str]:
    """Return the transitions that are refused anew and that have another name in the new machine, old to new."""
    found: dict[str, str] = {}
    for tally in tallies:
        old, new = versions[tally.track].old, versions[tally.track].new
        refused = {moved.transition for moved, counts in tally.moves.items() if counts["newly_refused"]} - {
            None,
            *names,
        }
        if old is not None and new is not None and refused:
            known = {was: now for was, now in names.items() if was in old.state_names and now in new.state_names}
            renamed = difference(old, new, known).of("transition", "renamed")
            found |= {one.old: one.new for one in renamed if one.old in refused and one.old and one.new}
    return found


def parted(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Return, as SQL, what each sequence comes to that parts from what it was; and the changed lives that do."""
    parting = [(one, one.told()) for one in outcomes if one.run.parts_at is not None]
    found = [{**one.key, "parts_at": one.run.parts_at, **told} for one, told in parting if one.case.one is None]
    changed = [{**one.changed(), **told} for one, told in parting if one.case.one is not None]
    return rows(found, PARTED), rows(changed, CHANGED)


def states(outcomes: Sequence[Outcome]) -> tuple[str, str]:
    """Return, as SQL, the states each sequence passes through before and after; and the stays of changed lives."""
    found = [{**one.key, "before": one.run.before, "after": one.run.after} for one in outcomes if one.case.one is None]
    stays = [stay for one in outcomes for stay in _stays(one)]
    return rows(found, STATES), rows(stays, STAYS)


def _stays(one: Outcome) -> Iterator[Row]:
    if one.case.one is not None:
        lefts = zip((None, *one.run.before), (None, *one.run.after), strict=True)
        entered = zip(one.run.before, one.run.after, strict=True)
        for at, (left_before, left_after), (before, after) in zip(one.case.one.times, lefts, entered, strict=False):
            yield {
                **_whose(one.case.track), "entered_at": at.isoformat(), "left_before": left_before,
                "entered_before": before, "left_after": left_after, "entered_after": after,
            }  # fmt: skip


def _perhaps(versions: Speaking, state: str, names: Mapping[str, str]) -> str | None:
    """Return the state of the new machine that this one is perhaps called now."""
    old, new = versions.old, versions.new
    if old is None or new is None or state not in old.state_names:
        return None
    known = {was: now for was, now in names.items() if was in old.state_names and now in new.state_names}
    sure = {one.old: one.new for one in difference(old, new, known).suggested}
    fresh = [name for name in new.state_names if name not in old.state_names]
    alike = [name for name in fresh if _around(new, name, {}) == _around(old, state, known)]
    return sure.get(state) or (alike[0] if len(alike) == 1 else None)


def _around(machine: Machine, state: str, names: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the states that lead to this one, and those it leads to."""
    into = frozenset(names.get(was, was) for was, now in machine.pairs if now == state)
    out = frozenset(names.get(now, now) for was, now in machine.pairs if was == state)
    return into, out


def _whose(track: Track) -> Row:
    return {"type": track.type, "field": track.field}
