"""Five orders, and two versions of their machine."""

from __future__ import annotations

# 1 | pending > confirmed > fulfilled          4 | (pending) > on_hold > pending > cancelled
# 2 | pending > fulfilled by hand              5 | pending > on_hold, and there it stays
# 3 | pending > confirmed, said again by an update
ORDERS = """
1  1 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
2  1 state_transitioned 2026-01-05T10:00 {"from_state": "pending", "to_state": "confirmed"}
3  1 state_transitioned 2026-01-07T10:00 {"from_state": "confirmed", "to_state": "fulfilled"}
4  2 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
5  2 model_updated      2026-01-06T09:00 {"new_attributes": {"status": "fulfilled"}}
6  3 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
7  3 state_transitioned 2026-01-06T09:00 {"from_state": "pending", "to_state": "confirmed"}
8  3 model_updated      2026-01-06T10:00 {"new_attributes": {"status": "confirmed"}}
9  4 state_transitioned 2026-01-06T09:00 {"from_state": "pending", "to_state": "on_hold"}
10 4 state_transitioned 2026-01-07T09:00 {"from_state": "on_hold", "to_state": "pending"}
11 4 state_transitioned 2026-01-08T09:00 {"from_state": "pending", "to_state": "cancelled"}
12 5 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
13 5 state_transitioned 2026-01-06T09:00 {"from_state": "pending", "to_state": "on_hold"}
"""


OLD = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
states: [pending, confirmed, fulfilled, cancelled, on_hold]
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
  - {name: hold, from: pending, to: on_hold}
  - {name: release, from: on_hold, to: pending}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


# on_hold is gone, confirm hangs on a guard, and what was pending -> fulfilled by hand may be done.
NEW = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
states: [pending, confirmed, fulfilled, cancelled]
transitions:
  - {name: confirm, from: pending, to: confirmed, guard: IsPaid}
  - {name: fulfil, from: [confirmed, pending], to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


def told(relation) -> list[tuple]:
    return relation.fetchall()
