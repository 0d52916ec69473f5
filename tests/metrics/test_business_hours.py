"""Time in business hours, walked minute by minute on the clock on the wall."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import InstantError
from workbench.metrics import ageing, bottlenecks, late_stays, throughput, time_in_state, time_limits, transition_counts

HOUR = 3600.0
WEEK = "Mon-Fri 09:00-17:00"
MINUTE = timedelta(minutes=1)


def test_nights_weekends_and_holidays_do_not_count(read):
    log = read("""
    1 A model_created      2026-01-08T16:00 {"attributes": {"status": "pending"}}
    2 A state_transitioned 2026-01-12T10:00 {"from_state": "pending", "to_state": "done"}
    """)  # Thursday to Monday
    pending = time_in_state(log.business_hours(WEEK)).filter("state = 'pending'").fetchall()[0]
    assert pending[6] == (1 + 8 + 1) * HOUR
    closed = log.business_hours(WEEK, holidays=["2026-01-09"])
    assert time_in_state(closed).filter("state = 'pending'").fetchall()[0][6] == 2 * HOUR
    assert time_in_state(log).filter("state = 'pending'").fetchall()[0][6] == 90 * HOUR


def test_hours_are_those_of_the_clock_on_the_wall(read):
    log = read("""
    1 A model_created      2026-01-08T07:00 {"attributes": {"status": "pending"}}
    2 A state_transitioned 2026-01-08T09:30 {"from_state": "pending", "to_state": "done"}
    """)
    seconds = {
        zone: time_in_state(log.business_hours(WEEK, zone)).filter("state = 'pending'").fetchall()[0][6]
        for zone in ("UTC", "Europe/Paris", "America/New_York")
    }
    assert seconds == {"UTC": 0.5 * HOUR, "Europe/Paris": 1.5 * HOUR, "America/New_York": 0}


def test_every_question_of_such_a_log_counts_in_them(orders):
    log = orders.business_hours("Mon-Wed 09:00-11:00")
    # 42 waits from Monday 09:00 to 10:00; 45 from Monday 09:30 to Tuesday 09:30
    assert time_in_state(log).filter("state = 'pending'").fetchall()[0][5] == (1 + 2) / 2 * HOUR
    assert throughput(log, "pending", "confirmed").fetchall()[0][7] == 1.5 * HOUR
    assert [row[3:5] for row in transition_counts(log).fetchall() if row[1:3] == ("pending", "confirmed")] == [(3, 3)]
    limits = {"pending": "90 minutes"}
    assert time_limits(log, limits).fetchall()[0][5:7] == (1, 1)
    assert [row[7] for row in late_stays(log, limits).fetchall()] == [0.5 * HOUR]
    assert ageing(log, at="2026-01-08").filter("state = 'cancelled'").fetchall()[0][7] == 4 * HOUR
    confirmed = bottlenecks(log).fetchall()[0]
    assert (confirmed[2], confirmed[10]) == ("confirmed", (2 + 5 - 0.5 + 2) * HOUR - 0.5 * HOUR)


def test_instants_windows_and_counts_are_those_of_the_clock(orders):
    log = orders.business_hours(WEEK, "Europe/Paris")
    assert wb.state_at(log).fetchall() == wb.state_at(orders).fetchall()
    assert wb.flow(log).fetchall() == wb.flow(orders).fetchall()
    window = {"since": "2026-01-05 10:00", "before": "2026-01-06 09:30"}
    assert [row[:4] for row in time_in_state(log, **window).fetchall()] == [
        row[:4] for row in time_in_state(orders, **window).fetchall()
    ]


def test_hours_stay_with_a_part_of_the_log(orders):
    part = orders.business_hours("Mon 09:30-10:00").of("Order", 42).until("2026-01-06")
    assert time_in_state(part).filter("state = 'pending'").fetchall()[0][5] == 0.5 * HOUR


@pytest.mark.parametrize(
    "week",
    ["", "9-17", "Mon-Fri 9-17", "Moon 09:00-17:00", "Mon 17:00-09:00", "Mon 09:00-24:30", "Mon 09:75-10:00",
     "Mon 09:00-12:00, Mon-Tue 11:00-13:00"],
)  # fmt: skip
def test_hours_that_are_none_are_said(orders, week):
    with pytest.raises(InstantError, match=r"hours|time of day"):
        orders.business_hours(week)


def test_a_zone_or_a_holiday_that_is_none_is_said(orders):
    with pytest.raises(InstantError, match="Europe/Paris"):
        orders.business_hours(WEEK, "Europe/Pariss")
    with pytest.raises(InstantError, match="2026-12-25"):
        orders.business_hours(WEEK, holidays=["Christmas"])


def test_a_log_that_runs_over_centuries_is_refused_in_a_sentence(read):
    log = read("""
    1 A model_created      0001-01-08T16:00 {"attributes": {"status": "pending"}}
    2 A state_transitioned 2026-01-12T10:00 {"from_state": "pending", "to_state": "done"}
    """)
    with pytest.raises(InstantError, match=r"100 years at most.*to 2026-01-12"):
        time_in_state(log.business_hours(WEEK))


WEEKS = {
    WEEK: [(range(5), 540, 1020)],
    "Sat-Mon 00:00-24:00, Wed 22:00-23:30": [((5, 6, 0), 0, 1440), ((2,), 1320, 1410)],
    "Sun 02:15-02:45, Sun 01:00-02:00, Sun 23:00-24:00": [((6,), 135, 165), ((6,), 60, 120), ((6,), 1380, 1440)],
}
# both changes of the clock in 2026, in Paris, New York and at midnight in Beirut; half an hour in Lord Howe
STARTS = [datetime.fromisoformat(day) for day in ("2026-03-07", "2026-03-28", "2026-04-04", "2026-10-24", "2026-10-31")]
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Asia/Kolkata")


@settings(max_examples=8)
@example(WEEK, "Europe/Paris", STARTS[1], 600, 4000)
@example(list(WEEKS)[2], "Europe/Paris", STARTS[3], 0, 4000)
@example(list(WEEKS)[2], "Australia/Lord_Howe", STARTS[2], 0, 4000)
@given(
    week=st.sampled_from(sorted(WEEKS)),
    zone=st.sampled_from(ZONES),
    start=st.sampled_from(STARTS),
    first=st.integers(0, 4000),
    spent=st.integers(0, 4000),
)
def test_business_time_is_the_open_minutes_on_the_wall(week, zone, start, first, spent):
    entered, left = start + first * MINUTE, start + (first + spent) * MINUTE
    rows = [
        {"id": 1, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "model_created",
         "event_data": {"attributes": {"status": "a"}}, "occurred_at": str(entered)},
        {"id": 2, "aggregate_type": "Order", "aggregate_id": "1", "event_type": "state_transitioned",
         "event_data": {"from_state": "a", "to_state": "b"}, "occurred_at": str(left)},
    ]  # fmt: skip
    holiday = (start + timedelta(days=2)).date()
    with wb.read_events(rows) as log:
        told = time_in_state(log.business_hours(week, zone, [holiday])).filter("state = 'a'").fetchall()[0][6]
    assert told == 60 * sum(_open(entered + n * MINUTE, week, zone, holiday) for n in range(spent))


def _open(instant, week, zone, holiday) -> bool:
    local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    return local.date() != holiday and any(
        local.weekday() in days and opens <= minute < closes for days, opens, closes in WEEKS[week]
    )
