"""Values reach JSON, CSV and tables without NaN, without lost zones and without steering the terminal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest

from workbench.cli.values import cell, field, percent, plain, span, visible


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), None),
        (float("-inf"), None),
        (Decimal("NaN"), None),
        (Decimal("1.50"), 1.5),
        (datetime(2026, 1, 5, 10), "2026-01-05T10:00:00Z"),  # noqa: DTZ001  as DuckDB gives it
        (datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=2))), "2026-01-05T08:00:00Z"),
        (date(2026, 1, 5), "2026-01-05"),
        (b"caf\xe9", "caf\\xe9"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ([1.0, float("nan")], [1.0, None]),
        ({1: {"a": float("nan")}}, {"1": {"a": None}}),
        (True, True),
    ],
)
def test_json_holds_what_it_can_hold(value: object, told: object):
    assert plain(value) == told


def test_a_json_column_becomes_what_it_holds():
    assert plain('{"a": [1, NaN]}', "JSON") == {"a": [1, None]}
    assert plain('"text"', "JSON") == "text"
    assert plain('{"a": 1}', "VARCHAR") == '{"a": 1}'
    assert plain("[" * 100_000, "JSON") == "[" * 100_000


def test_csv_fields_are_empty_for_null_and_json_for_parts():
    assert [field(value) for value in (None, True, 3, ["a", 1])] == ["", "true", "3", '["a", 1]']


def test_a_cell_shows_durations_shares_and_counts_as_people_write_them():
    assert cell(90061.0, "median_seconds") == "1 d 1 h"
    assert cell(0.5, "share") == "50.0%"
    assert cell(1234567, "aggregates") == "1,234,567"
    assert cell(2026, "year") == "2026"
    assert cell(datetime(2026, 1, 5, 10, 0, 5, tzinfo=UTC)) == "2026-01-05 10:00:05"
    assert cell(["pending", "paid"]) == "pending > paid"


def test_a_share_is_neither_all_nor_nothing_unless_it_is():
    assert [percent(share) for share in (0, 0.0001, 0.9999, 1)] == ["0.0%", "<0.1%", ">99.9%", "100.0%"]


def test_escape_sequences_and_direction_signs_are_written_out():
    assert visible("a\x1b[31mb\u202ec\nd\u200b") == "a\\x1b[31mb\\u202ec\\nd\\u200b"
    assert "\x1b" not in cell("\x1b]0;title\x07")


def test_a_long_cell_is_cut():
    assert len(cell("x" * 1000)) == 240


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (59.96, "60 s"), (60, "1 min"), (3661, "1 h 1 min"), (-5, "-5 s"), (172800, "2 d")],
)
def test_a_span_has_its_two_largest_units(seconds: float, told: str):
    assert span(seconds) == told
