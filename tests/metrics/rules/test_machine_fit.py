from __future__ import annotations

import pytest

from workbench.errors import MachineError, UnknownNameError
from workbench.events import read_events
from workbench.machines import read_machines
from workbench.metrics import conformance, off_machine

ORDER = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


@pytest.fixture
def machines(tmp_path):
    (tmp_path / "order.yaml").write_text(ORDER, encoding="utf-8")
    (tmp_path / "invoice.yaml").write_text(ORDER.replace("Order", "Invoice"), encoding="utf-8")
    return read_machines(tmp_path)


def whys(table) -> list[tuple]:
    return [(row[1], row[3], row[9], row[10], row[13]) for row in table.fetchall()]


def test_a_move_no_transition_allows_says_who_and_when(orders, machines):
    table = off_machine(orders, machines)
    assert table.columns == [
        "type", "aggregate_id", "machine", "place", "version", "occurred_at", "entered_at", "event_type", "transition",
        "from_state", "to_state", "from_recorded", "actor", "why", "inferred",
    ]  # fmt: skip
    assert whys(table) == [("45", 2, "confirmed", "pending", "no such transition")]


WRONG = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "confirmed"}}
2  2 model_created      2026-01-01T02:00 {"attributes": {"status": "pending"}}
3  2 state_transitioned 2026-01-01T03:00 {"from_state": "pending", "to_state": "lost"}
4  2 state_transitioned 2026-01-01T04:00 {"from_state": "lost", "to_state": "confirmed"}
5  3 model_created      2026-01-01T05:00 {"attributes": {"status": "pending"}}
6  3 model_updated      2026-01-01T06:00 {"new_attributes": {"status": "fulfilled"}, "user_id": 3}
7  3 model_updated      2026-01-01T07:00 {"new_attributes": {"status": "fulfilled"}, "user_id": 3}
8  4 model_created      2026-01-01T08:00 {"attributes": {"status": "pending"}}
9  4 state_transitioned 2026-01-01T09:00 {"from_state": "confirmed", "to_state": "fulfilled"}
10 4 state_transitioned 2026-01-01T10:00 {"from_state": "fulfilled", "to_state": "pending"}
11 5 state_transitioned 2026-01-01T11:00 {"from_state": "confirmed", "to_state": "fulfilled"}
12 6 model_created      2026-01-01T12:00 {"attributes": {"status": "pending"}}
13 6 model_updated      2026-01-01T13:00 {"new_attributes": {"status": "confirmed"}}
"""


def test_each_reason_is_told(read, machines):
    assert whys(off_machine(read(WRONG), machines)) == [
        ("1", 1, None, "confirmed", "starts off the initial state"),
        ("2", 2, "pending", "lost", "unknown state"),
        ("2", 3, "lost", "confirmed", "no such transition"),
        ("3", 2, "pending", "fulfilled", "state set without a transition"),
        ("4", 2, "pending", "fulfilled", "recorded from-state differs from the replayed one"),
        ("4", 3, "fulfilled", "pending", "event after a final state"),
        ("5", 1, None, "confirmed", "starts off the initial state"),
    ]


def test_a_window_looks_at_the_moves_entered_in_it(read, machines):
    window = {"since": "2026-01-01T04:00", "before": "2026-01-01T10:00"}
    assert [row[:2] for row in whys(off_machine(read(WRONG), machines, **window))] == [("2", 3), ("3", 2), ("4", 2)]
    # 2 was confirmed; 3 begun and fulfilled twice, 4 begun and fulfilled
    columns = "lives, moves, off_machine, fitness, lives_fitting, variants, variants_fitting"
    table = conformance(read(WRONG), machines, **window).filter("moves > 0").select(columns)
    assert table.fetchall() == [(3, 6, 3, 0.5, 0, 3, 0)]
    # 5's beginning is not known to lie in any window
    assert whys(off_machine(read(WRONG), machines, since="2026-01-01T10:30")) == []


BY_HAND = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
2  1 edited             2026-01-01T02:00 {"new_attributes": {"status": "fulfilled"}}
3  1 edited             2026-01-01T03:00 {"new_attributes": {"status": "fulfilled"}}
4  2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
5  2 model_updated      2026-01-01T02:00 {"new_attributes": {"status": "fulfilled"}}
"""


def test_the_mapping_says_which_events_set_a_state_by_hand(read, machines, tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        'extends: event_store\nstates: {edited: {to: "$.new_attributes.{field}"}}\nhand_set: [edited]\n',
        encoding="utf-8",
    )
    with read(BY_HAND, mapping=mine) as log:
        assert log.imports.select("hand_set").fetchall() == [(["edited"],)]
        assert whys(off_machine(log, machines)) == [
            ("1", 2, "pending", "fulfilled", "state set without a transition"),
            ("2", 2, "pending", "fulfilled", "no such transition"),
        ]
        assert conformance(log, machines).filter("lives > 0").select("moves, off_machine").fetchall() == [(5, 2)]


def test_where_every_activity_is_a_state_updated_is_one_like_any_other(machines):
    rows = [("pending", 1), ("updated", 2), ("updated", 3)]
    table = [{"case_id": 1, "activity": name, "timestamp": f"2026-01-01 0{hour}:00"} for name, hour in rows]
    with read_events(table) as log:
        told = whys(off_machine(log, machines, match={"Case": "OrderFlow"}))
    assert [why for *_, why in told] == ["unknown state", "unknown state"]


NAMED = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
2  1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed", "transition": "confirm"}
3  1 state_transitioned 2026-01-01T03:00 {"from_state": "confirmed", "to_state": "fulfilled", "transition": "cancel"}
4  2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
5  2 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "cancelled", "transition": "refuse"}
6  3 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
7  3 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "fulfilled"}
"""


def test_a_transition_that_the_log_names_must_be_the_one_that_allows_the_move(read, machines):
    assert whys(off_machine(read(NAMED), machines)) == [
        ("1", 3, "confirmed", "fulfilled", "that transition does not lead there"),
        ("2", 2, "pending", "cancelled", "no transition of that name"),
        ("3", 2, "pending", "fulfilled", "no such transition"),
    ]
    told = conformance(read(NAMED), machines).select("off_machine, lives_fitting, variants, variants_fitting")
    assert told.fetchall()[0] == (3, 0, 3, 0)


def test_a_beginning_that_an_event_only_speaks_of_is_marked(read, machines):
    rows = off_machine(read(WRONG), machines).fetchall()
    assert [row[1] for row in rows if row[14]] == ["5"]


def test_conformance_counts_what_off_machine_lists(read, machines):
    table = conformance(read(WRONG), machines)
    assert table.columns == [
        "type", "machine", "lives", "moves", "off_machine", "fitness", "lives_fitting", "variants",
        "variants_fitting",
    ]  # fmt: skip
    # moves: 1, 3, 3, 3, 2 (one inferred) and 2
    assert table.fetchall() == [
        ("Order", "OrderFlow", 6, 14, 7, 0.5, 1, 6, 1),
        (None, "InvoiceFlow", 0, 0, 0, None, 0, 0, 0),
    ]


def test_types_without_a_machine_are_listed_too(shop, machines):
    rows = {row[:2]: row[2:] for row in conformance(shop, machines).fetchall()}
    assert rows == {
        ("Order", "OrderFlow"): (4, 11, 1, 1 - 1 / 11, 3, 3, 2),
        (None, "InvoiceFlow"): (0, 0, 0, None, 0, 0, 0),
        ("Payment", None): (1, 2, None, None, None, 1, None),
    }


def test_match_names_the_machine_of_a_type(shop, machines):
    rows = off_machine(shop, machines, match={"Payment": "InvoiceFlow"}).fetchall()
    assert [(row[0], row[2], row[13]) for row in rows] == [
        ("Order", "OrderFlow", "no such transition"),
        ("Payment", "InvoiceFlow", "unknown state"),
    ]


def test_a_wrong_match_names_the_nearest(shop, machines):
    with pytest.raises(UnknownNameError, match=r"no machine named 'OrderFlo'.*did you mean 'OrderFlow'"):
        off_machine(shop, machines, match={"Payment": "OrderFlo"})
    with pytest.raises(UnknownNameError, match="did you mean 'Payment'"):
        conformance(shop, machines, match={"Paymnt": "OrderFlow"})


def test_two_machines_for_one_type_must_be_told_apart(orders, tmp_path):
    for name in ("OldFlow", "NewFlow"):
        (tmp_path / f"{name}.yaml").write_text(ORDER.replace("OrderFlow", name), encoding="utf-8")
    both = read_machines(tmp_path)
    with pytest.raises(MachineError, match=r"several machines speak for Order .*match=\{'Order': "):
        off_machine(orders, both)
    assert len(off_machine(orders, both, match={"Order": "OldFlow"}).fetchall()) == 1


def test_match_names_a_machine_for_each_of_two_state_fields(read, tmp_path):
    for field, then in (("status", "sent"), ("payment", "paid")):
        text = (
            f"name: {field}\nfield: {field}\ninitial_state: new\ntransitions: [{{name: go, from: new, to: {then}}}]\n"
        )
        (tmp_path / f"{field}.yaml").write_text(text, encoding="utf-8")
    log = read(
        """
    1 7 model_created 2026-01-01T10:00 {"attributes": {"status": "new", "payment": "new"}}
    2 7 model_updated 2026-01-02T10:00 {"new_attributes": {"status": "sent", "payment": "lost"}}
    """,
        state_field={"Order": ["status", "payment"]},
    )
    told = off_machine(log, read_machines(tmp_path), match={"Order": ["status", "payment"]})
    assert told.project("machine, to_state, why").fetchall() == [("payment", "lost", "unknown state")]


def test_a_path_in_place_of_machines_is_told_from_them(orders):
    with pytest.raises(MachineError, match="takes what wb"):
        off_machine(orders, "machines/")
