"""Which events concern one case: by causation, by correlation, by what the mapping links."""

from __future__ import annotations

import pytest

from workbench.errors import MappingError, UnknownNameError
from workbench.events import read_events
from workbench.metrics import related


def links(log, type="Order", id=42):
    return [
        (f"{row[0]} {row[1]}", row[2], row[3], row[4])
        for row in related(log, type, id).project("type, aggregate_id, event_id, link, distance").fetchall()
    ]


def event(id, whose, minute, data=None, *, cause=None, correlation=None, **told):
    """Return one event_store row, of "Order 42" or "Lot 7"; it moves to `told["to"]`."""
    of_type, aggregate = whose.split()
    context = {"causation_id": cause, "correlation_id": correlation}
    move = {"from_state": "a", "to_state": told["to"]} if "to" in told else {}
    return {
        "id": id, "aggregate_type": f"App\\Models\\{of_type}", "aggregate_id": aggregate,
        "event_type": told.get("kind", "state_transitioned"),
        "event_data": {**(data or {}), **move, "context": context},
        "occurred_at": f"2026-01-05 09:{minute:02}:00",
    }  # fmt: skip


CHAIN = [
    event(1, "Order 42", 0, to="a"),
    event(2, "Lot 7", 1, to="b", cause=1),
    event(3, "Order 42", 2, to="b", cause=2),
    event(4, "Parcel 9", 3, to="b", cause=3),
    event(5, "Parcel 9", 4, to="c", cause=4),
    event(6, "Lot 7", 5, kind="noted"),
    event(7, "Order 43", 6, to="b", cause=2),
]


def test_a_chain_is_followed_up_and_down_over_all_aggregates(read):
    assert links(read(CHAIN)) == [
        ("Order 42", "1", "itself", 0),
        ("Lot 7", "2", "cause of 3", 1),
        ("Order 42", "3", "itself", 0),
        ("Parcel 9", "4", "caused by 3", 1),
        ("Parcel 9", "5", "caused by 4", 2),
        ("Order 43", "7", "caused by 2", 2),
    ]


def test_the_other_effects_of_a_cause_do_not_belong(read):
    assert [row[1] for row in links(read(CHAIN), "Parcel", 9)] == ["1", "2", "3", "4", "5"]
    assert links(read(CHAIN), "Parcel", 9)[0] == ("Order 42", "1", "cause of 2", 3)


def test_causes_that_go_in_a_circle_come_to_an_end(read):
    round_trip = [event(n, f"Order 4{n + 1}", n, to="b", cause=cause) for n, cause in ((1, 3), (2, 1), (3, 2), (4, 4))]
    log = read(round_trip)
    assert links(log) == [
        ("Order 42", "1", "itself", 0),
        ("Order 43", "2", "caused by 1", 1),
        ("Order 44", "3", "cause of 1", 1),
    ]
    assert links(log, id=45) == [("Order 45", "4", "itself", 0)]


def test_a_broken_chain_is_a_row(read):
    log = read([event(5, "Order 42", 1, to="b", cause=4), event(4, "Order 43", 0, to="b", cause=999)])
    table = related(log, "Order", 42)
    assert table.project("type, event_id, link, distance, broken").fetchall() == [
        (None, "999", "cause of 4", 2, True),
        ("Order", "4", "cause of 5", 1, False),
        ("Order", "5", "itself", 0, False),
    ]


def test_numbers_of_another_system_are_no_causes(read):
    log = read([event(2, "Order 42", 1, to="b", cause=1)])
    other = [event(1, "Till 8", 0, to="b")]
    log.add(other, mapping="event_store", system="till")
    assert links(log) == [("None None", "1", "cause of 2", 1), ("Order 42", "2", "itself", 0)]
    log.add(other, mapping="event_store")
    assert links(log)[0] == ("Till 8", "1", "cause of 2", 1)


def test_a_correlation_joins_what_nothing_else_does(read):
    log = read([event(1, "Order 42", 0, correlation="c-1"), event(2, "Order 50", 0, correlation="c-1")])
    assert links(log) == [("Order 42", "1", "itself", 0), ("Order 50", "2", "correlation c-1", 1)]


def test_a_declared_link_carries_on_until_the_aggregate_names_another(read):
    log = read([
        event(1, "Lot 7", 0, kind="noted"),
        event(2, "Lot 7", 1, {"attributes": {"order_id": 42}}, kind="model_created"),
        event(3, "Lot 7", 3, kind="noted"),
        event(4, "Lot 7", 4, {"new_attributes": {"order_id": 43}}, kind="model_updated"),
        event(5, "Lot 7", 5, kind="noted"),
        event(8, "Order 42", 2),
        event(9, "Order 43", 2),
    ])  # fmt: skip
    assert links(log)[:2] == [("Lot 7", "2", "order_id = 42", 1), ("Order 42", "8", "itself", 0)]
    assert [row[1] for row in links(log)] == ["2", "8", "3"]
    assert [row[1] for row in links(log, id=43)] == ["9", "4", "5"]
    assert links(log, "Lot", 7)[-1] == ("Lot 7", "5", "itself", 0)
    assert {row[0] for row in links(log, "Lot", 7)} == {"Lot 7", "Order 42", "Order 43"}


def parts(*rows):
    names = ("case_id", "within", "timestamp")
    common = {"aggregate_type": "Part", "activity": "made"}
    return [common | dict(zip(names, (*row, f"2026-01-0{n} 10:00"), strict=True)) for n, row in enumerate(rows, 1)]


@pytest.fixture
def nested(tmp_path):
    mapping = tmp_path / "parts.yaml"
    mapping.write_text("extends: generic\nname: parts\nlinks: {within: Part}\n")
    tree = (("a", None), ("b", "a"), ("c", "b"), ("d", "c"), ("e", "d"), ("sibling", "a"), ("self", "self"))
    rows = parts(*tree)
    with read_events(rows, mapping=str(mapping)) as log:
        yield log


def test_links_are_followed_three_far_both_ways_and_to_no_siblings(nested):
    assert [row[0] for row in links(nested, "Part", "a")] == ["Part a", "Part b", "Part c", "Part d", "Part sibling"]
    assert [(row[0], row[2], row[3]) for row in links(nested, "Part", "d")] == [
        ("Part a", "within = a", 3), ("Part b", "within = b", 2), ("Part c", "within = c", 1),
        ("Part d", "itself", 0), ("Part e", "within = d", 1),
    ]  # fmt: skip
    assert [row[0] for row in links(nested, "Part", "self")] == ["Part self"]


def test_a_later_import_with_another_mapping_leaves_links_as_they_were(nested):
    before = links(nested, "Part", "c")
    nested.add(parts(("z", "c")), mapping="generic")
    assert links(nested, "Part", "c") == before


def test_an_event_that_moves_two_fields_has_two_rows(read):
    log = read(
        '1 42 model_created 2026-01-05T09:00 {"attributes": {"status": "a", "payment": "open"}}',
        state_field=["status", "payment"],
    )
    assert related(log, "Order", 42).project("field, to_state, link").fetchall() == [
        ("payment", "open", "itself"), ("status", "a", "itself"),
    ]  # fmt: skip


def test_an_aggregate_that_is_not_there_is_said(orders):
    with pytest.raises(UnknownNameError, match="no Order has the id '4'"):
        related(orders, "Order", 4)
    with pytest.raises(UnknownNameError, match="Order 45 has no event in this log"):
        related(orders.until("2026-01-05"), "Order", 45)


def test_a_link_without_a_type_is_refused(tmp_path):
    mapping = tmp_path / "bad.yaml"
    mapping.write_text("extends: generic\nlinks: {within: [Part]}\n")
    with pytest.raises(MappingError, match="where an aggregate type was expected"):
        read_events(parts(("a", None)), mapping=str(mapping))
