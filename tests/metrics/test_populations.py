from __future__ import annotations

from math import comb, erfc, sqrt

import pytest

from workbench.errors import LogError
from workbench.metrics import distinguish

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
