"""Times in states, counted again stay by stay: open stays and late beginnings included."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

import pytest
from drawn_logs import exports, few, slots
from hypothesis import given

import workbench as wb

Stay = tuple[float, float | None, bool]  # its age when it ended, its age when first seen, whether it was left


def _stays(log: wb.EventLog) -> dict[tuple[str, ...], list[Stay]]:
    """Return the stays of known beginning that were seen for any time, by type, field and state."""
    first, last = log.sql("SELECT min(effective_at), max(effective_at) FROM events").fetchall()[0]
    stays = defaultdict(list)
    for *state, entered_at, left_at in log.sql(
        "SELECT type, field, to_state, entered_at, left_at FROM moves WHERE entered_at IS NOT NULL"
    ).fetchall():
        end = left_at or last
        if entered_at >= first or end > first:
            seen_from = _seconds(entered_at, first) if entered_at < first else None
            stays[tuple(state)].append((_seconds(entered_at, end), seen_from, left_at is not None))
    return stays


def _seconds(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()


def _kaplan_meier(stays: list[Stay]) -> list[tuple[float, int, int, int, Fraction]]:
    surviving = Fraction(1)
    curve = []
    for age in sorted({age for age, _, _ in stays}):
        at_risk = sum(end >= age and (seen is None or seen < age) for end, seen, _ in stays)
        exits = sum(end == age and left for end, _, left in stays)
        surviving *= 1 - Fraction(exits, at_risk)
        curve.append((age, at_risk, exits, sum(end == age and not left for end, _, left in stays), surviving))
    return curve


def _told(log: wb.EventLog, table: str, columns: str) -> dict[tuple[str, ...], list[tuple]]:
    answer = getattr(wb, table)(log)
    keys = [name for name in ("type", "field", "state") if name in answer.columns]
    told = defaultdict(list)
    for row in answer.select(", ".join([*keys, columns])).fetchall():
        told[row[: len(keys)]].append(row[len(keys) :])
    return told


@few(4)
@given(export=exports(), until=slots())
def test_the_survival_curve_is_kaplan_meier(export, until):
    with export.read() as whole:
        for log in (whole, whole.until(export.instant(until))):
            curves = _told(log, "survival", "seconds, at_risk, exits, censored, surviving")
            medians = _told(log, "time_in_state", "km_median_seconds")
            tracks = log.has_tracks
            expected = {
                (key if tracks else (key[0], key[2])): _kaplan_meier(stays) for key, stays in _stays(log).items()
            }
            assert set(curves) == set(expected)
            for state, curve in expected.items():
                assert [row[:4] for row in curves[state]] == [row[:4] for row in curve]
                assert [row[4] for row in curves[state]] == pytest.approx([float(row[4]) for row in curve])
            for state, ((median,),) in medians.items():
                halved = [age for age, _, _, _, surviving in expected.get(state, []) if surviving <= Fraction(1, 2)]
                assert median == (halved[0] if halved else None), state


@few(4)
@given(export=exports(), start=slots(), end=slots())
def test_littles_law_holds_in_every_window(export, start, end):
    since, before = sorted((export.instant(start), export.instant(end)))
    with export.read() as log:
        answer = wb.bottlenecks(log, since, before)
        track = "type, field" if log.has_tracks else "type"
        rows = answer.select(f"{track}, state, stays, mean_inside, mean_stay_seconds, total_seconds").fetchall()
        first, last = log.sql("SELECT min(effective_at), max(effective_at) FROM events").fetchall()[0]
        seconds = _seconds(max(first, since), max(first, since, min(last, before)))
        for *_, stays, inside, spent, total in rows:
            assert total == pytest.approx(stays * spent)
            assert inside == (pytest.approx(stays / seconds * spent) if seconds else None)
        integral = _integral(log, max(first, since), min(last, before)) if seconds else {}
        told = {tuple(state): total for *state, _, _, _, total in rows if total}
        assert told == pytest.approx({key if log.has_tracks else (key[0], key[2]): n for key, n in integral.items()})


def _integral(log: wb.EventLog, start: datetime, end: datetime) -> dict[tuple[str, ...], float]:
    """Return the population of each state, integrated over time instant by instant."""
    moves = log.sql("SELECT type, field, to_state, coalesce(entered_at, began_at), left_at FROM moves").fetchall()
    instants = sorted({start, end} | {t for *_, a, b in moves for t in (a, b) if t and start < t < end})
    area: dict[tuple[str, ...], float] = defaultdict(float)
    for one, other in pairwise(instants):
        for *state, entered_at, left_at in moves:
            if entered_at <= one and (left_at is None or left_at >= other):
                area[tuple(state)] += _seconds(one, other)
    return area
