from __future__ import annotations

import pytest

from workbench.errors import InstantError
from workbench.metrics import transition_counts

HOUR, DAY = 3600.0, 86400.0


def test_moves_are_counted_with_the_time_before_them(orders):
    table = transition_counts(orders)
    assert table.columns == [
        "type", "from_state", "to_state", "times", "aggregates", "share", "median_seconds", "p90_seconds",
        "unknown_start", "of_from", "p99_seconds",
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
        ),
        ("Order", "confirmed", "pending", 1, 1, 1 / 7, DAY, DAY, 0, 1 / 3, DAY),
        ("Order", "pending", "cancelled", 1, 1, 1 / 7, None, None, 1, 1 / 4, None),
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
