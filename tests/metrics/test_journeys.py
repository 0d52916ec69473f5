from __future__ import annotations

from datetime import timedelta

import pytest

from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.metrics import funnel, variants

HOUR = 3600.0


def test_a_funnel_counts_who_gets_how_far(orders):
    table = funnel(orders, ["pending", "confirmed", "fulfilled"])
    assert table.columns == ["type", "step", "state", "aggregates", "of_first", "of_previous", "median_seconds"]
    assert table.fetchall() == [
        ("Order", 1, "pending", 4, 1.0, 1.0, None),
        ("Order", 2, "confirmed", 3, 0.75, 0.75, 12.5 * HOUR),
        ("Order", 3, "fulfilled", 2, 0.5, pytest.approx(2 / 3), 36 * HOUR),
    ]


def counts(table) -> list[int]:
    return [row[3] for row in table.fetchall()]


def test_the_longest_time_is_measured_from_the_first_step_and_includes_its_end(orders):
    steps = ["pending", "confirmed", "fulfilled"]
    assert counts(funnel(orders, steps, within="25 hours")) == [4, 2, 1]
    assert counts(funnel(orders, steps, within=timedelta(hours=25) - timedelta(microseconds=1))) == [4, 2, 0]
    assert counts(funnel(orders, steps, within="30 minutes")) == [4, 0, 0]


def test_a_window_chooses_whom_to_follow_and_not_how_far(orders):
    steps = ["pending", "confirmed", "fulfilled"]
    assert counts(funnel(orders, steps, since="2026-01-05 09:00", before="2026-01-05 09:30")) == [1, 1, 1]
    assert counts(funnel(orders, steps, since="2026-01-06")) == [0, 0, 0]


def test_a_step_nobody_reaches_keeps_its_row(orders):
    rows = funnel(orders, ["fulfilled", "cancelled"]).fetchall()
    assert rows == [
        ("Order", 1, "fulfilled", 2, 1.0, 1.0, None),
        ("Order", 2, "cancelled", 0, 0.0, 0.0, None),
    ]


def test_a_state_may_come_again_in_the_steps(orders):
    assert counts(funnel(orders, ["pending", "confirmed", "pending"])) == [4, 3, 1]
    assert counts(funnel(orders, ["pending", "pending"])) == [4, 1]


def test_later_is_told_by_the_order_of_moves_where_times_are_equal(read):
    log = read("""
    1 7 model_created      2026-01-01T00:00 {"attributes": {"status": "a"}}
    2 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b"}
    3 7 state_transitioned 2026-01-01T00:00 {"from_state": "b", "to_state": "c"}
    """)
    assert counts(funnel(log, ["a", "b", "c"])) == [1, 1, 1]
    assert counts(funnel(log, ["b", "a"])) == [1, 0]


def test_each_step_takes_the_first_later_entry(read):
    # a 0 h, b 1 h, a 2 h, c 3 h, b 4 h, c 6 h: a at 0, c at 3, b at 4
    log = read("""
    1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}
    2 7 model_updated 2026-01-01T01:00 {"new_attributes": {"status": "b"}}
    3 7 model_updated 2026-01-01T02:00 {"new_attributes": {"status": "a"}}
    4 7 model_updated 2026-01-01T03:00 {"new_attributes": {"status": "c"}}
    5 7 model_updated 2026-01-01T04:00 {"new_attributes": {"status": "b"}}
    6 7 model_updated 2026-01-01T06:00 {"new_attributes": {"status": "c"}}
    """)
    assert [row[6] for row in funnel(log, ["a", "c", "b"]).fetchall()] == [None, 3 * HOUR, 1 * HOUR]


def test_an_unknown_state_names_the_nearest(orders):
    with pytest.raises(UnknownNameError, match="no state named 'fulfiled' in this log: did you mean 'fulfilled'"):
        funnel(orders, ["pending", "fulfiled"])


def test_states_of_several_types_stop_and_say_what_to_write(shop):
    with pytest.raises(LogError, match=r'several types \(Order, Payment\).* log.of\("Order"\)'):
        funnel(shop, ["pending", "confirmed"])
    assert counts(funnel(shop.of("Payment"), ["pending", "paid"])) == [1, 1]


@pytest.mark.parametrize("steps", [[], "pending"])
def test_steps_that_are_no_list_are_refused(orders, steps):
    with pytest.raises(LogError, match="needs a list of states"):
        funnel(orders, steps)


def test_a_wrong_duration_is_refused(orders):
    with pytest.raises(InstantError, match="is not a duration"):
        funnel(orders, ["pending"], within="a while")


def test_variants_are_ranked_and_timed(orders):
    table = variants(orders)
    assert table.columns == ["type", "variant", "states", "aggregates", "share", "median_seconds"]
    # 42 took 25 h from its first event to its last, 44 took 49 h, 43 has one event, 45 took 24 h
    assert table.fetchall() == [
        ("Order", 1, ["pending", "confirmed", "fulfilled"], 2, 0.5, 37 * HOUR),
        ("Order", 2, ["pending", "cancelled"], 1, 0.25, 0.0),
        ("Order", 3, ["pending", "confirmed", "pending"], 1, 0.25, 24 * HOUR),
    ]


def test_a_life_that_never_had_a_state_is_a_variant_too(read):
    log = read('1 7 model_updated 2026-01-01T00:00 {"new_attributes": {"total": 1}}')
    assert variants(log).fetchall() == [("Order", 1, [], 1, 1.0, 0.0)]


def test_variants_of_beginnings(orders):
    rows = variants(orders.until("2026-01-05 10:00")).fetchall()
    assert [(row[2], row[3]) for row in rows] == [(["pending", "confirmed"], 2)]
