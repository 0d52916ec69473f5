"""SM701 to SM705: what a log says about the machines, as findings."""

from __future__ import annotations

import pytest
import yaml

from workbench.machines import RULES, check
from workbench.machines.history import History, Refused
from workbench.machines.reader import read_text
from workbench.metrics import off_machine, unused
from workbench.metrics.rules.machine_history import history_of

ORDER = r"""
name: Order
model: Order
initial_state: pending
states: [pending, confirmed, packed, {name: fulfilled, final: true}]
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfill, from: [confirmed, packed], to: fulfilled}
  - {name: pack, from: confirmed, to: packed}
"""


def lives(read, text: str):
    """Read aggregate -> states in order as a log: each life is created in the first and moves to the others."""
    rows, type = [], ""
    for aggregate, states in yaml.safe_load(text).items():
        type, _, number = aggregate.partition("/")
        for before, after in zip([None, *states], states, strict=False):
            told = {"from_state": before, "to_state": after} if before else {"attributes": {"status": after}}
            rows.append(
                {
                    "id": len(rows) + 1, "aggregate_type": type, "aggregate_id": number, "event_data": told,
                    "event_type": "state_transitioned" if before else "model_created",
                    "occurred_at": f"2026-01-05 09:{len(rows):02}:00",
                }
            )  # fmt: skip
    return read(rows)


@pytest.mark.parametrize("code", [code for code in RULES if RULES[code].scope == "history"])
def test_incorrect_example_breaks_the_rule_on_its_log_and_the_correct_one_keeps_it(read, code):
    rule = RULES[code]
    broken, kept = read_text(rule.incorrect), read_text(rule.correct)
    log = lives(read, rule.log)
    match = {"door": "Door"}
    found = [one for one in check(broken, history=history_of(log, broken, match)) if one.code == code]
    assert [(one.rule, one.severity, one.machine) for one in found] == [(rule.name, rule.severity, "Door")]
    assert [one.code for one in check(kept, history=history_of(log, kept, match)) if one.code.startswith("SM7")] == []
    assert [one.code for one in check(broken) if one.code.startswith("SM7")] == []


def test_the_facts_are_counted(read):
    log = lives(
        read,
        """
        Order/1: [pending, confirmed, fulfilled]
        Order/2: [pending, fulfilled]
        Order/10: [pending, fulfilled, pending]
        Order/3: [confirmed, lost]
        """,
    )
    machines = read_text(ORDER)
    off, final = "no such transition", "event after a final state"
    assert history_of(log, machines) == {
        "Order": History(
            lives=4,
            unvisited=("packed",),
            unused=(2,),
            unused_sources=((1, "packed"),),
            refused=(
                Refused("confirmed", "lost", None, "unknown state", 1, 1, "3"),
                Refused("fulfilled", "pending", None, final, 1, 1, "10"),
                Refused("pending", "fulfilled", None, off, 2, 2, "2"),
                Refused(None, "confirmed", None, "starts off the initial state", 1, 1, "3"),
            ),
        )
    }
    told = {(one.code, one.line, one.column): one.message for one in check(machines, history=history_of(log, machines))}
    assert {place: message for place, message in told.items() if place[0].startswith("SM7")} == {
        ("SM701", 5, 30): "none of the 4 lives of the log was ever in the state 'packed'",
        ("SM702", 8, 39): "none of the 4 lives of the log used the transition 'fulfill' from 'packed'",
        ("SM702", 9, 5): "none of the 4 lives of the log used the transition 'pack'",
        ("SM703", 5, 10): "2 moves of 2 lives, such as '2', lead from 'pending' to 'fulfilled': no such transition",
        ("SM703", 5, 19): "1 move of 1 life, such as '3', leads from 'confirmed' to 'lost': unknown state",
        ("SM704", 4, 16): "1 life of the log begins in 'confirmed', such as '3'; the machine begins in 'pending'",
        ("SM705", 5, 45): "1 move of 1 life, such as '10', leads from 'fulfilled', which is final, to 'pending'",
    }


def test_two_transitions_of_one_label_are_told_apart(read):
    machines = read_text(
        "name: Order\nmodel: Order\ninitial_state: a\nstates: [a, b, c]\ntransitions:\n"
        "  - {name: go, from: a, to: b}\n  - {name: go, from: b, to: b}\n  - {name: go, from: b, to: c}\n"
    )
    assert history_of(lives(read, "Order/1: [a, b, c]"), machines)["Order"].unused == (1,)


def test_what_serves_one_of_the_types_of_a_machine_is_used(read):
    log = lives(read, "{Order/1: [pending, confirmed, packed], Parcel/1: [pending, confirmed, fulfilled]}")
    machines = read_text(ORDER)
    (told,) = history_of(log, machines, {"Parcel": "Order", "Order": "Order"}).values()
    assert (told.lives, told.unvisited, told.unused, told.unused_sources) == (2, (), (), ((1, "packed"),))


def test_a_machine_without_lives_is_not_spoken_of(read):
    assert history_of(lives(read, "Parcel/1: [a]"), read_text(ORDER)) == {}


def test_a_gap_in_the_log_is_no_fault_of_the_machine(read):
    log = read(
        """
        1 1 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
        2 1 state_transitioned 2026-01-05T10:00 {"from_state": "confirmed", "to_state": "packed"}
        """
    )
    machines = read_text(ORDER)
    assert len(off_machine(log, machines).fetchall()) == 1
    told = check(machines, history=history_of(log, machines))
    assert [one.code for one in told if one.code.startswith("SM7") and one.severity == "warning"] == []
    assert len(unused(log, machines).fetchall()) == len([one for one in told if one.code in {"SM701", "SM702"}])
