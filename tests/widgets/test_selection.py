"""What a selection chooses, how views share it, and that its code and its SQL choose the same lives again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import InstantError, LogError, UnknownNameError

LIVES = "SELECT DISTINCT life FROM lives ORDER BY life"


@pytest.fixture(scope="module")
def log(sample_events) -> wb.EventLog:
    return wb.read_events(sample_events / "shop.ndjson")


def lives(log: wb.EventLog) -> list:
    return log.sql(LIVES).fetchall()


def by_code(chosen: wb.widgets.Selection, log: wb.EventLog) -> list:
    names = {"log": log}
    exec(chosen.code(), names)  # noqa: S102  the code it prints is what is tested
    return lives(names["chosen"])


CHOICES = {
    "type": st.just("Order"),
    "aggregates": st.lists(st.sampled_from([1, "7", 42, 43, 44]), max_size=3, unique=True).map(tuple),
    "states": st.lists(st.sampled_from(["pending", "confirmed", "cancelled"]), max_size=2).map(tuple),
    "transitions": st.lists(st.just(("confirmed", "cancelled")), max_size=1).map(tuple),
    "variant": st.sampled_from([(), ("pending", "confirmed", "fulfilled")]),
    "since": st.sampled_from([None, "2026-01-20", "2026-02-01T10:00"]),
    "before": st.sampled_from([None, "2026-02-10"]),
}


@settings(max_examples=15)
@given(choice=st.fixed_dictionaries({}, optional=CHOICES))
def test_its_code_and_its_sql_choose_the_lives_that_it_holds(log, choice):
    chosen = wb.widgets.selection(log)
    chosen.choose(**{"type": "Order"} | choice)
    held = lives(chosen.log)
    assert by_code(chosen, log) == held
    told = log.connection.sql(f"SELECT DISTINCT life FROM ({chosen.sql()}) ORDER BY life").fetchall()
    assert told == held


def test_it_chooses_what_where_chooses(log):
    chosen = wb.widgets.selection(log)
    chosen.choose(type="Order", states=("confirmed",), since="2026-02-01")
    moved = "life IN (SELECT life FROM events WHERE effective_at >= TIMESTAMP '2026-02-01')"
    assert 0 < len(lives(chosen.log)) < len(lives(log.of("Order")))
    assert lives(chosen.log) == lives(log.of("Order").where(through="confirmed").where(moved))


def test_nothing_chosen_is_the_whole_log(log):
    chosen = wb.widgets.selection(log)
    assert str(chosen) == "chosen = log"
    assert lives(chosen.log) == lives(log)
    chosen.choose(type="Order", aggregates=("42",), instant="2026-02-01")
    assert str(chosen) == "chosen = log.of('Order', '42')\nat = '2026-02-01 00:00:00'"
    chosen.clear()
    assert lives(chosen.log) == lives(log)


@pytest.mark.parametrize(
    ("choice", "error", "says"),
    [
        ({"type": "Ordr"}, UnknownNameError, "did you mean 'Order'"),
        ({"type": "Order", "states": ("confirmd",)}, UnknownNameError, "did you mean 'confirmed'"),
        ({"aggregates": ("42",)}, LogError, "set type first"),
        ({"type": "Order", "since": "soon"}, InstantError, "is not a time"),
        ({"colour": "red"}, LogError, "has no 'colour': it has type, aggregates"),
    ],
)
def test_what_the_log_does_not_have_is_refused_and_nothing_changes(log, choice, error, says):
    chosen = wb.widgets.selection(log)
    chosen.choose(type="Order", states=("cancelled",))
    held, revision = str(chosen), chosen.revision
    with pytest.raises(error, match=says):
        chosen.choose(**{"type": None, "states": ()} | choice)
    assert (str(chosen), chosen.revision) == (held, revision)


def test_a_wrong_name_set_alone_is_taken_back(log):
    chosen = wb.widgets.selection(log)
    with pytest.raises(UnknownNameError):
        chosen.type = "Ordr"
    assert chosen.type is None


def test_those_who_observe_are_told_once_a_choice(log):
    chosen, told = wb.widgets.selection(log), []
    chosen.observe(lambda change: told.append(change["new"]), "revision")
    chosen.choose(type="Order", states=("cancelled",), since="2026-02-01")
    chosen.choose(type="Order")
    chosen.instant = "2026-02-02"
    assert told == [1]


def test_views_of_one_selection_follow_each_other(log):
    chosen = wb.widgets.selection(log)
    one = wb.widgets.time_travel(log, type="Order", selection=chosen)
    other = wb.widgets.time_travel(log, type="Order", selection=chosen)
    one.instant = "2026-02-01"
    assert other.instant == one.instant == chosen.instant
    chosen.choose(states=("cancelled",))
    assert one.data()["states"].equals(other.data()["states"])
    cancelled = wb.state_at(log.of("Order").where(through="cancelled"), "2026-02-01").fetchall()
    assert one.data()["states"]["aggregates"].sum() == len(cancelled) == 54
    assert one.chosen["states"] == ["cancelled"]
