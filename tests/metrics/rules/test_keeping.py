"""Properties asked of history: every verdict with its denominators, every breach with its event."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from workbench.errors import MachineError
from workbench.events import read_events
from workbench.machines import Machines, read_machines
from workbench.machines.properties import TEMPLATES, Word, breaches, judgement, read_property
from workbench.machines.reader import read_text
from workbench.metrics import holds, violations

ORDER = r"""
name: OrderFlow
model: App\Models\Order
initial_state: pending
transitions:
  - {name: confirm, from: pending, to: confirmed}
  - {name: fulfil, from: confirmed, to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
properties:
"""
COUNTS = "lives, concerned, satisfied, violated, pending, unknowable"


@pytest.fixture
def asked(tmp_path):
    def machines(*properties: str):
        path = tmp_path / "order.yaml"
        path.write_text(ORDER + "".join(f"  - {one}\n" for one in properties), encoding="utf-8")
        return read_machines(path)

    return machines


# 1 | pending, confirmed, fulfilled        2 | pending, fulfilled by hand, by 5      3 | pending, confirmed, still open
# 4 | pending, cancelled                   5 | (confirmed), fulfilled                6 | (packed), fulfilled
STORY = """
1  1 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
2  1 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "confirmed", "user_id": 3}
3  1 state_transitioned 2026-01-03T02:00 {"from_state": "confirmed", "to_state": "fulfilled", "user_id": 3}
4  2 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
5  2 note_written       2026-01-01T02:00 {"text": "a"}
6  2 model_updated      2026-01-01T03:00 {"new_attributes": {"status": "fulfilled"}, "user_id": 5}
7  3 model_created      2026-01-03T01:00 {"attributes": {"status": "pending"}}
8  3 state_transitioned 2026-01-03T02:00 {"from_state": "pending", "to_state": "confirmed"}
9  4 model_created      2026-01-01T01:00 {"attributes": {"status": "pending"}}
10 4 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "cancelled"}
11 5 state_transitioned 2026-01-01T02:00 {"from_state": "confirmed", "to_state": "fulfilled"}
12 6 state_transitioned 2026-01-01T02:00 {"from_state": "packed", "to_state": "fulfilled"}
"""


def counted(log, machines, *, of: str = "log") -> list[tuple]:
    table = holds(log, machines).filter(f"asked_of = '{of}'").select(f"verdict, {COUNTS}")
    return table.fetchall()


def test_a_verdict_comes_with_its_denominators(read, asked):
    machines = asked("{name: confirmed first, state: fulfilled, needs_before: confirmed}")
    table = holds(read(STORY), machines)
    assert table.columns == [
        "type", "machine", "property", "asked_of", "verdict", "lives", "concerned", "satisfied", "violated", "pending",
        "unknowable", "rule", "doubt",
    ]  # fmt: skip
    assert [row[:5] for row in table.fetchall()] == [
        ("Order", "OrderFlow", "confirmed first", "machine", "holds"),
        ("Order", "OrderFlow", "confirmed first", "log", "violated"),
    ]
    # concerned: 1, 2, 5, 6; of 6 it is not known what came before it was packed
    assert counted(read(STORY), machines) == [("violated", 6, 4, 2, 1, 0, 1)]


def test_a_breach_names_its_event(read, asked):
    machines = asked("{name: confirmed first, state: fulfilled, needs_before: confirmed}")
    table = violations(read(STORY), machines)
    assert table.columns == [
        "type", "aggregate_id", "machine", "property", "place", "version", "occurred_at", "event_type", "from_state",
        "to_state", "actor", "why",
    ]  # fmt: skip
    rows = table.select("aggregate_id, place, event_type, from_state, to_state, actor, why").fetchall()
    assert rows == [("2", 3, "model_updated", "pending", "fulfilled", "5", "no 'confirmed' before it")]


def test_breaches_of_a_window_are_judged_by_what_came_before_it(read, asked):
    machines = asked("{name: confirmed first, state: fulfilled, needs_before: confirmed}")
    log = read(STORY)
    assert len(violations(log, machines, since="2026-01-01T03:00", before="2026-01-01T03:01").fetchall()) == 1
    assert violations(log, machines, before="2026-01-01T03:00").fetchall() == []
    assert violations(log, machines, since="2026-01-01T03:01").fetchall() == []


def test_a_life_that_is_still_open_may_yet_keep_its_promise(read, asked):
    machines = asked("{state: confirmed, leads_to: fulfilled}")
    # concerned: 1, 3 and 5
    assert counted(read(STORY), machines) == [("pending", 6, 3, 2, 0, 1, 0)]
    assert violations(read(STORY), machines).fetchall() == []


def test_a_rule_about_every_life_concerns_every_life(read, asked):
    machines = asked("{never: cancelled}", "{state: confirmed, at_most: 1}", "{rule: init, of: pending}")
    assert counted(read(STORY), machines) == [
        # 3 is open; before 5 and 6 were seen they may have been cancelled
        ("violated", 6, 6, 2, 1, 1, 2),
        ("unknowable", 6, 6, 3, 0, 1, 2),
        ("unknowable", 6, 6, 4, 0, 0, 2),
    ]


def test_a_rule_of_transitions_names_those_that_were_not_recorded(read, asked):
    machines = asked("{transition: fulfil, needs_before: confirm}")
    # 2 was fulfilled by hand: no transition of the machine leads there
    assert counted(read(STORY), machines) == [("unknowable", 6, 2, 1, 0, 0, 1)]


def test_a_rule_of_events_sees_events_that_move_nothing(read, asked):
    machines = asked(
        "{rule: precedence, of: [note_written, fulfilled], on: [event, state]}",
        "{rule: chain_response, of: [note_written, model_updated], on: event}",
    )
    assert counted(read(STORY), machines) == [
        ("violated", 6, 4, 1, 1, 0, 2),
        ("holds", 6, 1, 1, 0, 0, 0),
    ]
    rows = violations(read(STORY), machines).select("aggregate_id, place, why").fetchall()
    assert rows == [("1", 3, "no 'note_written' before it")]


@pytest.mark.parametrize(
    ("within", "counts"),
    # after confirmed came fulfilled: 1 after two days, 5 at an unknown distance
    [("2 days", ("pending", 6, 3, 2, 0, 1, 0)), ("1 day", ("violated", 6, 3, 1, 1, 1, 0))],
)
def test_what_comes_too_late_breaks_a_rule_of_time(read, asked, within, counts):
    machines = asked(f"{{state: confirmed, leads_to: fulfilled, within: {within}}}")
    assert counted(read(STORY), machines) == [counts]
    late = violations(read(STORY), machines).select("aggregate_id, place, why").fetchall()
    assert late == ([("1", 2, "no 'fulfilled' after it, within 1 day")] if counts[0] == "violated" else [])


def test_time_that_has_run_out_breaks_a_promise_that_is_still_open(read, asked):
    later = STORY + '13 7 model_created 2026-02-01T01:00 {"attributes": {"status": "pending"}}'
    machines = asked("{state: confirmed, leads_to: fulfilled, within: 3 days}")
    assert counted(read(later), machines) == [("violated", 7, 3, 2, 1, 0, 0)]
    assert counted(read(later).until("2026-01-04"), machines) == [("pending", 6, 3, 2, 0, 1, 0)]


def test_a_rule_about_the_whole_life_counts_from_its_first_event(read, asked):
    machines = asked("{rule: existence, of: confirmed, within: 90 minutes}")
    # confirmed within 90 minutes: 1 and 3 (2, 4, 6 were not; where 5 began is not known but it is there)
    assert counted(read(STORY), machines) == [("violated", 6, 6, 3, 2, 0, 1)]


def test_what_must_not_follow_in_time(read, asked):
    machines = asked("{rule: not_succession, of: [confirmed, fulfilled], within: 1 day}")
    assert counted(read(STORY), machines) == [("violated", 6, 3, 1, 1, 1, 0)]
    assert violations(read(STORY), machines).select("aggregate_id, to_state, why").fetchall() == [
        ("5", "fulfilled", "'confirmed' came before it, within 1 day")
    ]


def test_lives_are_but_examples_of_what_a_machine_can_do(read, asked):
    machines = asked("{reachable: cancelled}", "{reachable: refunded}", "{always: can finish}")
    assert counted(read(STORY), machines) == [
        ("holds", 6, 1, 1, 0, 0, 0),
        ("unknowable", 6, 0, 0, 0, 0, 0),
        ("unknowable", 6, 0, 0, 0, 0, 0),
    ]
    assert violations(read(STORY), machines).fetchall() == []


def test_a_rule_that_asks_nothing_of_any_life_is_vacuous(read, asked):
    machines = asked("{state: refunded, needs_before: fulfilled}")
    assert counted(read(STORY), machines) == [("vacuous", 6, 0, 0, 0, 0, 0)]


def test_a_part_of_a_log_is_judged_by_what_was_known(read, asked):
    machines = asked("{state: confirmed, leads_to: fulfilled}")
    log = read(STORY)
    assert counted(log.until("2026-01-01T12:00"), machines) == [("pending", 5, 2, 1, 0, 1, 0)]
    assert counted(log.of("Order", 3), machines) == [("pending", 1, 1, 0, 0, 1, 0)]


def test_machines_without_lives_and_without_properties_are_told_apart(read, tmp_path):
    (tmp_path / "a.yaml").write_text(ORDER.replace("Order", "Invoice") + "  - {never: cancelled}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text(ORDER.replace("properties:", ""), encoding="utf-8")
    machines = read_machines(tmp_path)
    assert holds(read(STORY), machines).select(f"type, machine, verdict, {COUNTS}").fetchall() == [
        (None, "InvoiceFlow", "violated", *[None] * 6),
        (None, "InvoiceFlow", "vacuous", *[0] * 6),
    ]


def test_a_log_without_machines_says_what_is_missing(orders):
    with pytest.raises(MachineError, match="needs the machines too"):
        holds(orders)


# Every word up to length 6 over three letters, each a life; the even ones end in a final state.
WORDS = ["".join(word) for length in range(1, 7) for word in product("abc", repeat=length)]


@pytest.fixture(scope="module")
def every_word(read):
    rows = [
        {
            "id": 10 * number + place,
            "aggregate_type": "Word",
            "aggregate_id": word,
            "event_type": "model_updated",
            "event_data": {"new_attributes": {"status": letter}},
            "occurred_at": f"2026-01-01 00:00:{place:02}",
        }
        for number, word in enumerate(WORDS)
        for place, letter in enumerate(word)
    ]
    return read(rows)


def test_every_template_judges_every_word_as_its_automaton_does(every_word):
    rules = {
        name: {"name": name, "rule": name, "of": ["a", "b"][: template.arity], **({"n": 2} if template.counts else {})}
        for name, template in TEMPLATES.items()
    }
    word = read_text("{name: Word, initial_state: a, states: [{name: a, final: true}, b, c]}")["Word"]
    machines = Machines([replace(word, model="Word", properties=tuple(rules.values()))])
    told = holds(every_word, machines).filter("asked_of = 'log'").select(f"property, {COUNTS}").fetchall()
    counts = {name: numbers for name, *numbers in told}
    broken: dict[str, list[tuple]] = {name: [] for name in TEMPLATES}
    for name, *event in violations(every_word, machines).select("property, aggregate_id, place").fetchall():
        broken[name].append(tuple(event))
    for name, template in TEMPLATES.items():
        declared = read_property(rules[name])
        closed = [declared.automaton.accepts(_letters(w, template.arity)) for w in WORDS if w.endswith("a")]
        words = {w: Word(_coded(w, template.arity), closed=w.endswith("a"), unbegun=False) for w in WORDS}
        said = {w: judgement(declared, one) for w, one in words.items()}
        assert closed == [said[w] != "violated" for w in WORDS if w.endswith("a")], name
        each = [list(said.values()).count(one) for one in ("satisfied", "violated", "pending", "unknowable")]
        assert counts[name] == [len(WORDS), sum(each), *each], name
        expected = [(w, breach.at % len(w) + 1) for w, one in words.items() for breach in breaches(declared, one)]
        assert sorted(broken[name]) == sorted(expected), name


def _letters(word: str, arity: int) -> list[frozenset[str]]:
    return [frozenset(letter.upper()) & frozenset("AB"[:arity]) for letter in word]


def _coded(word: str, arity: int) -> str:
    return "".join(str({"a": 1, "b": 2 * (arity > 1)}.get(letter, 0)) for letter in word)


def test_a_life_with_rejected_rows_is_judged_only_where_no_event_could_change_it(tmp_path, asked):
    def row(number: int, order: int, at: str, source: str | None, target: str) -> dict:
        data = {"from_state": source, "to_state": target} if source else {"attributes": {"status": target}}
        kind = "state_transitioned" if source else "model_created"
        keys = {"id": number, "aggregate_type": "App\\Models\\Order", "aggregate_id": order}
        return keys | {"event_type": kind, "event_data": data, "occurred_at": f"2026-01-01 {at}"}

    rows = [
        row(1, 1, "01:00", None, "pending"), row(2, 1, "at noon", "pending", "confirmed"),
        row(3, 1, "03:00", "pending", "fulfilled"),
        row(4, 2, "01:00", None, "pending"), row(5, 2, "02:00", "pending", "fulfilled"),
        row(5, 2, "02:00", "pending", "confirmed"), row(6, 2, "03:00", "fulfilled", "cancelled"),
        row(7, 3, "01:00", None, "pending"), row(8, 3, "02:00", "pending", "fulfilled"),
        row(9, 4, "01:00", None, "pending"), row(10, 4, "02:00", "pending", "confirmed"),
    ]  # fmt: skip
    lines = [json.dumps(one) for one in rows]
    lines += [json.dumps(row(11, 4, "03:00", "confirmed", "fulfilled"))[:-30], '{"half a line']
    export = tmp_path / "export.ndjson"
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    machines = asked(
        "{name: confirmed first, state: fulfilled, needs_before: confirmed}",
        "{rule: not_coexistence, of: [fulfilled, cancelled]}",
        "{state: pending, at_most: 0}",
        "{name: in time, state: pending, leads_to: fulfilled, within: 90 minutes}",
    )
    with read_events(export) as log:
        named = log.rejected.select("position, aggregate_type, aggregate_id").fetchall()
        full = "App\\Models\\Order"
        assert named == [(2, full, "1"), (6, full, "2"), (12, full, "4"), (13, None, None)]
        assert counted(log, machines) == [
            # 3 was not confirmed; of 1, 2 and 4 it is not known
            ("violated", 4, 4, 0, 1, 0, 3),
            # 2 was in both, whatever else it was; 3 is closed in one
            ("violated", 4, 4, 1, 1, 0, 2),
            ("violated", 4, 4, 0, 4, 0, 0),
            # 3 was fulfilled in time, and the others were if the row that is missing says so
            ("unknowable", 4, 4, 1, 0, 0, 3),
        ]
        doubt = "rows of 3 lives were rejected; whose life 1 rejected row would have told of is not known"
        assert {row[0] for row in holds(log, machines).filter("asked_of = 'log'").select("doubt").fetchall()} == {doubt}
        assert {row[:2] for row in violations(log, machines).select("aggregate_id, why").fetchall()} == {
            ("3", "no 'confirmed' before it"),
            ("2", "'fulfilled' came before it"),
            *((str(order), "'pending' never occurs") for order in range(1, 5)),
        }
