"""Several views of one selection: what one of them chooses, the others show, and the code says the same."""

from __future__ import annotations

import pytest
from orders import orders

import workbench as wb


@pytest.fixture
def log() -> wb.EventLog:
    return wb.read_events(orders())


def test_a_way_picked_is_what_every_other_view_shows(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    ways = wb.widgets.variants_explorer(log, "Order", selection=chosen)
    funnel = wb.widgets.funnel_builder(log, "Order", steps=["pending", "paid"], selection=chosen)
    events = wb.widgets.audit_explorer(log, selection=chosen)
    travel = wb.widgets.time_travel(log, type="Order", selection=chosen)
    ways.pick(1)
    assert funnel.data()["aggregates"].tolist() == [3, 3]
    assert events.total == 9
    assert travel.data()["states"]["aggregates"].sum() == 3
    names = {"log": log}
    exec(str(chosen), names)  # noqa: S102  the code that a person is given
    assert names["chosen"].events.count("*").fetchall() == [(9,)]
    assert log.connection.sql(chosen.sql()).count("*").fetchall() == [(3,)]


def test_a_step_in_one_life_moves_the_time_of_all(log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    life = wb.widgets.life(log, "Order", 1, selection=chosen)
    travel = wb.widgets.time_travel(log, type="Order", selection=chosen)
    life.place = 2
    assert str(travel.instant) == "2026-01-05 01:10:00"
    travel.instant = "2026-01-05 01:25"
    assert life.place == 3
