from __future__ import annotations

from workbench.metrics import time_in_state

HOUR = 3600.0


def test_open_stays_and_unknown_beginnings_are_counted_apart(orders):
    table = time_in_state(orders)
    assert table.columns == [
        "type", "state", "stays", "open", "unknown_start", "mean_seconds", "median_seconds", "p90_seconds",
    ]  # fmt: skip
    # pending: 42 for 1 h, 43 and 44 since unknown, 45 for 24 h and again, open
    # confirmed: 42 for 24 h, 44 for 48 h, 45 for 24 h
    assert [row[1:7] for row in table.fetchall()] == [
        ("pending", 5, 1, 2, 12.5 * HOUR, 12.5 * HOUR),
        ("confirmed", 3, 0, 0, 32 * HOUR, 24 * HOUR),
        ("fulfilled", 2, 2, 0, None, None),
        ("cancelled", 1, 1, 0, None, None),
    ]


def test_the_ninetieth_percentile_lies_between_stays(orders):
    confirmed = next(row for row in time_in_state(orders).fetchall() if row[1] == "confirmed")
    assert round(confirmed[7] / HOUR, 6) == 43.2  # 24, 24, 48 hours


def test_a_window_takes_stays_by_their_entry(orders):
    rows = time_in_state(orders, since="2026-01-05 10:00", before="2026-01-06 09:30").fetchall()
    assert [row[1:5] for row in rows] == [("cancelled", 1, 1, 0), ("confirmed", 1, 0, 0)]


def test_a_stay_cut_off_by_until_is_open(orders):
    rows = time_in_state(orders.of("Order", 42).until("2026-01-06 09:59")).fetchall()
    assert [row[1:4] for row in rows] == [("confirmed", 1, 1), ("pending", 1, 0)]
