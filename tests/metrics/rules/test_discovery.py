from __future__ import annotations

import pytest

import workbench as wb
from workbench.errors import LogError, UnknownNameError
from workbench.machines.exchange import write_as
from workbench.machines.reader import read_text

LINES = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
2  1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed", "transition": "confirm"}
3  1 state_transitioned 2026-01-01T03:00 {"from_state": "confirmed", "to_state": "pending"}
4  1 state_transitioned 2026-01-01T04:00 {"from_state": "pending", "to_state": "cancelled"}
5  2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
6  2 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed"}
7  2 state_transitioned 2026-01-01T03:00 {"from_state": "confirmed", "to_state": "cancelled"}
8  3 model_created      2026-01-01T01:00 {"attributes": {"status": "draft"}}
9  3 model_updated      2026-01-01T02:00 {"new_attributes": {"status": "draft"}}
"""


def test_a_machine_is_what_its_lives_did(read):
    machine = wb.discover(read(LINES))
    assert (machine.name, machine.model, machine.initial, machine.entries) == (
        "OrderStateMachine",
        "App\\Models\\Order",
        "pending",
        ("pending", "draft"),
    )
    assert [(one.name, one.from_states, one.to_state, one.description) for one in machine.transitions] == [
        (None, ("pending", "confirmed"), "cancelled", "taken 2 times"),
        ("confirm", ("pending",), "confirmed", "taken 2 times"),
        (None, ("confirmed",), "pending", "taken once"),
    ]
    # draft was never left, but neither is it known to be an end: no life went on from it
    assert machine.finals == ("draft", "cancelled")


def test_steps_taken_too_rarely_are_left_out(read):
    log = read(LINES)
    assert {one.to_state for one in wb.discover(log, min_times=2).transitions} == set()
    assert wb.discover(log, min_lives=2).state_names == ("pending",)


def test_what_is_discovered_can_be_written_and_read(read):
    machine = wb.discover(read(LINES))
    assert read_text(write_as(machine, "flat").text)[machine.name] == machine


def test_several_types_are_told_apart(shop, read):
    with pytest.raises(LogError, match=r"holds Order, Payment: say which one, such as log.of\('Order'\)"):
        wb.discover(shop)
    assert wb.discover(shop.of("Payment")).state_names == ("pending", "paid")
    with pytest.raises(UnknownNameError, match="did you mean 'status'"):
        wb.discover(shop.of("Order"), field="statuss")
    with pytest.raises(LogError, match="nothing to discover"):
        wb.discover(read('1 1 note_written 2026-01-01T01:00 {"text": "a"}'))
