from __future__ import annotations

from itertools import pairwise

import pytest

from workbench.metrics import survival, time_in_state

HOUR = 3600.0

# pending: A 1 h, B 2 h, C 2 h and open, D 3 h, E 4 h and open, when the log ends at 12:00
WAITING = """
1 A model_created      2026-01-05T08:00 {"attributes": {"status": "pending"}}
2 B model_created      2026-01-05T08:00 {"attributes": {"status": "pending"}}
3 D model_created      2026-01-05T08:00 {"attributes": {"status": "pending"}}
4 E model_created      2026-01-05T08:00 {"attributes": {"status": "pending"}}
5 A state_transitioned 2026-01-05T09:00 {"from_state": "pending", "to_state": "done"}
6 C model_created      2026-01-05T10:00 {"attributes": {"status": "pending"}}
7 B state_transitioned 2026-01-05T10:00 {"from_state": "pending", "to_state": "done"}
8 D state_transitioned 2026-01-05T11:00 {"from_state": "pending", "to_state": "done"}
9 E model_updated      2026-01-05T12:00 {"new_attributes": {"total": 1}}
"""
# F has been pending since 05:00, three hours before the log begins, and leaves after 4 h 30
BEFORE_THE_LOG = """
10 F state_transitioned 2026-01-05T09:30 {"from_state": "pending", "to_state": "done", "model_snapshot": {"created_at": "2026-01-05 05:00:00"}}
"""  # noqa: E501


def test_open_stays_and_unknown_beginnings_are_counted_apart(orders):
    table = time_in_state(orders)
    assert table.columns == [
        "type", "state", "stays", "open", "unknown_start", "mean_seconds", "median_seconds", "p90_seconds",
        "reentries", "km_median_seconds", "p10_seconds", "p25_seconds", "p75_seconds",
    ]  # fmt: skip
    # pending: 42 for 1 h, 43 and 44 since unknown, 45 for 24 h and again, open
    # confirmed: 42 for 24 h, 44 for 48 h, 45 for 24 h
    assert [row[1:7] for row in table.fetchall()] == [
        ("pending", 5, 1, 2, 12.5 * HOUR, 12.5 * HOUR),
        ("confirmed", 3, 0, 0, 32 * HOUR, 24 * HOUR),
        ("fulfilled", 2, 2, 0, None, None),
        ("cancelled", 1, 1, 0, None, None),
    ]


def test_percentiles_lie_between_stays(orders):
    table = time_in_state(orders).filter("state = 'confirmed'")
    found = table.project("p10_seconds, p25_seconds, p75_seconds, p90_seconds").fetchall()[0]
    assert [round(seconds / HOUR, 6) for seconds in found] == [24, 24, 36, 43.2]  # of 24, 24, 48 hours


def test_a_window_takes_stays_by_their_entry(orders):
    rows = time_in_state(orders, since="2026-01-05 10:00", before="2026-01-06 09:30").fetchall()
    assert [row[1:5] for row in rows] == [("cancelled", 1, 1, 0), ("confirmed", 1, 0, 0)]


def test_a_stay_cut_off_by_until_is_open(orders):
    rows = time_in_state(orders.of("Order", 42).until("2026-01-06 09:59")).fetchall()
    assert [row[1:4] for row in rows] == [("confirmed", 1, 1), ("pending", 1, 0)]


def test_a_state_entered_again_is_a_reentry(orders):
    assert {row[1]: row[8] for row in time_in_state(orders).fetchall()} == {
        "pending": 1, "confirmed": 0, "fulfilled": 0, "cancelled": 0,
    }  # fmt: skip


def test_the_share_that_stays_longer_counts_open_stays_as_long_as_they_are_seen(read):
    table = survival(read(WAITING)).filter("state = 'pending'")
    assert table.columns == [
        "type", "state", "seconds", "at_risk", "exits", "censored", "surviving", "lower", "upper",
    ]  # fmt: skip
    assert [(row[2] / HOUR, *row[3:6], round(row[6], 9)) for row in table.fetchall()] == [
        (1, 5, 1, 0, 0.8),  # one of five
        (2, 4, 1, 1, 0.6),  # 0.8 x 3/4; C is last seen at two hours
        (3, 2, 1, 0, 0.3),  # 0.6 x 1/2
        (4, 1, 0, 1, 0.3),
    ]


def test_the_interval_is_that_of_greenwood_on_the_log_log_scale(read):
    first = survival(read(WAITING)).filter("state = 'pending'").fetchall()[0]
    # 0.8 to the power of exp(+-1.96 sqrt(1 / (5 x 4)) / -ln 0.8), as survfit(conf.type = "log-log") in R
    assert [round(bound, 3) for bound in first[7:]] == [0.204, 0.969]


def test_before_the_first_exit_and_after_the_last_there_is_no_interval(read):
    closed = survival(read(WAITING).of("Order", "A", "B")).filter("state = 'pending'").fetchall()
    assert closed[-1][6:] == (0, None, None)
    opened = survival(read(WAITING)).filter("state = 'done'").fetchall()
    assert {row[6:] for row in opened} == {(1, None, None)}


def test_the_median_with_open_stays_is_when_half_have_left(read):
    pending, done = sorted(time_in_state(read(WAITING)).fetchall(), key=lambda row: -row[9] if row[9] else 0)
    assert pending[1:4] == ("pending", 5, 2)
    assert (pending[6], pending[9]) == (2 * HOUR, 3 * HOUR)  # of those that left alone it would be two hours
    assert (done[1], done[9]) == ("done", None)


def test_a_stay_entered_before_the_log_is_at_risk_from_the_age_it_had_then(read):
    table = survival(read(WAITING + BEFORE_THE_LOG.lstrip())).filter("state = 'pending'")
    assert [(row[2] / HOUR, *row[3:6], round(row[6], 9)) for row in table.fetchall()] == [
        (1, 5, 1, 0, 0.8),
        (2, 4, 1, 1, 0.6),
        (3, 2, 1, 0, 0.3),  # F has just the age of three hours when the log begins: not yet at risk
        (4, 2, 0, 1, 0.3),
        (4.5, 1, 1, 0, 0),
    ]


def test_a_stay_never_seen_in_the_log_has_no_part_in_the_curve(read):
    log = read(BEFORE_THE_LOG)
    assert survival(log).filter("state = 'pending'").fetchall() == []
    assert {row[1]: (row[6], row[9]) for row in time_in_state(log).fetchall()} == {
        "pending": (4.5 * HOUR, None), "done": (None, None),
    }  # fmt: skip


def test_without_open_stays_the_curve_is_the_share_of_longer_ones(orders):
    confirmed = survival(orders).filter("state = 'confirmed'").fetchall()
    assert [(row[2] / HOUR, row[6]) for row in confirmed] == [(24, pytest.approx(1 / 3)), (48, 0)]


def test_a_window_takes_the_curve_of_the_stays_entered_in_it(read):
    table = survival(read(WAITING), since="2026-01-05 09:00").filter("state = 'pending'")
    assert [row[2:7] for row in table.fetchall()] == [(2 * HOUR, 1, 0, 1, 1)]
    late = time_in_state(read(WAITING), since="2026-01-05 09:00").fetchall()
    assert {row[1]: row[2] for row in late} == {"pending": 1, "done": 3}


def test_curves_never_rise(orders):
    for state in ("pending", "confirmed"):
        shares = [row[6] for row in survival(orders).filter(f"state = '{state}'").fetchall()]
        assert all(one >= other for one, other in pairwise(shares))
