from __future__ import annotations

from datetime import timedelta
from textwrap import dedent

import pytest

from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.machines import read_machines
from workbench.metrics import funnel, funnel_lives, funnel_lost, variants

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


# a b c a c b c: loose a > c is 3 hours after the first a; strict a > c begins at the second a
AGAIN = """
1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}
2 7 model_updated 2026-01-01T01:00 {"new_attributes": {"status": "b"}}
3 7 model_updated 2026-01-01T03:00 {"new_attributes": {"status": "c"}}
4 7 model_updated 2026-01-01T06:00 {"new_attributes": {"status": "a"}}
5 7 model_updated 2026-01-01T07:00 {"new_attributes": {"status": "c"}}
6 8 model_created 2026-01-02T00:00 {"attributes": {"status": "a"}}
7 8 model_updated 2026-01-02T01:00 {"new_attributes": {"status": "b"}}
"""


def test_in_strict_order_each_step_is_the_very_next_state(read):
    log = read(AGAIN)
    assert counts(funnel(log, ["a", "c"])) == [2, 1]
    assert funnel(log, ["a", "c"]).fetchall()[1][6] == 3 * HOUR
    assert counts(funnel(log, ["a", "c"], order="strict")) == [2, 1]
    assert funnel(log, ["a", "c"], order="strict").fetchall()[1][6] == 1 * HOUR
    assert counts(funnel(log, ["a", "b", "a"], order="strict")) == [2, 2, 0]
    assert counts(funnel(log, ["a", "b", "a"])) == [2, 2, 1]


def test_in_strict_order_a_later_attempt_may_be_in_time(read):
    log = read(AGAIN + '8 7 model_updated 2026-01-01T07:10 {"new_attributes": {"status": "a"}}\n'
               '9 7 model_updated 2026-01-01T07:20 {"new_attributes": {"status": "c"}}')  # fmt: skip
    rows = funnel(log, ["a", "c"], within="30 minutes", order="strict").fetchall()
    assert [(row[3], row[6]) for row in rows] == [(2, None), (1, HOUR / 6)]
    assert counts(funnel(log, ["a", "c"], within="5 minutes", order="strict")) == [2, 0]
    assert counts(funnel(log, ["a", "c"], since="2026-01-02", order="strict")) == [1, 0]


def test_where_the_lost_went_and_are_now(orders):
    table = funnel_lost(orders, ["pending", "confirmed", "fulfilled"])
    assert table.columns == [
        "type", "step", "state", "reached", "lost", "next_state", "current_state", "aggregates", "share",
    ]  # fmt: skip
    assert table.fetchall() == [
        ("Order", 1, "pending", 4, 1, "cancelled", "cancelled", 1, 1.0),
        ("Order", 2, "confirmed", 3, 1, "pending", "pending", 1, 1.0),
    ]
    early = funnel_lost(orders.until("2026-01-05 10:30"), ["pending", "confirmed", "pending"]).fetchall()
    assert early == [("Order", 2, "confirmed", 2, 2, None, "confirmed", 2, 1.0)]


def test_who_comes_too_late_is_lost_to_the_next_step(orders):
    assert funnel_lost(orders, ["pending", "confirmed"], within="2 hours").fetchall() == [
        ("Order", 1, "pending", 4, 3, "cancelled", "cancelled", 1, pytest.approx(1 / 3)),
        ("Order", 1, "pending", 4, 3, "confirmed", "fulfilled", 1, pytest.approx(1 / 3)),  # pending since unknown
        ("Order", 1, "pending", 4, 3, "confirmed", "pending", 1, pytest.approx(1 / 3)),
    ]


def test_the_aggregates_behind_a_funnel(orders):
    steps = ["pending", "confirmed", "fulfilled"]
    table = funnel_lives(orders, steps, lost_after=1)
    assert table.columns == [
        "type", "aggregate_id", "step", "state", "started_at", "entered_at", "next_state", "current_state",
    ]  # fmt: skip
    assert table.fetchall() == [("Order", "43", 1, "pending", None, None, "cancelled", "cancelled")]
    assert [row[1:4] for row in funnel_lives(orders, steps).fetchall()] == [
        ("43", 1, "pending"), ("45", 2, "confirmed"), ("42", 3, "fulfilled"), ("44", 3, "fulfilled"),
    ]  # fmt: skip


def test_a_step_that_is_none_and_an_order_that_is_none_are_refused(orders):
    with pytest.raises(LogError, match="lost_after=4 is no step: they are numbered from 1 to 2"):
        funnel_lives(orders, ["pending", "confirmed"], lost_after=4)
    with pytest.raises(LogError, match="order= is 'loose' or 'strict'"):
        funnel(orders, ["pending"], order="any")


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


def test_variants_are_ranked_timed_and_add_up(orders):
    table = variants(orders)
    assert table.columns == [
        "type", "variant", "states", "aggregates", "share", "median_seconds", "coverage", "happy",
    ]  # fmt: skip
    # 42 took 25 h from its first event to its last, 44 took 49 h, 43 has one event, 45 took 24 h
    assert table.fetchall() == [
        ("Order", 1, ["pending", "confirmed", "fulfilled"], 2, 0.5, 37 * HOUR, 0.5, True),
        ("Order", 2, ["pending", "cancelled"], 1, 0.25, 0.0, 0.75, False),
        ("Order", 3, ["pending", "confirmed", "pending"], 1, 0.25, 24 * HOUR, 1.0, False),
    ]


def test_a_life_that_never_had_a_state_is_a_variant_too(read):
    log = read('1 7 model_updated 2026-01-01T00:00 {"new_attributes": {"total": 1}}')
    assert variants(log).fetchall() == [("Order", 1, [], 1, 1.0, 0.0, 1.0, False)]


def test_a_machine_tells_which_variants_fit_and_which_is_the_happy_path(orders, tmp_path):
    machine = """
    name: Orders
    model: App\\Models\\Order
    initial_state: pending
    states: [{name: pending}, {name: confirmed}, {name: cancelled}, {name: fulfilled}]
    transitions:
      - {name: confirm, from: [pending], to: confirmed}
      - {name: back, from: [confirmed], to: pending}
      - {name: cancel, from: [pending], to: cancelled}
    """
    (tmp_path / "orders.yaml").write_text(dedent(machine), encoding="utf-8")
    table = variants(orders, read_machines(tmp_path))
    assert [(row[3], *row[6:]) for row in table.fetchall()] == [
        (2, 0.5, 0, False),  # confirmed > fulfilled is no transition
        (1, 0.75, 1, True),  # the most frequent that fits and ends in a final state
        (1, 1.0, 1, False),
    ]


def _life(number: int, states: str) -> list[dict]:
    told = [("model_created", {"attributes": {"status": states[0]}})]
    told += [("model_updated", {"new_attributes": {"status": state}}) for state in states[1:]]
    return [
        {
            "id": number * 100 + place, "aggregate_type": "Order", "aggregate_id": str(number), "event_type": kind,
            "event_data": data, "occurred_at": f"2026-01-01 {place:02}:00:00",
        }
        for place, (kind, data) in enumerate(told)
    ]  # fmt: skip


def test_loops_are_told_once_when_asked(read):
    lives = ["abababc", "abc", "aaabc", "abab", "abcabcd", "abacb"]
    log = read([row for number, states in enumerate(lives, 1) for row in _life(number, states)])
    found = [("".join(row[2]), row[3], row[5]) for row in variants(log, loops="collapse").fetchall()]
    assert found == [
        ("abc", 3, 4 * HOUR),  # 6, 2 and 4 hours
        ("ab", 1, 3 * HOUR),
        ("abacb", 1, 4 * HOUR),
        ("abcd", 1, 6 * HOUR),
    ]
    assert [row[3] for row in variants(log).fetchall()] == [1] * 6
    with pytest.raises(LogError, match="loops= is 'keep' or 'collapse', not 'fold'"):
        variants(log, loops="fold")


def test_variants_of_beginnings(orders):
    rows = variants(orders.until("2026-01-05 10:00")).fetchall()
    assert [(row[2], row[3]) for row in rows] == [(["pending", "confirmed"], 2)]
