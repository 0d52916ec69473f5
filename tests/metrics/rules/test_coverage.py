from __future__ import annotations

import pytest

from workbench.machines import read_machines
from workbench.metrics import unused

ORDER = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
states: [pending, confirmed, fulfilled, cancelled, lost]
transitions:
  - {name: confirm, from: [pending, lost], to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
  - {name: lose, from: [pending, confirmed], to: lost}
  - {name: reopen, from: confirmed, to: pending}
"""


@pytest.fixture
def machines(tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(ORDER, encoding="utf-8")
    return read_machines(path)


def rows(table) -> list[tuple]:
    return table.select("element, name, from_state, to_state, times, last_used::VARCHAR").fetchall()


def test_what_history_never_used_is_listed(orders, machines):
    # 43 was cancelled while pending; nobody was lost, so all of `lose` is unused and its from-states need no row.
    table = unused(orders, machines)
    assert table.columns == ["type", "machine", "element", "name", "from_state", "to_state", "times", "last_used"]
    assert rows(table) == [
        ("state", "lost", None, None, 0, None),
        ("transition", "lose", None, "lost", 0, None),
        ("from-state", "confirm", "lost", "confirmed", 0, None),
        ("from-state", "cancel", "confirmed", "cancelled", 0, None),
    ]


def test_what_was_last_used_long_ago_is_listed_with_when(orders, machines):
    told = {row[:2]: row[4:] for row in rows(unused(orders, machines, since="2026-01-06"))}
    assert told["state", "cancelled"] == told["transition", "cancel"] == (1, "2026-01-05 12:00:00")
    assert ("transition", "reopen") not in told
    assert ("from-state", "cancel") not in told


def test_what_was_first_used_later_was_not_used_before(orders, machines):
    told = {row[:2] for row in rows(unused(orders, machines, before="2026-01-06"))}
    assert ("state", "fulfilled") in told
    assert ("transition", "confirm") not in told


def test_a_transition_that_the_log_names_is_the_one_used(read, machines):
    log = read("""
    1 1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
    2 1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed", "transition": "accept"}
    """)
    assert ("transition", "confirm") in {row[:2] for row in rows(unused(log, machines))}


def test_a_machine_without_lives_is_unused_as_a_whole(orders, tmp_path):
    (tmp_path / "invoice.yaml").write_text(ORDER.replace("Order", "Invoice"), encoding="utf-8")
    table = unused(orders, read_machines(tmp_path)).select("type, element, times")
    assert table.fetchall() == [(None, "state", 0)] * 5 + [(None, "transition", 0)] * 5


def test_what_each_group_of_lives_never_used_is_listed(read, machines):
    log = read("""
    1 1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}, "user_id": 3}
    2 1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed", "user_id": 4}
    3 2 model_created      2026-01-01T03:00 {"attributes": {"status": "pending"}, "user_id": 4}
    """)
    states = unused(log, machines, by="actor").filter("element = 'state'").project("actor, name").fetchall()
    # The life that 3 began was confirmed, if by 4; the life that 4 began was not.
    never = ["fulfilled", "cancelled", "lost"]
    assert states == [*(("3", name) for name in never), *(("4", name) for name in ["confirmed", *never])]
