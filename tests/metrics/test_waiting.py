"""The orders of conftest: 42 and 44 are fulfilled, 43 cancelled, 45 pending again; the log ends on 01-07 at 09:30."""

from __future__ import annotations

from datetime import datetime

from workbench.metrics import ageing, bottlenecks

HOUR = 3600.0
DAY = 24 * HOUR


def test_what_is_in_a_state_is_as_old_as_its_stay(orders):
    table = ageing(orders, at="2026-01-07 10:00")
    assert table.columns == [
        "type", "state", "aggregates", "unknown_start", "oldest_since", "median_seconds", "p90_seconds", "max_seconds",
        "hour", "day", "week", "month", "longer", "instant",
    ]  # fmt: skip
    # fulfilled: 42 since 01-06 10:00, 44 since 01-07 08:00; cancelled: 43 since 01-05 12:00; pending: 45 since 09:30
    assert [(row[1], row[2], *(seconds / HOUR for seconds in row[5:8]), row[8:13]) for row in table.fetchall()] == [
        ("fulfilled", 2, 13, 21.8, 24, (0, 1, 1, 0, 0)),
        ("cancelled", 1, 46, 46, 46, (0, 0, 1, 0, 0)),
        ("pending", 1, 0.5, 0.5, 0.5, (1, 0, 0, 0, 0)),
    ]
    assert table.fetchall()[0][4] == datetime(2026, 1, 6, 10)  # noqa: DTZ001  the log's own clock


def test_a_stay_of_unknown_beginning_has_no_age(orders):
    pending = next(row for row in ageing(orders, at="2026-01-05 07:30").fetchall())
    assert pending[1:9] == ("pending", 1, 1, None, None, None, None, 0)  # 44, whose first event is a note


def test_without_an_instant_the_age_is_that_at_the_end_of_the_log(orders):
    pending = next(row for row in ageing(orders).fetchall() if row[1] == "pending")
    assert (pending[7], pending[13]) == (0, datetime(2026, 1, 7, 9, 30))  # noqa: DTZ001


def test_states_are_ranked_by_the_time_that_lives_spend_in_them(orders):
    rows = bottlenecks(orders).fetchall()
    # The log runs from 01-05 07:00 to 01-07 09:30: 50.5 hours.
    # confirmed: 42 24 h, 44 48 h, 45 24 h. pending: 42 1 h, 43 0 h (its first event is its end), 44 1 h, 45 24 h and 0
    assert [(row[1], row[2], row[3], round(row[10] / HOUR, 6)) for row in rows] == [
        (1, "confirmed", 3, 96),
        (2, "pending", 5, 26),
        (None, "cancelled", 1, 45.5),
        (None, "fulfilled", 2, 23.5 + 1.5),
    ]
    assert [row[11] for row in rows] == [96 / 122, 26 / 122, None, None]
    confirmed = rows[0]
    assert (confirmed[4], confirmed[5]) == (3, 3)
    assert [round(value, 9) for value in confirmed[6:10]] == [
        round(value, 9) for value in (3 / 50.5 * 24, 3 / 50.5 * 24, 96 / 50.5, 32 * HOUR)
    ]


def test_of_a_stay_only_what_lies_within_the_window_counts(orders):
    rows = {row[2]: row for row in bottlenecks(orders, since="2026-01-06", before="2026-01-07").fetchall()}
    # confirmed on 01-06: 42 until 10:00, 44 all day, 45 from 09:30
    confirmed = rows["confirmed"]
    assert (confirmed[3:6], confirmed[10] / HOUR) == ((3, 1, 1), 10 + 24 + 14.5)
    assert confirmed[8] == 48.5 / 24
    assert rows["cancelled"][3:6] == (1, 0, 0)


def test_a_window_past_the_log_tells_only_of_the_log(orders):
    assert bottlenecks(orders, before="2027-01-01").fetchall() == bottlenecks(orders).fetchall()
    assert [row[8:11] for row in bottlenecks(orders, since="2027-01-01").fetchall()] == [(None, 0, 0)] * 3


def test_keys_split_the_answer(orders):
    rows = ageing(orders, at="2026-01-07 10:00", by="aggregate_id").fetchall()
    assert [(row[1], row[2], row[3]) for row in rows] == [
        ("42", "fulfilled", 1), ("43", "cancelled", 1), ("44", "fulfilled", 1), ("45", "pending", 1),
    ]  # fmt: skip
