"""A few orders whose numbers can be counted by hand, for the tests of views that count lives."""

from __future__ import annotations

from typing import Any

HOSTILE = "<b>gift</b>"
WAYS = {
    "1": ("pending", "paid", "shipped"),
    "2": ("pending", "paid", "shipped"),
    "3": ("pending", "paid", "shipped"),
    "4": ("pending", "paid", HOSTILE),
    "5": ("pending", "cancelled"),
    "6": ("pending",),
}
MACHINE = """
name: OrderMachine
model: Order
initial_state: pending
states: [pending, paid, {name: shipped, final: true}, {name: cancelled, final: true}]
transitions:
  - {name: pay, from: pending, to: paid}
  - {name: ship, from: paid, to: shipped}
  - {name: cancel, from: pending, to: cancelled}
"""


def orders() -> list[dict[str, Any]]:
    """Each order begins on the hour of its number and moves on every ten minutes; the odd ones are from IT."""
    found: list[dict[str, Any]] = []
    for order, states in WAYS.items():
        for n, state in enumerate(states):
            before = states[n - 1] if n else None
            first = {"attributes": {"id": order, "status": state, "country": "IT" if int(order) % 2 else "FR"}}
            found.append({
                "id": len(found) + 1,
                "aggregate_type": "Order",
                "aggregate_id": order,
                "event_type": "state_transitioned" if n else "model_created",
                "event_data": {"from_state": before, "to_state": state} if n else first,
                "occurred_at": f"2026-01-05 {int(order):02}:{10 * n:02}:00",
            })  # fmt: skip
    return found
