"""Time travel: its counts are those of `state_at`, and its browser moves through them."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.instants import instant
from workbench.widgets.bins import MICROSECOND, bins


@pytest.fixture(scope="module")
def log(sample_events) -> wb.EventLog:
    return wb.read_events(sample_events / "shop.ndjson")


@pytest.fixture(scope="module")
def machines(root) -> wb.Machines:
    return wb.read_machines(root / "machines")


def test_the_counts_at_an_edge_are_those_of_state_at(log):
    orders = log.of("Order")
    states, pairs = ["pending", "confirmed", "cancelled", "fulfilled"], [("confirmed", "cancelled")]
    found = bins(orders, "status", (instant("2026-01-20 10:13"), instant("2026-02-20")), states, pairs)
    for edge in range(0, found.edges, 97):
        told = dict(wb.state_distribution(orders, found.at(edge)).select("state, aggregates").fetchall())
        assert {s: int(n) for s, n in zip(states, found.population[edge], strict=True) if n} == told
    moves = wb.transition_counts(
        orders, since=found.at(0) + MICROSECOND, before=found.at(found.edges - 1) + MICROSECOND
    )
    (times,) = moves.filter("from_state = 'confirmed' AND to_state = 'cancelled'").select("times").fetchall()
    assert (int(found.passed[-1, 0]),) == times


def test_the_slider_moves_through_time(log, machines, show):
    view = wb.widgets.time_travel(log, machines, "Order")
    shown = show(view)
    slider = shown.page.get_by_role("slider")
    slider.focus()
    shown.page.keyboard.press("Home")
    shown.until("document.querySelector('.wb-clock').textContent === '2026-01-05 06:00 UTC'")
    assert view.instant == instant("2026-01-05 06:00")
    shown.page.keyboard.press("End")
    now = dict(view.data().itertuples(index=False))
    for state, aggregates in now.items():
        shown.until("(text) => document.body.textContent.includes(text)", f"{state}{aggregates}")
    view.instant = "2026-02-01"
    shown.until("document.querySelector('.wb-clock').textContent.startsWith('2026-02-01')")


def test_its_page_opens_from_a_file_without_kernel_or_network(log, machines, show):
    shown = show(wb.widgets.time_travel(log, machines, "Order"), kernel=False)
    shown.page.get_by_role("slider").focus()
    shown.page.keyboard.press("Home")
    shown.until("document.querySelector('.wb-clock').textContent === '2026-01-05 06:00 UTC'")
