from __future__ import annotations

import pytest

import workbench as wb
from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.metrics import late_stays, time_limits, weighted_time

HOUR = 3600.0
MACHINE = """
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
config: {event_timeout: 7200}
states:
  - {name: pending, metadata: {power: 2}}
  - {name: confirmed, metadata: {timeout_seconds: 86400, power: 0.5}}
  - {name: fulfilled}
  - {name: cancelled, metadata: {power: none of it}}
transitions:
  - {name: confirm, from: [pending], to: confirmed}
  - {name: fulfill, from: [confirmed], to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    path = tmp_path_factory.mktemp("machines") / "order.yaml"
    path.write_text(MACHINE)
    return wb.read_machines(path)


def test_stays_are_in_time_or_late_over_or_not(orders):
    table = time_limits(orders, {"pending": "2 hours", "confirmed": "1 day"}, at="2026-01-07 12:00")
    assert table.columns == [
        "type", "state", "limit_seconds", "source", "stays", "within", "late", "waiting", "overdue", "unknown_start",
        "late_share", "worst_seconds", "instant",
    ]  # fmt: skip
    # pending: 42 1 h in time, 43 and 44 unknown, 45 24 h late, and again for 2.5 h by now
    # confirmed: 24 h, 48 h, 24 h
    assert [row[1:12] for row in table.fetchall()] == [
        ("pending", 2 * HOUR, "given", 5, 1, 1, 0, 1, 2, 2 / 3, 22 * HOUR),
        ("confirmed", 24 * HOUR, "given", 3, 2, 1, 0, 0, 0, 1 / 3, 24 * HOUR),
    ]


def test_a_stay_of_just_the_limit_is_in_time(orders):
    pending = time_limits(orders, {"pending": "1 hour"}, at="2026-01-07 10:30").fetchall()[0]
    assert pending[5:9] == (1, 1, 1, 0)  # 42 stayed one hour; 45 has waited for one


def test_machines_say_the_limits_and_given_ones_come_first(orders, machines):
    confirmed = {"confirmed": (24 * HOUR, "OrderStateMachine: timeout_seconds")}
    told = {row[1]: row[2:4] for row in time_limits(orders, machines=machines).fetchall()}
    assert told == confirmed  # how long an event may take says nothing of how long an order may be pending
    told = {row[1]: row[2:4] for row in time_limits(orders, machines=machines, event_timeout=True).fetchall()}
    assert told == confirmed | {"pending": (2 * HOUR, "OrderStateMachine: event_timeout")}  # two are final
    told = {row[1]: row[2:4] for row in time_limits(orders, {"confirmed": "3 hours"}, machines).fetchall()}
    assert told["confirmed"] == (3 * HOUR, "given")


def test_late_stays_are_listed_the_worst_first(orders):
    limits = {"pending": "2 hours", "confirmed": "1 day"}
    table = late_stays(orders, limits, at="2026-01-07 12:00")
    assert table.columns == [
        "type", "aggregate_id", "state", "since", "exited_at", "seconds", "limit_seconds", "over_seconds", "instant",
    ]  # fmt: skip
    assert [(*row[1:3], row[4] is None, row[5] / HOUR, row[7] / HOUR) for row in table.fetchall()] == [
        ("44", "confirmed", False, 48, 24),
        ("45", "pending", False, 24, 22),
        ("45", "pending", True, 2.5, 0.5),
    ]
    counted = time_limits(orders, limits, at="2026-01-07 12:00").fetchall()
    assert sum(row[6] + row[8] for row in counted) == 3


def test_a_stay_left_after_the_instant_is_open_then(orders):
    rows = late_stays(orders, {"confirmed": "1 day"}, at="2026-01-06 09:00").fetchall()
    assert [(row[1], row[4], row[5] / HOUR) for row in rows] == [("44", None, 25)]


def test_a_window_takes_stays_by_their_entry(orders):
    limits = {"pending": "2 hours"}
    assert [row[4] for row in time_limits(orders, limits, since="2026-01-06").fetchall()] == [1]
    assert late_stays(orders, limits, before="2026-01-05 09:30").fetchall() == []


def test_limits_that_cannot_be_understood_are_said(orders, shop):
    with pytest.raises(LogError, match="limits="):
        time_limits(orders)
    with pytest.raises(UnknownNameError, match=r"pendng.*pending"):
        time_limits(orders, {"pendng": "1 hour"})
    with pytest.raises(InstantError, match="not a duration"):
        late_stays(orders, {"pending": "soon"})
    with pytest.raises(LogError, match=r'log\.of\("Order"\)'):
        time_limits(shop, {"pending": "1 hour"})
    assert time_limits(shop.of("Order"), {"pending": "1 hour"}).fetchall()[0][4] == 5


def test_hours_count_by_the_number_of_their_state(orders, machines):
    table = weighted_time(orders, machines, "power", at="2026-01-07 10:30")
    assert table.columns == [
        "type", "state", "weight", "aggregates", "hours", "weighted_hours", "share", "instant",
    ]  # fmt: skip
    # pending: 42 1 h, 43 0 h and 44 1 h from their first event, 45 24 h and 1 h by now
    assert [row[1:7] for row in table.fetchall()] == [
        ("pending", 2, 4, 27, 54, 54 / 102),
        ("confirmed", 0.5, 3, 96, 48, 48 / 102),
    ]


def test_hours_count_from_an_instant_on_and_by_aggregate(orders, machines):
    rows = weighted_time(orders, machines, "power", since="2026-01-07", by="aggregate_id").fetchall()
    assert [(row[1], row[2], row[5]) for row in rows] == [
        ("44", "confirmed", 8), ("45", "confirmed", 9.5), ("45", "pending", 0),
    ]  # fmt: skip


def test_a_number_that_no_state_has_is_said(orders, machines):
    with pytest.raises(UnknownNameError, match=r"powr.*power"):
        weighted_time(orders, machines, "powr")


def test_stays_of_an_actor_who_began_no_life_are_grouped_too(read, tmp_path):
    log = read("""
    1 1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}, "user_id": 3}
    2 1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "held", "user_id": 4}
    3 1 state_transitioned 2026-01-01T05:00 {"from_state": "held", "to_state": "pending", "user_id": 3}
    """)
    asked = {"limits": {"held": "1 hour"}, "by": "actor"}
    assert time_limits(log, **asked).project("actor, state, late").fetchall() == [("4", "held", 1)]
    late = late_stays(log, **asked).project("actor, aggregate_id, over_seconds")
    assert late.fetchall() == [("4", "1", 7200.0)]
    path = tmp_path / "order.yaml"
    path.write_text(
        "name: M\nmodel: Order\ninitial_state: pending\nstates: [pending, {name: held, metadata: {cost: 2}}]\n"
    )
    hours = weighted_time(log, wb.read_machines(path), "cost", by="actor").project("actor, state, weighted_hours")
    assert hours.fetchall() == [("4", "held", 6.0)]
