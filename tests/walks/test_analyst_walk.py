"""An analyst asks why orders of some week took longer: a release made them wait twice as long in pending."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path
from statistics import median

import pytest

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "2026-02-09"
HOUR = 3600.0


def asked(command: str) -> list[dict]:
    """Run a command as it is typed in the clone; return the rows it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *shlex.split(command), "--format", "json"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def orders():
    return wb.read_events(ROOT / "sample_events" / "shop.ndjson").of("Order")


def test_the_funnel_by_cohort_shows_that_no_more_orders_are_lost_but_that_one_week_is_slow():
    rows = asked(
        "ask funnel sample_events/shop.ndjson --type Order --steps pending,confirmed,fulfilled --by created:week"
    )
    confirmed = {row["created_week"]: row for row in rows if row["state"] == "confirmed"}
    assert len(confirmed) == 10
    assert all(0.85 < row["of_first"] < 0.93 for row in confirmed.values())
    slow = {week for week, row in confirmed.items() if row["median_seconds"] > 3 * HOUR}
    assert slow == {RELEASE}


def test_it_is_the_wait_in_pending_that_doubled_open_orders_counted():
    rows = asked("ask time_in_state sample_events/shop.ndjson --type Order --by created:week")
    hours = {row["created_week"]: row["km_median_seconds"] / HOUR for row in rows if row["state"] == "pending"}
    assert round(hours.pop(RELEASE), 1) == 4.0
    assert {round(one, 1) for one in hours.values()} <= {1.9, 2.0, 2.1}
    confirmed = {row["created_week"]: row["median_seconds"] for row in rows if row["state"] == "confirmed"}
    assert confirmed[RELEASE] < 1.2 * median(confirmed.values())  # later states took no longer


def test_it_began_and_ended_with_the_release(orders):
    def share_waiting(since: str, before: str) -> float:
        """Return the share of orders placed in a window that wait for more than four hours."""
        curve = wb.survival(orders, since, before).filter(f"state = 'pending' AND seconds <= {4 * HOUR}")
        return curve.aggregate("min(surviving)").fetchall()[0][0]

    assert share_waiting("2026-02-02", RELEASE) < 0.2
    assert share_waiting(RELEASE, "2026-02-16") > 0.45
    assert share_waiting("2026-02-16", "2026-02-23") < 0.2


def test_the_promise_of_three_hours_was_broken_twice_as_often_and_for_whom_is_one_call_away(orders):
    limits = {"pending": "3 hours"}
    late = wb.time_limits(orders, limits, by="created:week").select("created_week, late + overdue, late_share")
    by_week = {str(week): (number, share) for week, number, share in late.fetchall()}
    assert by_week[RELEASE] == (60, pytest.approx(2 / 3))
    assert max(share for week, (_, share) in by_week.items() if week != RELEASE) < 0.35
    listed = wb.late_stays(orders, limits, since=RELEASE, before="2026-02-16").fetchall()
    assert len(listed) == 60


def test_the_whole_way_of_those_orders_took_half_a_day_more_at_most(orders):
    rows = wb.throughput(orders, "pending", "fulfilled", by="created:week").select("created_week, median_seconds")
    days = {str(week): seconds / 24 / HOUR for week, seconds in rows.fetchall()}
    others = [one for week, one in days.items() if week not in {RELEASE, "2026-03-09"}]  # the last week is not over
    assert 0 < days[RELEASE] - median(others) < 0.5


def test_work_in_progress_did_not_pile_up(orders):
    under_way = {str(row[0].date()): row[1] for row in wb.flow(orders, "1 week").select("period, under_way").fetchall()}
    assert abs(under_way[RELEASE] - under_way["2026-02-02"]) <= 5
    ranked = wb.bottlenecks(orders).filter("rank = 1").select("state, share").fetchall()
    assert [(state, round(share, 2)) for state, share in ranked] == [("confirmed", 0.71)]


def test_seventeen_devices_are_overdue_by_what_their_machine_says():
    rows = asked("ask time_limits sample_events/shop.ndjson --machines machines/smart_device.yaml")
    assert [row["overdue"] for row in rows if row["state"] == "connecting"] == [17]
