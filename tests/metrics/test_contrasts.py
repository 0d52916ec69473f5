from __future__ import annotations

from math import comb, erfc, sqrt
from pathlib import Path

import pytest

import workbench as wb
from workbench.errors import InstantError, LogError
from workbench.metrics import compare_transitions, distinguish

SHOP = Path(__file__).resolve().parents[2] / "sample_events" / "shop.ndjson"
# 70 lives of a, of which 56 are French; 80 of b, of which 48 are: Newcombe's example (a) of 1998.
# Actor 9 touched 3 lives of a and none of b.
A, B = "aggregate_id LIKE 'a%'", "aggregate_id LIKE 'b%'"


def _rows() -> list[dict]:
    rows = []
    for side, french, lives in (("a", 56, 70), ("b", 48, 80)):
        for number in range(lives):
            attributes = {"status": "new", "country": "FR" if number < french else "DE", "odd ~/": number % 2}
            actor = 9 if side == "a" and number < 3 else 1
            told = ("model_created", {"attributes": attributes, "user_id": actor}, f"{side}{number}")
            rows.append(told)
            if side == "b" and number < 20:
                rows.append(("state_transitioned", {"from_state": "new", "to_state": "gone"}, f"{side}{number}"))
    return [
        {
            "id": number, "aggregate_type": "Order", "aggregate_id": aggregate, "event_type": kind, "event_data": data,
            "occurred_at": f"2026-01-05 10:{number // 60 % 60:02}:{number % 60:02}",
        }
        for number, (kind, data, aggregate) in enumerate(rows, 1)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def log(read):
    return read(_rows())


def told(table) -> dict[tuple, dict]:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
    return {(row["kind"], row["name"], row["value"]): row for row in rows}


def fisher(in_a: int, of_a: int, in_b: int, of_b: int) -> float:
    have, every = in_a + in_b, of_a + of_b
    ways = {k: comb(of_a, k) * comb(of_b, have - k) for k in range(max(0, have - of_b), min(have, of_a) + 1)}
    return sum(way for way in ways.values() if way <= ways[in_a]) / comb(every, have)


def chi_square(in_a: int, of_a: int, in_b: int, of_b: int) -> float:
    pooled = (in_a + in_b) / (of_a + of_b)
    z = abs(in_a / of_a - in_b / of_b) / sqrt(pooled * (1 - pooled) * (1 / of_a + 1 / of_b))
    return erfc(z / sqrt(2))


def test_what_separates_two_sets_with_its_support_and_interval(log):
    row = told(distinguish(log, A, B, support=3))["attribute", "country", "FR"]
    assert (row["in_a"], row["of_a"], row["in_b"], row["of_b"]) == (56, 70, 48, 80)
    assert (row["share_a"], row["share_b"], row["difference"]) == pytest.approx((0.8, 0.6, 0.2))
    assert (row["low"], row["high"]) == pytest.approx((0.0524, 0.3339), abs=5e-5)  # as published
    assert row["lift"] == pytest.approx(4 / 3)
    assert row["test"] == "chi_square"


def test_each_p_value_is_that_of_its_test(log):
    rows = told(distinguish(log, A, B, support=1)).values()
    assert {row["test"] for row in rows} == {"chi_square", "fisher"}
    for row in rows:
        by_hand = fisher if row["test"] == "fisher" else chi_square
        table = (row["in_a"], row["of_a"], row["in_b"], row["of_b"])
        assert row["p_value"] == pytest.approx(by_hand(*table), rel=1e-6, abs=1e-300), row
        have, every = row["in_a"] + row["in_b"], row["of_a"] + row["of_b"]
        least = min(have, every - have) * min(row["of_a"], row["of_b"]) / every
        assert (least < 5) == (row["test"] == "fisher")


def test_false_findings_are_bounded_over_all_that_was_tested(log):
    rows = list(told(distinguish(log, A, B, support=1)).values())
    # gone; new > gone; FR, DE; odd 0, 1; state_transitioned; actors 9, 1, none: all lives were new
    assert {row["tested"] for row in rows} == {len(rows)} == {9}
    values = [row["p_value"] for row in rows]
    assert values == sorted(values)
    adjusted = [min(values[j] * len(rows) / (j + 1) for j in range(i, len(rows))) for i in range(len(rows))]
    assert [row["q_value"] for row in rows] == pytest.approx(adjusted)


def test_what_too_few_or_all_have_is_not_tested(log):
    rows = told(distinguish(log, A, B))
    assert ("actor", None, "9") not in rows  # three lives
    assert ("state", None, "new") not in rows  # all
    assert rows["transition", "new", "gone"]["in_b"] == rows["event_type", None, "state_transitioned"]["in_b"] == 20


def test_the_other_way_round_only_the_sign_turns(log):
    one, other = told(distinguish(log, A, B)), told(distinguish(log, B, A))
    assert one.keys() == other.keys()
    for key, row in one.items():
        turned = other[key]
        assert row["p_value"] == pytest.approx(turned["p_value"])
        assert (row["difference"], row["low"]) == pytest.approx((-turned["difference"], -turned["high"]))


def test_without_a_second_set_it_is_all_others(log):
    by_hand = distinguish(log, log.where(A), log.where(B)).fetchall()
    assert distinguish(log, A).fetchall() == by_hand
    row = distinguish(log, "aggregate_id LIKE 'a1%'").fetchall()[0]
    assert (row[5], row[7]) == (11, 139)  # a1, a10 to a19; the others of 150


def test_two_parts_that_share_no_life_are_compared(log):
    by_hand = distinguish(log, A, B).fetchall()
    assert distinguish(log.where(A), log.where(B)).fetchall() == by_hand
    assert compare_transitions(log.where(B), log.where(A)).fetchall() == compare_transitions(log, B, A).fetchall()


def test_a_set_of_groups_is_compared_within_each(log):
    rows = distinguish(log, A, B, by="created:day").fetchall()
    assert {str(row[1]) for row in rows} == {"2026-01-05"}


def test_sets_that_cannot_be_compared_are_refused(log, orders):
    with pytest.raises(LogError, match="70 lives are both in a and in b"):
        distinguish(log, A, log)
    with pytest.raises(LogError, match="no life in b"):
        distinguish(log, log)
    with pytest.raises(LogError, match="part of another log"):
        distinguish(log, A, orders)
    with pytest.raises(LogError, match="no life in a"):
        distinguish(log, "false")
    with pytest.raises(LogError, match="70 lives of a and b are not in the log that is asked"):
        distinguish(log.where(B), log.where(A), B)
    shop = wb.read_events(SHOP)
    with pytest.raises(LogError, match="a has lives of Order and b of Subscription: compare lives of the same type"):
        distinguish(shop, shop.of("Order"), shop.of("Subscription"))


# Before June 6, 12 lives of 16 went to done, one of them twice; from then on 4 of 16. The rest went to lost; 3 are new.
def _moves() -> list[dict]:
    ways = [("01", "new done new done")] + [("01", "new done")] * 11 + [("02", "new lost")] * 4
    ways += [("11", "new done")] * 4 + [("12", "new lost")] * 12 + [("12", "new")] * 3
    return [
        {"case": f"{number:02}", "activity": state, "time": f"2026-06-{day} {hour:02}:00"}
        for number, (day, states) in enumerate(ways)
        for hour, state in enumerate(states.split())
    ]


@pytest.fixture(scope="module")
def moves():
    return wb.read_events(_moves())


def pairs(table) -> dict[tuple, dict]:
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
    return {(row["from_state"], row["to_state"]): row for row in rows}


def test_lives_not_moves_are_compared_between_two_periods(moves):
    table = compare_transitions(moves, split="2026-06-06")
    assert list(pairs(table)) == [("new", "done"), ("new", "lost"), ("done", "new")]
    row = pairs(table)["new", "done"]
    assert (row["times_a"], row["times_b"]) == (13, 4)
    assert (row["in_a"], row["of_a"], row["in_b"], row["of_b"]) == (12, 16, 4, 16)
    assert (row["share_a"], row["share_b"], row["difference"], row["lift"]) == (0.75, 0.25, 0.5, 3)
    # Wilson: 12 of 16 is 0.5050 to 0.8982, 4 of 16 is 0.1018 to 0.4950; Newcombe joins 0.2450 and 0.2450.
    assert (row["low"], row["high"]) == pytest.approx((0.5 - 0.3465, 0.5 + 0.2096), abs=1e-3)
    assert (row["median_seconds_a"], row["median_seconds_b"]) == (3600, 3600)
    assert (row["test"], row["p_value"]) == ("chi_square", pytest.approx(chi_square(12, 16, 4, 16)))
    assert row["p_value"] == pytest.approx(0.0047, abs=1e-4)
    assert (row["tested"], row["q_value"], row["more_than_noise"]) == (2, pytest.approx(row["p_value"]), True)


def test_what_nobody_could_do_on_one_side_is_told_but_not_tested(moves):
    row = pairs(compare_transitions(moves, split="2026-06-06"))["done", "new"]
    assert (row["times_a"], row["of_a"], row["share_a"], row["of_b"], row["share_b"]) == (1, 1, 1, 0, None)
    untested = ["difference", "low", "high", "lift", "p_value", "test", "q_value", "more_than_noise"]
    assert [row[name] for name in untested] == [None] * 8


def test_two_sets_of_lives_answer_as_the_periods_they_lie_in(moves):
    by_period = compare_transitions(moves, split="2026-06-06").fetchall()
    assert compare_transitions(moves, "first_at < TIMESTAMP '2026-06-06'").fetchall() == by_period
    late = compare_transitions(moves, "first_at < TIMESTAMP '2026-06-06'", since="2026-06-02")
    assert pairs(late)["new", "lost"]["of_a"] == 4
    window = pairs(compare_transitions(moves, split="2026-06-06", since="2026-06-02", before="2026-06-12"))
    assert [window["new", "lost"][name] for name in ("in_a", "of_a", "in_b", "of_b")] == [4, 4, 0, 4]


def test_groups_are_compared_within_and_tested_together(moves):
    rows = compare_transitions(moves, split="2026-06-01 02:00", by="first_state").fetchall()
    assert {row[1] for row in rows} == {"new"}
    weeks = compare_transitions(moves, split="2026-06-06", by="created:week").project("created_week::VARCHAR, of_a")
    assert set(weeks.fetchall()) == {("2026-06-01", 16), ("2026-06-01", 1), ("2026-06-08", 0)}


def test_every_pair_is_counted_and_judged_as_in_plain_python():
    log = wb.read_events(SHOP).of("Order")
    split = log.instant("2026-02-01")
    lives, left, found = {}, {}, []
    for life, source, target, at in log.sql("SELECT life, from_state, to_state, entered_at FROM moves").fetchall():
        if source is not None:
            side = int(at >= split)
            lives.setdefault((source, target), (set(), set()))[side].add(life)
            left.setdefault(source, (set(), set()))[side].add(life)
    table = pairs(compare_transitions(log, split=split))
    assert table.keys() == lives.keys()
    for pair, row in table.items():
        (in_a, in_b), (of_a, of_b) = (tuple(map(len, sets)) for sets in (lives[pair], left[pair[0]]))
        assert (row["in_a"], row["of_a"], row["in_b"], row["of_b"]) == (in_a, of_a, in_b, of_b)
        by_hand = fisher if row["test"] == "fisher" else chi_square
        assert row["p_value"] == pytest.approx(by_hand(in_a, of_a, in_b, of_b), rel=1e-6)
        found.append(row["p_value"])
    adjusted = [min(p * len(found) / (place + 1) for place, p in enumerate(found) if place >= rank)
                for rank in range(len(found))]  # fmt: skip
    assert [row["q_value"] for row in table.values()] == pytest.approx([min(1, q) for q in adjusted])


def test_what_to_compare_has_to_be_said_once(moves):
    with pytest.raises(LogError, match="say what to compare"):
        compare_transitions(moves)
    with pytest.raises(LogError, match="split compares two periods of all lives"):
        compare_transitions(moves, "moves > 1", split="2026-06-06")
    with pytest.raises(LogError, match="nothing to compare"):
        compare_transitions(moves, "false")
    with pytest.raises(InstantError, match="earlier than since"):
        compare_transitions(moves, split="2026-06-06", since="2026-06-07")
