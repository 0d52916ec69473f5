from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.events import read_events
from workbench.instants import instant
from workbench.machines import read_machines
from workbench.metrics import (
    conformance,
    funnel,
    off_machine,
    state_at,
    state_distribution,
    time_in_state,
    transition_counts,
    variants,
)

SHOP = Path(__file__).resolve().parents[2] / "sample_events" / "shop.ndjson"
MACHINE = """
name: Orders
model: Order
initial_state: pending
transitions:
  - {from: pending, to: confirmed}
  - {from: confirmed, to: fulfilled}
"""


def test_keys_come_after_the_type_and_split_its_counts(orders):
    table = transition_counts(orders, by="actor")
    assert table.columns[:5] == ["type", "actor", "from_state", "to_state", "times"]
    assert [row[:6] for row in table.fetchall()] == [
        ("Order", "3", "confirmed", "fulfilled", 1, 1),
        ("Order", "3", "pending", "cancelled", 1, 1),
        ("Order", "3", "pending", "confirmed", 1, 1),
        ("Order", "4", "confirmed", "fulfilled", 1, 1),
        ("Order", None, "pending", "confirmed", 2, 2),
        ("Order", None, "confirmed", "pending", 1, 1),
    ]


def test_lives_that_repeat_a_move_under_another_actor_are_counted_there_too(read):
    log = read("""
    1 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b", "user_id": 1}
    2 7 state_transitioned 2026-01-01T01:00 {"from_state": "b", "to_state": "a", "user_id": 1}
    3 7 state_transitioned 2026-01-01T02:00 {"from_state": "a", "to_state": "b", "user_id": 2}
    4 7 state_transitioned 2026-01-01T03:00 {"from_state": "b", "to_state": "a", "user_id": 1}
    """)
    found = {row[1:4]: row[4:6] for row in transition_counts(log, by="actor").fetchall()}
    assert found == {("1", "a", "b"): (1, 1), ("1", "b", "a"): (2, 1), ("2", "a", "b"): (1, 1)}
    assert {row[1:4]: row[5] for row in transition_counts(log, "2026-01-01 02:00", by="actor").fetchall()} == {
        ("2", "a", "b"): 1, ("1", "b", "a"): 1,
    }  # fmt: skip


def test_a_question_about_lives_takes_their_first_known_value(orders):
    ways = [(row[1], row[3], row[4]) for row in variants(orders, by="actor").fetchall()]
    assert ways == [
        ("3", ["pending", "confirmed", "fulfilled"], 2),
        ("3", ["pending", "cancelled"], 1),
        (None, ["pending", "confirmed", "pending"], 1),
    ]
    steps = funnel(orders, ["pending", "confirmed", "fulfilled"], by="actor").fetchall()
    assert [(row[1], row[3], row[4]) for row in steps] == [
        ("3", "pending", 3), ("3", "confirmed", 2), ("3", "fulfilled", 2),
        (None, "pending", 1), (None, "confirmed", 1), (None, "fulfilled", 0),
    ]  # fmt: skip


def test_cohorts_are_the_dates_of_a_zone_s_calendar(read):
    log = read("""
    1 7 model_created 2026-02-28T23:30 {"attributes": {"status": "new"}}
    2 8 model_created 2026-02-28T22:30 {"attributes": {"status": "new"}}
    """)
    cohorts = {
        (unit, zone): [row[1:] for row in state_distribution(log, by=f"created:{unit}", zone=zone).fetchall()]
        for unit in ("day", "week", "month")
        for zone in (None, "Europe/Paris")
    }
    days = {key: [row[0] for row in rows] for key, rows in cohorts.items()}
    assert days == {
        ("day", None): [date(2026, 2, 28)],
        ("day", "Europe/Paris"): [date(2026, 2, 28), date(2026, 3, 1)],
        ("week", None): [date(2026, 2, 23)],
        ("week", "Europe/Paris"): [date(2026, 2, 23)],
        ("month", None): [date(2026, 2, 1)],
        ("month", "Europe/Paris"): [date(2026, 2, 1), date(2026, 3, 1)],
    }


def test_an_hour_is_an_instant_also_when_clocks_show_it_twice(read):
    log = read("""
    1 7 model_created 2026-10-25T00:30 {"attributes": {"status": "new"}}
    2 8 model_created 2026-10-25T01:30 {"attributes": {"status": "new"}}
    """)
    paris = [row[1] for row in variants(log, by="created:hour", zone="Europe/Paris").fetchall()]
    assert paris == [instant("2026-10-25 00:00"), instant("2026-10-25 01:00")]
    kolkata = [row[1] for row in variants(log, by="created:hour", zone="Asia/Kolkata").fetchall()]
    assert kolkata == [instant("2026-10-25 00:30"), instant("2026-10-25 01:30")]


def test_a_payload_s_path_is_of_the_event_that_made_the_move(read):
    log = read("""
    1 7 model_created      2026-01-01T00:00 {"attributes": {"status": "a"}, "via": {"x/y": [0, "web"]}}
    2 7 state_transitioned 2026-01-01T01:00 {"from_state": "a", "to_state": "b", "via": {"x/y": [0, "app"]}}
    3 7 state_transitioned 2026-01-01T02:00 {"from_state": "b", "to_state": "a"}
    4 8 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b", "via": {"x/y": [0, "app"]}}
    """)
    table = time_in_state(log, by="data.via.x/y.1")
    assert table.columns[1] == "data_via_x_y_1"
    assert [row[1:4] for row in table.fetchall()] == [
        ("app", "b", 2), ("web", "a", 1), (None, "a", 2),
    ]  # fmt: skip


def test_an_attribute_is_the_first_known_or_the_latest(read):
    log = read("""
    1 7 model_created      2026-01-01T00:00 {"attributes": {"status": "a", "total": 1, "to": {"land": "FR"}}}
    2 7 model_updated      2026-01-01T01:00 {"new_attributes": {"total": 2, "coupon": "X", "to": {"land": "DE"}}}
    3 7 state_transitioned 2026-01-01T02:00 {"from_state": "a", "to_state": "b"}
    4 8 model_created      2026-01-01T00:00 {"attributes": {"status": "a", "total": 2}}
    """)

    def groups(by):
        return [(row[1], row[3]) for row in variants(log, by=by).fetchall()]

    assert groups("attributes.total") == [("1", ["a", "b"]), ("2", ["a"])]
    assert sorted(groups("attributes.total@last")) == [("2", ["a"]), ("2", ["a", "b"])]
    assert groups("attributes.coupon") == [("X", ["a", "b"]), (None, ["a"])]
    assert groups("attributes.to.land") == [("FR", ["a", "b"]), (None, ["a"])]
    assert variants(log, by="attributes.to.land@last").columns[1] == "attributes_to_land_last"
    assert [row[1:4] for row in transition_counts(log, by="attributes.coupon").fetchall()] == [("X", "a", "b")]


def test_columns_of_moves_and_of_lives_are_keys(orders):
    ended = [row[1:4] for row in state_distribution(orders, "2026-01-05 10:30", by="current_state").fetchall()]
    assert ended == [("fulfilled", "confirmed", 2), ("pending", "pending", 1)]
    came = [row[1:4] for row in time_in_state(orders, by="from_state").fetchall()]
    assert came == [
        ("confirmed", "fulfilled", 2), ("confirmed", "pending", 1),
        ("pending", "confirmed", 3), ("pending", "cancelled", 1),
        (None, "pending", 4),
    ]  # fmt: skip


def test_a_list_of_aggregates_gets_the_keys_as_columns(orders):
    table = state_at(orders, by=["created:day", "actor"])
    assert table.columns[:4] == ["type", "created_day", "actor", "aggregate_id"]
    assert [row[2:4] for row in table.fetchall()] == [("3", "43"), ("3", "44"), ("4", "42"), (None, "45")]


def test_machines_speak_for_the_groups_of_their_type(orders, tmp_path):
    (tmp_path / "orders.yaml").write_text(MACHINE, encoding="utf-8")
    machines = read_machines(tmp_path / "orders.yaml")
    told = conformance(orders, machines, by="created:day").fetchall()
    assert [row[:6] for row in told] == [
        ("Order", date(2026, 1, 5), "Orders", 3, 8, 1),
        ("Order", date(2026, 1, 6), "Orders", 1, 3, 1),
    ]
    refused = off_machine(orders, machines, by="visit").fetchall()
    assert [(row[1], row[2]) for row in refused] == [(1, "43"), (2, "45")]


def test_without_keys_nothing_changes(shop):
    assert time_in_state(shop, by=[]).columns == time_in_state(shop).columns
    assert time_in_state(shop, by=[], zone="Europe/Paris").fetchall() == time_in_state(shop).fetchall()


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("actr", "did you mean 'actor'"),
        ("created:weak", "did you mean 'created:week'"),
        ("data.user_ids", "did you mean 'data.user_id'"),
        ("data.attributes.totl", "did you mean 'data.attributes.total'"),
        ("data.", "did you mean 'data.<path>'"),
        ("attributes.totl@last", "did you mean 'attributes.total'"),
        ("attributes.total.cents", "did you mean 'attributes.total'"),
        ("", "no key named ''"),
    ],
)
def test_an_unknown_key_says_the_nearest(orders, by, said):
    with pytest.raises(UnknownNameError, match=said):
        transition_counts(orders, by=by)


def test_a_key_that_the_answer_tells_anyway_is_refused(orders):
    with pytest.raises(LogError, match="already has a column to_state"):
        transition_counts(orders, by="to_state")


def test_two_keys_with_one_column_are_refused(orders):
    with pytest.raises(LogError, match="both be the column data_user_id"):
        variants(orders, by=["data.user_id", "data.user-id"])


def test_the_same_key_twice_is_one(orders):
    assert variants(orders, by=["actor", "actor"]).fetchall() == variants(orders, by="actor").fetchall()


@pytest.mark.parametrize("zone", ["Europe/Pari", "+02:00", "localtime", "right/UTC", "../../etc/passwd"])
def test_a_zone_is_the_name_of_a_place(orders, zone):
    with pytest.raises(InstantError, match="zone"):
        transition_counts(orders, zone=zone)


def test_pandas_groups_the_sample_shop_alike():
    with read_events(SHOP) as log:
        moves = log.moves.df().merge(log.lives.df()[["life", "first_at"]], on="life").dropna(subset=["from_state"])
        paris = moves.first_at.dt.tz_localize("UTC").dt.tz_convert("Europe/Paris")
        moves["week"] = (paris - pd.to_timedelta(paris.dt.day_of_week, unit="D")).dt.date.astype(str)
        groups = moves.fillna({"actor": "nobody"}).groupby(["type", "week", "actor", "from_state", "to_state"])
        theirs = {key: (len(group), group.life.nunique()) for key, group in groups}
        counted = transition_counts(log, by=["created:week", "actor"], zone="Europe/Paris")
        names = "type, created_week, actor, from_state, to_state, times, aggregates"
        table = counted.project(names).fetchall()
    ours = {(a, str(week), actor or "nobody", *pair): (n, m) for a, week, actor, *pair, n, m in table}
    assert ours == theirs
    assert len(ours) > 300
