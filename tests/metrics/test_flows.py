from __future__ import annotations

from datetime import datetime

import pytest

import workbench as wb
from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.metrics import flow, life_durations, rework, throughput

HOUR = 3600.0

# A: draft 08, sent 09, draft 10, held 11, draft 12, sent 14, draft 15
# B: draft 08, held 09 | C: sent 08, draft 10, sent 10:30 | D: draft 08, and draft again 09
LETTERS = """
1  A model_created      2026-01-05T08:00 {"attributes": {"status": "draft"}}
2  B model_created      2026-01-05T08:00 {"attributes": {"status": "draft"}}
3  C model_created      2026-01-05T08:00 {"attributes": {"status": "sent"}}
4  D model_created      2026-01-05T08:00 {"attributes": {"status": "draft"}}
5  A state_transitioned 2026-01-05T09:00 {"from_state": "draft", "to_state": "sent", "user_id": 1}
6  B state_transitioned 2026-01-05T09:00 {"from_state": "draft", "to_state": "held", "user_id": 1}
7  D model_updated      2026-01-05T09:00 {"new_attributes": {"status": "draft"}, "user_id": 5}
8  A state_transitioned 2026-01-05T10:00 {"from_state": "sent", "to_state": "draft", "user_id": 2}
9  C state_transitioned 2026-01-05T10:00 {"from_state": "sent", "to_state": "draft", "user_id": 3}
10 C state_transitioned 2026-01-05T10:30 {"from_state": "draft", "to_state": "sent", "user_id": 3}
11 A state_transitioned 2026-01-05T11:00 {"from_state": "draft", "to_state": "held", "user_id": 2}
12 A state_transitioned 2026-01-05T12:00 {"from_state": "held", "to_state": "draft", "user_id": 2}
13 A state_transitioned 2026-01-05T14:00 {"from_state": "draft", "to_state": "sent", "user_id": 1}
14 A state_transitioned 2026-01-05T15:00 {"from_state": "sent", "to_state": "draft", "user_id": 9}
"""


@pytest.fixture(scope="module")
def letters(read):
    return read(LETTERS)


def test_a_way_goes_from_the_first_entry_since_the_last_way_to_the_next(letters):
    table = throughput(letters, "draft", "sent")
    assert table.columns == [
        "type", "from_state", "to_state", "aggregates", "times", "open", "unknown_start", "mean_seconds", "min_seconds",
        "median_seconds", "p90_seconds", "p99_seconds", "max_seconds", "p10_seconds", "p25_seconds", "p75_seconds",
    ]  # fmt: skip
    row = table.fetchall()[0]
    # A 08 to 09 and 10 to 14, C 10 to 10:30; A, B and D are in draft or gone elsewhere since
    assert row[:7] == ("Order", "draft", "sent", 2, 3, 3, 0)
    assert [seconds / HOUR for seconds in row[7:10]] == pytest.approx([5.5 / 3, 0.5, 1])
    assert row[12] == 4 * HOUR
    assert [seconds / HOUR for seconds in row[13:16]] == pytest.approx([0.6, 0.75, 2.5])  # of 0.5, 1 and 4 h


def test_only_the_first_way_of_each_on_request(letters):
    row = throughput(letters, "draft", "sent", once=True).fetchall()[0]
    assert row[3:6] == (2, 2, 2)  # A 1 h, C 0.5 h; B and D never got there
    assert row[7] == 0.75 * HOUR


def test_from_a_state_to_itself_is_from_each_entry_to_the_next(letters):
    row = throughput(letters, "draft", "draft").fetchall()[0]
    assert row[3:6] == (2, 4, 4)  # A 2, 2 and 3 h, D 1 h
    assert row[7] == 2 * HOUR


def test_a_window_takes_ways_by_their_beginning(letters):
    row = throughput(letters, "draft", "sent", since="2026-01-05 10:00", before="2026-01-05 11:00").fetchall()[0]
    assert row[3:6] == (2, 2, 0)


def test_a_way_of_unknown_beginning_is_counted_without_a_time(orders):
    row = throughput(orders, "pending", "confirmed").fetchall()[0]
    assert row[3:8] == (3, 3, 2, 1, 12.5 * HOUR)  # 42 1 h, 44 unknown, 45 24 h; 43 and 45 are on no way's end


def test_each_aggregate_is_one_key_away(letters):
    rows = throughput(letters, "draft", "sent", by="aggregate_id").fetchall()
    assert [(row[1], row[5], row[6]) for row in rows] == [("A", 2, 1), ("B", 0, 1), ("C", 1, 0), ("D", 0, 1)]


def test_names_that_are_none_are_said(letters, shop):
    with pytest.raises(UnknownNameError, match=r"sendt.*sent"):
        throughput(letters, "draft", "sendt")
    with pytest.raises(LogError, match=r"log\.of"):
        throughput(shop, "pending", "pending")
    with pytest.raises(UnknownNameError, match=r"sendt.*sent"):
        life_durations(letters, ends=["sendt"])
    with pytest.raises(InstantError, match="every="):
        flow(letters, "fortnight")


def test_what_comes_back_through_whom_and_at_what_cost(letters):
    table = rework(letters)
    assert table.columns == [
        "type", "state", "aggregates", "share", "times", "self_loops", "returns", "repeats", "redos", "unknown_actor",
        "away_seconds", "median_away_seconds", "again_seconds",
    ]  # fmt: skip
    told = [(*row[1:10], *(seconds / HOUR for seconds in row[10:])) for row in table.fetchall()]
    assert told == [
        # draft: A at 10 (before it nobody is named), 12 (user 2 again), 15 (user 9 after 2), D at 09; away 1 h each
        # time; A stayed 1 and 2 h the later times
        ("draft", 2, 0.5, 4, 1, 3, 1, 1, 2, 3, 1, 3),
        # sent: A at 14 (user 1 again, away 4 h), C at 10:30 (away 0.5 h); A stayed 1 h
        ("sent", 2, 1, 2, 0, 2, 1, 0, 1, 4.5, 2.25, 1),
    ]


def test_who_brings_them_back(letters):
    rows = rework(letters, by="actor").fetchall()
    assert [(row[1], row[2], row[3], row[4], row[5]) for row in rows] == [
        ("1", "sent", 1, None, 1), ("2", "draft", 1, None, 2), ("3", "sent", 1, None, 1), ("5", "draft", 1, None, 1),
        ("9", "draft", 1, None, 1),
    ]  # fmt: skip


def test_a_window_takes_entries_again(letters):
    rows = rework(letters, since="2026-01-05 11:00", before="2026-01-05 15:00").fetchall()
    assert [(row[1], row[2], row[3], row[4]) for row in rows] == [("draft", 1, None, 1), ("sent", 1, None, 1)]


def test_lives_that_ended_are_told_apart_from_those_that_go_on(orders):
    table = life_durations(orders, at="2026-01-07 10:00")
    assert table.columns == [
        "type", "state", "ended", "aggregates", "mean_seconds", "median_seconds", "p90_seconds", "max_seconds",
        "instant", "p10_seconds", "p25_seconds", "p75_seconds",
    ]  # fmt: skip
    # 42 from 01-05 09:00 to 01-06 10:00, 44 from 07:00 to 01-07 08:00; 43 began with its end; 45 since 01-06 09:30
    assert [(*row[1:4], row[4] / HOUR, row[7] / HOUR) for row in table.fetchall()] == [
        ("fulfilled", True, 2, 37, 49),
        ("cancelled", True, 1, 0, 0),
        ("pending", False, 1, 24.5, 24.5),
    ]
    quantiles = table.filter("state = 'fulfilled'").project("p10_seconds, p25_seconds, p75_seconds").fetchall()[0]
    assert [seconds / HOUR for seconds in quantiles] == pytest.approx([27.4, 31, 43])  # of 25 and 49 h


def test_where_lives_end_may_be_said(orders, tmp_path):
    named = life_durations(orders, ends=["cancelled"]).fetchall()
    assert {row[1]: row[2] for row in named} == {"cancelled": True, "fulfilled": False, "pending": False}
    path = tmp_path / "order.yaml"
    path.write_text(
        "name: M\nmodel: Order\ninitial_state: pending\nstates: [{name: pending}, {name: fulfilled}]\n"
        "transitions: [{name: go, from: [pending], to: fulfilled}]\n",
        encoding="utf-8",
    )
    by_machine = life_durations(orders, machines=wb.read_machines(path)).fetchall()
    assert {row[1] for row in by_machine if row[2]} == {"fulfilled"}


def test_lives_begin_and_end_in_periods(orders):
    table = flow(orders)
    assert table.columns == [
        "type", "period", "began", "ended", "reopened", "under_way", "began_so_far", "ended_so_far",
    ]  # fmt: skip
    days = [datetime(2026, 1, day) for day in (5, 6, 7)]  # noqa: DTZ001  the log's own clock
    assert [row[1:] for row in table.fetchall()] == [
        (days[0], 4, 1, 0, 3, 4, 1),  # 43 is cancelled
        (days[1], 0, 1, 0, 2, 4, 2),  # 42 is fulfilled
        (days[2], 0, 1, 0, 1, 4, 3),  # 44 is fulfilled
    ]


def test_a_life_that_leaves_its_end_is_reopened(orders):
    rows = flow(orders, ends=["confirmed", "fulfilled", "cancelled"]).fetchall()
    assert [row[2:6] for row in rows] == [(4, 3, 0, 1), (0, 1, 0, 0), (0, 0, 1, 1)]  # 45 goes back to pending


def test_periods_in_which_nothing_happens_are_there_and_a_window_keeps_the_sums(orders):
    hours = flow(orders.of("Order", 42), "6 hours").fetchall()
    assert [row[1].hour for row in hours] == [6, 12, 18, 0, 6]
    assert [row[5] for row in hours] == [1, 1, 1, 1, 0]
    assert [row[5:] for row in flow(orders, since="2026-01-07").fetchall()] == [(1, 4, 3)]
    assert [row[2:6] for row in flow(orders, "1 month").fetchall()] == [(4, 3, 0, 1)]


def test_periods_begin_where_the_zone_cuts_them(orders):
    rows = flow(orders, zone="America/New_York").fetchall()
    midnights = [datetime(2026, 1, day, 5) for day in (5, 6, 7)]  # noqa: DTZ001  the log's own clock
    assert [(row[1], row[2]) for row in rows] == [(midnights[0], 4), (midnights[1], 0), (midnights[2], 0)]


def test_lives_that_began_in_a_window_are_those_of_a_log_of_just_these(orders):
    window = {"since": "2026-01-05 09:00", "before": "2026-01-06"}
    part = orders.where(began_since=window["since"], began_before=window["before"])
    assert life_durations(orders, ends=["fulfilled"], **window).fetchall() == [
        ("Order", "fulfilled", True, 1, 90000.0, 90000.0, 90000.0, 90000.0, orders.last, *[90000.0] * 3),
        ("Order", "cancelled", False, 1, *[163800.0] * 4, orders.last, *[163800.0] * 3),
    ]
    assert wb.variants(orders, **window).fetchall() == wb.variants(part).fetchall()
    assert wb.variants(orders, **window).aggregate("sum(aggregates)").fetchall() == [(2,)]
    assert wb.variants(orders, loops="collapse", **window).fetchall() == wb.variants(part, loops="collapse").fetchall()


def test_once_is_yes_or_no(orders):
    with pytest.raises(LogError, match="once= is True or False, not 'x'"):
        throughput(orders, "pending", "confirmed", once="x")
