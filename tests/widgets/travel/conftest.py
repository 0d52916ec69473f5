from __future__ import annotations

import pytest

import workbench as wb


@pytest.fixture(scope="module")
def log(sample_events) -> wb.EventLog:
    return wb.read_events(sample_events / "shop.ndjson")


@pytest.fixture(scope="module")
def machines(root) -> wb.Machines:
    return wb.read_machines(root / "machines")


@pytest.fixture
def devices(log, machines) -> wb.widgets.TimeTravel:
    view = wb.widgets.time_travel(log, machines, "SmartDevice")
    view.instant = "2026-02-10 12:00"
    return view
