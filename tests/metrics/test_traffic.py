from __future__ import annotations

from datetime import timedelta
from math import exp, lgamma, log

import pytest

import workbench as wb
from workbench.errors import InstantError
from workbench.instants import instant
from workbench.metrics import transition_counts, transition_rates

HOUR, DAY = 3600.0, 86400.0


def test_moves_are_counted_with_the_time_before_them(orders):
    table = transition_counts(orders)
    assert table.columns == [
        "type", "from_state", "to_state", "times", "aggregates", "share", "median_seconds", "p90_seconds",
        "unknown_start", "of_from", "p99_seconds", "mean_seconds",
    ]  # fmt: skip
    # pending -> confirmed: 42 after 1 h, 44 after an unknown time, 45 after 24 h
    # confirmed -> fulfilled: 42 after 24 h, 44 after 48 h
    assert table.fetchall() == [
        (
            "Order",
            "pending",
            "confirmed",
            3,
            3,
            3 / 7,
            12.5 * HOUR,
            pytest.approx(21.7 * HOUR),
            1,
            3 / 4,
            pytest.approx(23.77 * HOUR),
            12.5 * HOUR,
        ),
        (
            "Order",
            "confirmed",
            "fulfilled",
            2,
            2,
            2 / 7,
            36 * HOUR,
            pytest.approx(45.6 * HOUR),
            0,
            2 / 3,
            pytest.approx(47.76 * HOUR),
            36 * HOUR,
        ),
        ("Order", "confirmed", "pending", 1, 1, 1 / 7, DAY, DAY, 0, 1 / 3, DAY, DAY),
        ("Order", "pending", "cancelled", 1, 1, 1 / 7, None, None, 1, 1 / 4, None, None),
    ]


BACK_AND_FORTH = """
1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "open"}}
2 7 model_updated 2026-01-02T00:00 {"new_attributes": {"status": "held"}}
3 7 model_updated 2026-01-03T00:00 {"new_attributes": {"status": "open"}}
4 7 model_updated 2026-01-05T00:00 {"new_attributes": {"status": "held"}}
5 7 model_updated 2026-01-06T00:00 {"new_attributes": {"status": "held"}}
"""


def test_an_aggregate_that_moves_again_is_one_aggregate(read):
    rows = transition_counts(read(BACK_AND_FORTH)).fetchall()
    assert [row[1:5] for row in rows] == [("open", "held", 2, 1), ("held", "held", 1, 1), ("held", "open", 1, 1)]


def test_a_window_is_half_open_and_counts_aggregates_within_it(read):
    log = read(BACK_AND_FORTH)
    cut = transition_counts(log, since="2026-01-03", before="2026-01-06").fetchall()
    assert [row[1:6] for row in cut] == [("held", "open", 1, 1, 0.5), ("open", "held", 1, 1, 0.5)]
    early = transition_counts(log, before="2026-01-03").fetchall()
    assert [row[1:5] for row in early] == [("open", "held", 1, 1)]


def test_the_time_before_a_move_reaches_back_beyond_the_window(read):
    rows = transition_counts(read(BACK_AND_FORTH), since="2026-01-05", before="2026-01-06").fetchall()
    assert [row[6] for row in rows] == [2 * DAY]


def test_a_window_that_ends_before_it_begins_is_refused(orders):
    with pytest.raises(InstantError, match="earlier than since"):
        transition_counts(orders, since="2026-02-01", before="2026-01-01")


# A month of a door, watched from the 1st to the 29th: 28 days. It shuts on five days, never in the third week.
DOOR = [
    {"case": "door", "activity": state, "time": f"2026-06-{day:02d} 00:00"}
    for day, state in [(1, "open"), (2, "shut"), (3, "open"), (5, "shut"), (6, "open"), (7, "open"),
                       (9, "shut"), (10, "open"), (23, "shut"), (24, "open"), (28, "shut"), (29, "open")]
]  # fmt: skip


@pytest.fixture(scope="module")
def door():
    return wb.read_events(DOOR)


def test_moves_a_day_with_their_interval_and_trend(door):
    table = transition_rates(door)
    assert table.columns == [
        "type", "from_state", "to_state", "period", "times", "days", "per_day", "low", "high",
        "trend", "trend_low", "trend_high",
    ]  # fmt: skip
    told = {row[1:3]: row[3:] for row in table.fetchall()}
    assert list(told) == [("open", "shut"), ("shut", "open"), ("open", "open")]  # a self loop is a pair
    began, times, days, per_day, low, high, *trend = told["open", "shut"]
    assert (str(began), times, days, per_day) == ("2026-06-01 00:00:00", 5, 28.0, 5 / 28)
    # Byar: 5 (1 - 1/45 - 1.96 / (3 sqrt 5))^3, and 6 (1 - 1/54 + 1.96 / (3 sqrt 6))^3
    assert (low * 28, high * 28) == pytest.approx((1.6107, 11.6690), abs=1e-3)
    # Three before the middle, the 15th, and two after: Wilson of 2 of 5 is 0.1176 to 0.7693.
    assert trend == pytest.approx([2 / 3, 0.1176 / 0.8824, 0.7693 / 0.2307], abs=1e-3)
    # Once, before the middle: no trend below, Wilson of 0 of 1 is up to 0.7935.
    assert told["open", "open"][1] == 1
    assert told["open", "open"][6:] == pytest.approx((0, 0, 0.79345 / 0.20655), abs=1e-3)


def test_a_period_without_a_move_is_told_too(door):
    weeks = transition_rates(door, "1 week").filter("from_state = 'open' AND to_state = 'shut'")
    rows = weeks.project("period::DATE::VARCHAR, times, days, per_day, low, high").fetchall()
    assert [row[:4] for row in rows] == [
        ("2026-06-01", 2, 7, 2 / 7), ("2026-06-08", 1, 7, 1 / 7), ("2026-06-15", 0, 7, 0), ("2026-06-22", 2, 7, 2 / 7),
        ("2026-06-29", 0, 0, None),
    ]  # fmt: skip
    assert rows[2][4:] == pytest.approx((0, 3.6690 / 7), abs=1e-3)  # (1 - 1/9 + 1.96/3)^3


def test_a_window_is_what_was_observed(door):
    row = transition_rates(door, "1 month", since="2026-06-05", before="2026-06-11 12:00").fetchall()[0]
    assert row[1:7] == ("open", "shut", instant("2026-06-01"), 2, 6.5, 2 / 6.5)
    weeks = transition_rates(door, "1 week", since="2026-06-08", before="2026-06-22").project("period, days")
    assert sorted(weeks.distinct().fetchall()) == [(instant("2026-06-08"), 7), (instant("2026-06-15"), 7)]
    assert transition_rates(door, since="2026-07-01").fetchall() == []


def test_periods_are_those_of_the_zone_and_lose_no_time():
    # Clocks were put forward on 2026-03-29 in Paris: that day had 23 hours.
    rows = [("a", "2026-03-27 23:00"), ("b", "2026-03-28 22:59"), ("a", "2026-03-28 23:00"), ("b", "2026-03-30 22:00")]
    log = wb.read_events([{"case": "1", "activity": state, "time": time} for state, time in rows])
    days = transition_rates(log, "1 day", zone="Europe/Paris").filter("from_state = 'a'").project("period, times, days")
    assert days.fetchall() == [
        (instant("2026-03-27 23:00"), 1, 1),
        (instant("2026-03-28 23:00"), 0, 23 / 24),
        (instant("2026-03-29 22:00"), 0, 1),
        (instant("2026-03-30 22:00"), 1, 0),
    ]
    hours = transition_rates(log, "1 hour", zone="Europe/Paris").filter("from_state = 'a'").project("days")
    assert sum(row[0] for row in hours.fetchall()) == pytest.approx(71 / 24)


def test_all_at_one_instant_has_no_rate():
    log = wb.read_events([{"case": "1", "activity": state, "time": "2026-01-01"} for state in "ab"])
    row = transition_rates(log).fetchall()[0]
    assert (row[4:9], row[9:]) == ((1, 0, None, None, None), (None, None, None))


@pytest.mark.parametrize("times", [5, 7, 12, 40, 200])
def test_the_interval_of_a_rate_is_near_the_exact_one(times):
    def at_most(most: int, mean: float) -> float:
        return sum(exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most + 1))

    rows = [{"case": "1", "activity": "ab"[n % 2], "time": str(instant("2026-01-01") + n * timedelta(hours=1))}
            for n in range(2 * times)]  # fmt: skip
    low, high, days = transition_rates(wb.read_events(rows)).project("low, high, days").fetchall()[0]
    # At the exact ends a count as high, or as low, has a chance of 2.5 %.
    assert 1 - at_most(times - 1, low * days * 1.01) > 0.025 > 1 - at_most(times - 1, low * days * 0.99)
    assert at_most(times, high * days * 0.99) > 0.025 > at_most(times, high * days * 1.01)
