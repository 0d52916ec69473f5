from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workbench.errors import InstantError, LogError
from workbench.events import read_events
from workbench.instants import instant
from workbench.metrics import flow, moves_over_time, state_at, state_distribution, states_over_time, transition_rates


def test_state_at_the_log_s_end(orders):
    table = state_at(orders)
    assert table.columns == ["type", "aggregate_id", "state", "since", "version", "place", "instant"]
    end = instant("2026-01-07 09:30")
    assert table.fetchall() == [
        ("Order", "42", "fulfilled", instant("2026-01-06 10:00"), None, 4, end),
        ("Order", "43", "cancelled", instant("2026-01-05 12:00"), None, 1, end),
        ("Order", "44", "fulfilled", instant("2026-01-07 08:00"), None, 3, end),
        ("Order", "45", "pending", end, None, 2, end),
    ]


def test_an_instant_belongs_to_the_state_entered_then(orders):
    states = {row[1]: row[2] for row in state_at(orders, "2026-01-05 10:00").fetchall()}
    assert states == {"42": "confirmed", "44": "confirmed", "45": "pending"}
    before = {row[1]: row[2] for row in state_at(orders, "2026-01-05T09:59:59.999999").fetchall()}
    assert before["42"] == "pending"


def test_a_state_that_a_later_event_revealed_counts_from_creation_or_first_event(orders):
    early = state_at(orders, "2026-01-05 07:30").fetchall()
    assert [(row[1], row[2], row[3], row[5]) for row in early] == [("44", "pending", None, None)]
    created = {row[1]: row[3] for row in state_at(orders, "2026-01-05 09:45").fetchall()}
    assert created["45"] == instant("2026-01-05 09:30")
    assert "43" not in created


def test_a_part_up_to_an_instant_does_not_know_what_later_events_revealed(orders):
    part = orders.until("2026-01-05 09:45")
    assert [row[1:3] for row in state_at(part).fetchall()] == [("42", "pending"), ("44", "confirmed")]


def test_version_is_the_store_s_own(read):
    log = read('1 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b"}')
    assert [row[4] for row in state_at(log).fetchall()] == [None]


def test_distribution_is_counted_within_the_type(shop):
    table = state_distribution(shop, "2026-01-05 12:00")
    assert table.columns == ["type", "state", "aggregates", "share", "instant"]
    assert [row[:4] for row in table.fetchall()] == [
        ("Order", "confirmed", 2, 0.5),
        ("Order", "cancelled", 1, 0.25),
        ("Order", "pending", 1, 0.25),
        ("Payment", "paid", 1, 1.0),
    ]


def test_the_distribution_says_which_instant_it_took(orders):
    assert {row[4] for row in state_distribution(orders).fetchall()} == {instant("2026-01-07 09:30")}


def test_nobody_is_anywhere_before_the_log_begins(orders):
    assert state_distribution(orders, "2020-01-01").fetchall() == []


def test_states_over_days(orders):
    table = states_over_time(orders, "1 day")
    assert table.columns == ["type", "instant", "state", "aggregates"]
    days = [(row[1].day, row[2], row[3]) for row in table.fetchall()]
    assert days == [
        (6, "cancelled", 1),
        (6, "confirmed", 2),
        (6, "pending", 1),
        (7, "cancelled", 1),
        (7, "confirmed", 2),
        (7, "fulfilled", 1),
        (8, "cancelled", 1),
        (8, "fulfilled", 2),
        (8, "pending", 1),
    ]


@pytest.mark.parametrize("every", ["15 minutes", "1 hour", "6 hours", "day", "1 week", "1 month", "3 months"])
def test_over_time_is_the_distribution_at_each_instant(shop, every):
    curve: dict[datetime, list] = {}
    for name, when, state, aggregates in states_over_time(shop, every).fetchall():
        curve.setdefault(when, []).append((name, state, aggregates))
    assert curve
    for when in list(curve)[:: max(1, len(curve) // 20)]:
        asked = [row[:3] for row in state_distribution(shop, when).fetchall()]
        assert sorted(curve[when]) == sorted(asked)


def test_weeks_begin_on_monday_and_months_on_the_first(orders):
    assert {row[1] for row in states_over_time(orders, "1 week").fetchall()} == {instant("2026-01-12")}
    assert {row[1] for row in states_over_time(orders, "1 month").fetchall()} == {instant("2026-02-01")}


def test_an_instant_on_the_calendar_counts_the_move_made_right_then(read):
    log = read('1 7 model_created 2026-01-05T00:00 {"attributes": {"status": "new"}}')
    assert states_over_time(log, "1 day").fetchall() == [("Order", instant("2026-01-05"), "new", 1)]


def test_a_window_cuts_instants_and_not_stays(orders):
    table = states_over_time(orders, "1 day", since="2026-01-07", before="2026-01-08")
    assert [(row[1].day, row[2]) for row in table.fetchall()] == [(7, "cancelled"), (7, "confirmed"), (7, "fulfilled")]


def test_the_days_of_a_zone_begin_at_its_midnights_also_when_clocks_change(read):
    log = read("""
    1 7 model_created      2026-10-23T22:30 {"attributes": {"status": "new"}}
    2 7 state_transitioned 2026-10-26T23:00 {"from_state": "new", "to_state": "old"}
    """)
    assert [row[1:] for row in states_over_time(log, "1 day", zone="Europe/Paris").fetchall()] == [
        (instant("2026-10-24 22:00"), "new", 1),
        (instant("2026-10-25 23:00"), "new", 1),
        (instant("2026-10-26 23:00"), "old", 1),
    ]


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        ("Europe/Paris", "2026-10-25 01:00"),
        ("Europe/Paris", "2026-03-29 01:00"),
        ("America/Havana", "2026-11-01 05:00"),  # 01:00 becomes 00:00: midnight comes twice
        ("America/Sao_Paulo", "2017-10-15 03:00"),  # 00:00 becomes 01:00: no midnight
        ("America/Sao_Paulo", "2018-02-18 02:00"),  # 00:00 becomes 23:00
        ("Australia/Lord_Howe", "2026-04-04 15:00"),  # by half an hour
        ("Pacific/Apia", "2011-12-30 10:00"),  # a day that never was
        ("Asia/Kathmandu", "2026-01-01 00:00"),
    ],
)
def test_a_zone_s_calendar_is_what_its_clocks_show(read, zone, change):
    first, last = instant(change) - timedelta(days=2, minutes=7), instant(change) + timedelta(days=2)
    log = read(f"""
    1 7 model_created      {first:%Y-%m-%dT%H:%M:%S} {{"attributes": {{"status": "new"}}}}
    2 7 state_transitioned {last:%Y-%m-%dT%H:%M:%S} {{"from_state": "new", "to_state": "old"}}
    """)
    every_quarter = [first + timedelta(minutes=7 + 15 * n) for n in range(4 * 24 * 4)]
    for every in ("15 minutes", "30 minutes", "1 hour", "2 hours", "12 hours", "1 day", "1 week", "1 month"):
        told = [row[1] for row in states_over_time(log, every, zone=zone).fetchall() if row[2] == "new"]
        assert told == [when for when in every_quarter if _is_due(when, ZoneInfo(zone), every)], every


def _is_due(when: datetime, zone: ZoneInfo, every: str) -> bool:
    """Tell whether the clocks complete a step at an instant, or pass over the end of one."""
    shown, before = (
        moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        for moment in (when, when - timedelta(microseconds=1))
    )
    due = before + timedelta(microseconds=1)
    completed = _begun(shown, every) == shown and _begun(due, every) == due
    return completed or _begun(shown, every) > _begun(before, every)


def _begun(shown: datetime, every: str) -> datetime:
    """Return when the step began that a clock is in."""
    midnight = datetime.combine(shown.date(), time())
    if every == "1 month":
        return midnight.replace(day=1)
    if every == "1 week":
        return midnight - timedelta(days=shown.weekday())
    number, unit = every.split()
    step = int(number) * timedelta(**{f"{unit.removesuffix('s')}s": 1})
    return midnight + (shown - midnight) // step * step


def test_a_stay_leaves_the_group_it_entered(orders):
    told = states_over_time(orders, "1 day", by="actor").fetchall()
    assert [(row[1], row[2].day, row[3], row[4]) for row in told] == [
        ("3", 6, "cancelled", 1), ("3", 6, "confirmed", 1),
        ("3", 7, "cancelled", 1),
        ("3", 8, "cancelled", 1), ("3", 8, "fulfilled", 1),
        ("4", 7, "fulfilled", 1),
        ("4", 8, "fulfilled", 1),
        (None, 6, "confirmed", 1), (None, 6, "pending", 1),
        (None, 7, "confirmed", 2),
        (None, 8, "pending", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("every", ["fortnight", "", "1.5 days", "-1 day", 7])
def test_a_step_that_is_none_is_refused(orders, every):
    with pytest.raises(InstantError, match="is no calendar step: write '1 hour'"):
        states_over_time(orders, every)


@pytest.mark.parametrize(
    ("every", "rest"), [("5 hours", "1, 2, 3, 4, 6, 8, 12, 24"), ("0 days", "1"), ("2 weeks", "1")]
)
def test_a_step_that_drifts_through_the_calendar_is_refused(orders, every, rest):
    with pytest.raises(InstantError, match=f"must be one of {rest}$"):
        states_over_time(orders, every)


YEARS = [
    {"case": "1", "activity": "a", "time": "0001-01-01 00:00"},
    {"case": "1", "activity": "b", "time": "9999-12-31 00:00"},
    {"case": "2", "activity": "a", "time": "2026-01-01 00:00"},
]


@pytest.mark.parametrize("question", [states_over_time, flow, transition_rates])
def test_more_periods_than_can_be_told_are_refused(question):
    log = read_events(YEARS)
    with pytest.raises(
        InstantError, match=r"every='1 day' makes 3,652,058 periods from 0001-01-01 .* too many to tell"
    ):
        question(log, every="1 day")
    assert len(question(log.where(began_since="2020-01-01"), every="1 day").fetchall()) <= 1


def test_a_window_is_told_however_long_the_log_is():
    log = read_events([*YEARS[1:], {"case": "3", "activity": "a", "time": "1800-01-01 00:00"}])
    with pytest.raises(
        InstantError, match=r"too many to tell: take longer ones, or ask about a shorter time by since="
    ):
        states_over_time(log, "1 hour", zone="Europe/Paris")
    window = {"since": "2025-12-31 22:00", "before": "2026-01-01 01:00"}
    told = states_over_time(log, "1 hour", **window, zone="Europe/Paris").project("instant::VARCHAR, aggregates")
    assert told.fetchall() == [
        (f"{at}:00:00", n) for at, n in (("2025-12-31 22", 1), ("2025-12-31 23", 1), ("2026-01-01 00", 2))
    ]
    assert states_over_time(log, "1 day", since="9999-12-31 00:00:01").fetchall() == []
    assert transition_rates(log, "1 day", before="2020-01-01").fetchall() == []


@pytest.mark.parametrize("zone", [None, "Europe/Paris", "Asia/Kolkata"])
@pytest.mark.parametrize("every", ["1 hour", "1 day", "1 week", "1 month"])
@pytest.mark.parametrize(
    ("since", "before"),
    [("2026-01-05 10:30", None), (None, "2026-01-06 09:00"), ("2026-01-05 23:00", "2026-01-06 23:00"),
     ("2020-01-01", "2020-01-02"), ("2030-01-01", "2030-02-01"), ("2026-01-06", "2026-01-06")],
)  # fmt: skip
def test_a_window_of_states_over_time_is_what_the_whole_says_there(orders, every, since, before, zone):
    inside = [f"instant >= '{since}'"] * bool(since) + [f"instant < '{before}'"] * bool(before)
    whole = states_over_time(orders, every, zone=zone).filter(" AND ".join(inside)).fetchall()
    assert states_over_time(orders, every, since, before, zone=zone).fetchall() == whole


def test_no_instant_is_told_that_python_cannot_hold():
    instants = states_over_time(read_events(YEARS[1:2]), every="12 months").project("instant").fetchall()
    assert instants == []  # the first of January after its only stay begins is in the year 10000


def test_an_empty_part_has_no_last_instant(orders):
    with pytest.raises(LogError, match="no event"):
        state_at(orders.until("2020-01-01"))


def test_moves_over_time_tell_no_more_rows_than_moves_however_short_the_steps():
    log = read_events(YEARS)
    assert moves_over_time(log, "0.001 seconds").project("sum(times)").fetchall() == [(3,)]
    assert moves_over_time(log, "36500 days").project("instant::VARCHAR").fetchall()[0] == ("0100-12-08 00:00:00",)


def test_moves_over_time_count_each_step_up_to_its_end(orders):
    table = moves_over_time(orders, "1 day")
    assert table.columns == ["type", "instant", "from_state", "to_state", "times"]
    assert [(row[1].day, *row[2:]) for row in table.fetchall()] == [
        (6, None, "pending", 4),
        (6, "pending", "cancelled", 1),
        (6, "pending", "confirmed", 2),
        (7, "confirmed", "fulfilled", 1),
        (7, "pending", "confirmed", 1),
        (8, "confirmed", "fulfilled", 1),
        (8, "confirmed", "pending", 1),
    ]


def test_a_move_at_the_end_of_a_step_is_in_it(orders):
    early = moves_over_time(orders, "1 hour", before="2026-01-05 08:00:00.000001")
    assert [(row[1].hour, *row[2:]) for row in early.fetchall()] == [
        (7, None, "pending", 1),
        (8, "pending", "confirmed", 1),
    ]


def test_a_step_of_time_is_a_length_of_time(orders):
    with pytest.raises(InstantError, match="is not a duration"):
        moves_over_time(orders, "1 month")
