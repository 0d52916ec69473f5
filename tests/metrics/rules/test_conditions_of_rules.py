"""A rule with a condition counts an occurrence where the condition is true; what cannot be told stays unknown."""

from __future__ import annotations

import pytest

from workbench.errors import MachineError
from workbench.machines import read_machines
from workbench.metrics import holds, violations

ORDER = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
properties:
"""
# 1 | paid in full          2 | paid too little        3 | paid, how much is not told     4 | paid once the price fell
# 5 | never paid            6 | not confirmed          7 | confirmed before the log begins, paid
STORY = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
2  1 PaymentProcessed   2026-01-01T02:00 {"amount": 100, "user_id": 8}
3  1 state_transitioned 2026-01-01T03:00 {"from_state": "pending", "to_state": "confirmed"}
4  2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
5  2 PaymentProcessed   2026-01-01T02:00 {"amount": 99.5, "user_id": 8}
6  2 state_transitioned 2026-01-01T03:00 {"from_state": "pending", "to_state": "confirmed", "user_id": 3}
7  3 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
8  3 PaymentProcessed   2026-01-01T02:00 {"amount": null}
9  3 state_transitioned 2026-01-01T03:00 {"from_state": "pending", "to_state": "confirmed"}
10 4 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
11 4 PaymentProcessed   2026-01-01T02:00 {"amount": 60}
12 4 model_updated      2026-01-01T03:00 {"new_attributes": {"total": 50}}
13 4 PaymentProcessed   2026-01-01T04:00 {"amount": 60}
14 4 state_transitioned 2026-01-01T05:00 {"from_state": "pending", "to_state": "confirmed"}
15 5 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
16 5 state_transitioned 2026-01-01T03:00 {"from_state": "pending", "to_state": "confirmed"}
17 6 model_created      2026-01-01T01:00 {"attributes": {"status": "pending", "total": 100}}
18 7 PaymentProcessed   2026-01-01T02:00 {"amount": 10, "user_id": 8}
19 7 state_transitioned 2026-01-01T03:00 {"from_state": "confirmed", "to_state": "fulfilled"}
"""
PAID = '{name: paid, rule: precedence, of: [PaymentProcessed, confirmed], on: [event, state], when: "%s"}'
COUNTS = "verdict, lives, concerned, satisfied, violated, pending, unknowable"


@pytest.fixture
def asked(tmp_path):
    def machines(*properties: str):
        path = tmp_path / "order.yaml"
        path.write_text(ORDER + "".join(f"  - {one}\n" for one in properties), encoding="utf-8")
        return read_machines(path)

    return machines


def counted(log, machines) -> list[tuple]:
    return holds(log, machines).filter("asked_of = 'log'").select(COUNTS).fetchall()


def test_the_first_thing_counts_where_its_condition_is_true_of_that_moment(read, asked):
    machines = asked(PAID % "data.amount >= attributes.total")
    # concerned: all but 6; 1 and 4 were paid in full, 2 and 5 were not; what 3 and 7 paid is not known
    assert counted(read(STORY), machines) == [("violated", 7, 6, 2, 2, 0, 2)]
    rows = violations(read(STORY), machines).select("aggregate_id, place, actor, why").fetchall()
    why = "no 'PaymentProcessed' (where data.amount >= attributes.total) before it"
    assert rows == [("2", 3, "3", why), ("5", 2, None, why)]


def test_the_answer_says_of_how_many_events_a_condition_cannot_be_told_and_why(read, asked):
    machines = asked(PAID % "data.amount >= attributes.total", PAID % "data.amount > 1")
    doubts = holds(read(STORY), machines).filter("asked_of = 'log'").select("doubt").fetchall()
    # 7's total and what 3 paid
    said = "such as place 2 of 3: the types of its values do not go together"
    assert [doubt.partition("order.yaml:")[2] for (doubt,) in doubts] == [
        f"9:5: `when` cannot be told of 2 events, {said} (and 1 for another reason)",
        f"10:5: `when` cannot be told of 1 event, {said}",
    ]


def test_a_condition_that_is_known_everywhere_leaves_no_doubt(read, asked):
    machines = asked(PAID % "has(data.amount) && event_type == 'PaymentProcessed'")
    assert holds(read(STORY), machines).select("doubt").fetchall() == [(None,), (None,)]
    # of 7 it is not known whether it was paid before it was confirmed
    assert counted(read(STORY), machines) == [("violated", 7, 6, 4, 1, 0, 1)]


def test_a_plain_form_sets_its_condition_on_what_it_names_first(read, asked):
    machines = asked(
        "{state: confirmed, needs_before: PaymentProcessed, on: event, when: \"actor == '3'\"}",
        '{state: confirmed, leads_to: fulfilled, when: "attributes.total < 100"}',
        '{event: PaymentProcessed, at_most: 1, when: "data.amount == 60"}',
    )
    assert counted(read(STORY), machines) == [
        # only 2 is known to have been confirmed by 3
        ("unknowable", 7, 6, 1, 0, 0, 5),
        # 4 may yet be fulfilled; the state that 7 was in before its first move has no event to ask
        ("unknowable", 7, 2, 0, 0, 1, 1),
        # 4 paid 60 twice; the beginning of 7 is not known; the others are open
        ("violated", 7, 7, 0, 1, 5, 1),
    ]


def test_each_thing_may_have_a_condition_of_its_own(read, asked):
    both = '{rule: precedence, of: [PaymentProcessed, confirmed], on: [event, state], when: [%s, "%s"]}'
    machines = asked(both % ('"data.amount > 0"', "place > 2"), both % ("~", "place > 2"))
    # confirmed at the third place or later: 1, 2, 3 and 4 (5 was at the second)
    assert counted(read(STORY), machines) == [("unknowable", 7, 5, 3, 0, 0, 2), ("unknowable", 7, 5, 4, 0, 0, 1)]


@pytest.mark.parametrize(("within", "counts"), [("1 hour", (2, 2, 0, 2)), ("59 minutes", (0, 4, 0, 2))])
def test_time_counts_from_what_the_condition_lets_count(read, asked, within, counts):
    machines = asked(PAID.replace("}", f", within: {within}}}") % "data.amount >= attributes.total")
    ((_, lives, concerned, *found),) = counted(read(STORY), machines)
    assert (lives, concerned, tuple(found)) == (7, 6, counts)


def test_groups_are_told_each_with_its_own_denominators(read, asked):
    machines = asked(PAID % "data.amount >= attributes.total")
    table = holds(read(STORY), machines, by="attributes.total@last").filter("asked_of = 'log'")
    assert table.columns[:3] == ["type", "attributes_total_last", "machine"]
    assert table.select(f"attributes_total_last, {COUNTS}").fetchall() == [
        ("100", "violated", 5, 4, 1, 2, 0, 1),
        ("50", "holds", 1, 1, 1, 0, 0, 0),
        (None, "unknowable", 1, 1, 0, 0, 0, 1),
    ]
    rows = violations(read(STORY), machines, by="data.user_id").select("data_user_id, aggregate_id").fetchall()
    assert rows == [("3", "2"), (None, "5")]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (
            "amount > 1",
            r"order\.yaml:9:5: `when` reads 'amount', which is not there: did you mean 'data.amount' or 'attributes",
        ),
        ("dta.amount > 1", "`when` reads 'dta', which is not there: did you mean 'data'"),
        ("data.list.contans(1)", r"`when` calls contans\(\), which is not there: did you mean 'contains'"),
        ("data.amount >", "`when` is no CEL expression: "),
    ],
)
def test_a_condition_that_cannot_be_asked_is_said_with_its_place(read, asked, when, said):
    with pytest.raises(MachineError, match=said):
        holds(read(STORY), asked(PAID % when))
