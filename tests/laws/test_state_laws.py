"""What must be true of states and moves at every instant of any log, and of any part of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from drawn_logs import STATES, Export, event_store, exports, few, slots
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import InstantError, LogError, UnknownNameError

EVERY = {1: "1 minute", 40: "1 minute", 25_000: "6 hours"}


def _folded(log: wb.EventLog, life: tuple[str, str], when: datetime) -> dict[str, str]:
    """Return field -> state of one life at an instant, told by the fold."""
    try:
        return dict(wb.replay(log.of(*life)).at(when).states)
    except InstantError:
        return {}


def _asked(log: wb.EventLog, life: tuple[str, str], when: datetime) -> dict[str, str]:
    """Return the same, told by SQL."""
    one = log.of(*life)
    answer = wb.state_at(one, when)
    if "field" in answer.columns:
        return dict(answer.select("field, state").fetchall())
    fields = one.lives.filter("field IS NOT NULL").select("field").fetchall()
    return dict(
        zip((name for (name,) in fields), (state for (state,) in answer.select("state").fetchall()), strict=False)
    )


def _fold_equals_sql(export: Export, until: float, whens: list[float]) -> None:
    with export.read() as whole:
        for log in (whole, whole.until(export.instant(until))):
            lives = log.sql("SELECT DISTINCT aggregate_type, aggregate_id FROM lives ORDER BY ALL").fetchall()
            for life in lives:
                for when in map(export.instant, whens):
                    assert _folded(log, life, when) == _asked(log, life, when), (life, when)


@few(4)
@given(export=exports(), until=slots(), when=slots())
def test_the_fold_equals_sql(export, until, when):
    _fold_equals_sql(export, until, [when])


@few(4)
@given(export=event_store(only_transitions=True), until=slots(), when=slots())
def test_the_fold_equals_sql_where_only_transitions_were_exported(export, until, when):
    _fold_equals_sql(export, until, [when])


@pytest.mark.soak
@settings(max_examples=60)
@given(export=exports(), until=slots(), whens=st.lists(slots(), min_size=3, max_size=3))
def test_the_fold_equals_sql_many_times_over(export, until, whens):
    _fold_equals_sql(export, until, whens)


def _balance(log: wb.EventLog, when: datetime) -> None:
    moves = log.sql(
        "SELECT type, field, from_state, to_state, coalesce(entered_at, began_at), known_at, life FROM moves"
    ).fetchall()
    distribution = wb.state_distribution(log, when)
    tracks = "field" in distribution.columns
    inside: Counter = Counter()
    for of_type, field, source, target, entered_at, known_at, _ in moves:
        track = (of_type, field) if tracks else (of_type,)
        inside[*track, target] += entered_at <= when
        inside[*track, source] -= known_at <= when and source is not None
    keys = "type, field, state" if tracks else "type, state"
    asked = {tuple(key): number for *key, number in distribution.select(f"{keys}, aggregates").fetchall()}
    assert {key: number for key, number in inside.items() if number} == asked
    known = {(of_type, field, life) for of_type, field, *_, entered_at, _, life in moves if entered_at <= when}
    assert sum(asked.values()) == len(known)


@few(5)
@given(export=exports(), until=slots(), when=slots())
def test_entered_minus_left_is_inside(export, until, when):
    with export.read() as log:
        _balance(log, export.instant(when))
        _balance(log.until(export.instant(until)), export.instant(when))


_STEPS = "aggregates, of_first, of_previous, median_seconds"


@few(4)
@given(export=exports(), steps=st.lists(st.sampled_from(STATES), min_size=1, max_size=4), minutes=st.integers(1, 9))
def test_funnels_never_rise(export, steps, minutes):
    with export.read() as log:
        for of_type in log.types:
            try:
                free = wb.funnel(log.of(of_type), steps).project(_STEPS).fetchall()
                bound = wb.funnel(log.of(of_type), steps, within=timedelta(minutes=minutes)).project(_STEPS).fetchall()
            except (UnknownNameError, LogError):
                continue  # a state that no life of the type was in, or one that two fields have
            ever = (
                log.of(of_type).sql(f"SELECT count(DISTINCT life) FROM moves WHERE to_state = '{steps[0]}'").fetchall()
            )
            assert free[0][0] == bound[0][0] == ever[0][0]
            for table in (free, bound):
                _never_rises(table)
            assert all(row[0] <= other[0] for row, other in zip(bound, free, strict=True))


def _never_rises(table: list[tuple]) -> None:
    first = previous = table[0][0]
    for aggregates, of_first, of_previous, median in table:
        assert aggregates <= previous
        assert of_first == pytest.approx(aggregates / first)
        assert of_previous == (pytest.approx(aggregates / previous) if previous else None)
        assert median is None or median >= 0
        previous = aggregates


@few(4)
@given(export=exports(), until=slots())
def test_states_over_time_are_the_distribution_at_each_instant(export, until):
    every = EVERY[int(export.tick.total_seconds())]
    with export.read() as whole:
        for log in (whole, whole.until(export.instant(until))):
            over_time = wb.states_over_time(log, every=every)
            kept = [name for name in over_time.columns if name != "instant"]
            told: dict[datetime, list] = {}
            for instant, *rest in over_time.select(f"instant, {', '.join(kept)}").fetchall():
                told.setdefault(instant, []).append(tuple(rest))
            if not told:
                continue
            for instant in _calendar(min(told), max(told), every):
                distribution = wb.state_distribution(log, instant).select(", ".join(kept)).fetchall()
                assert sorted(told.get(instant, [])) == sorted(distribution), instant


def _calendar(first: datetime, last: datetime, every: str) -> list[datetime]:
    step = timedelta(hours=6) if "hour" in every else timedelta(minutes=1)
    instants = [first + n * step for n in range(int((last - first) / step) + 1)]
    return instants[:: max(1, len(instants) // 4)]
