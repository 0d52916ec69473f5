"""A part of a log answers every question as a log that was freshly imported from just those events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from drawn_logs import IDS, TYPES, Export, event_store, exports, few, slots
from hypothesis import given, note, settings
from hypothesis import strategies as st
from told import MACHINE, answer, questions, tables

import workbench as wb
from workbench.errors import UnknownNameError

PREDICATES = (
    "events > 2",
    "current_state = 'b'",
    "moves > 1 OR aggregate_id = '1'",
    "first_state IS NULL",
    "life IN (SELECT life FROM moves WHERE to_state = 'c')",
    "EXISTS (FROM events AS e WHERE e.life = lives.life AND e.actor = '3')",
)
# Each condition by keyword, and the predicate that says the same.
CONDITIONS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"through": "b"}, "life IN (SELECT life FROM moves WHERE to_state = 'b')"),
    (
        {"through": ["a", "c"]},
        "life IN (SELECT x.life FROM moves AS x JOIN moves AS y USING (life, field) "  # noqa: ISC004  one text
        "WHERE x.move < y.move AND x.to_state = 'a' AND y.to_state = 'c')",
    ),
    ({"ended_in": ["a", "b"]}, "life IN (SELECT life FROM lives WHERE current_state = 'a' OR current_state = 'b')"),
    ({"moved": ("a", "b")}, "life IN (SELECT life FROM moves WHERE from_state = 'a' AND to_state = 'b')"),
    ({"actor": "3"}, "EXISTS (FROM events AS e WHERE e.life = lives.life AND e.actor = '3')"),
    ({"took_longer_than": "2 minutes"}, "last_at - first_at > INTERVAL 2 MINUTES"),
    ({"took_less_than": "2 minutes"}, "NOT last_at - first_at >= INTERVAL 2 MINUTES"),
    ({"began_since": "2026-01-05 10:00"}, "first_at >= TIMESTAMP '2026-01-05 10:00'"),
    ({"began_before": "2026-01-05 10:00"}, "first_at < TIMESTAMP '2026-01-05 10:00'"),
    ({"variant": ["a", "b"]}, "path IN (SELECT path FROM variants WHERE array_to_string(states, ' ') = 'a b')"),
    ({"attributes": {"total": 10}}, "life IN (SELECT life FROM changes WHERE path = 'total' AND new::VARCHAR = '10')"),
)
STEP = st.one_of(
    st.tuples(st.just("until"), slots()),
    st.tuples(st.just("until"), slots()),
    st.tuples(st.just("of"), st.lists(st.integers(0, 4), max_size=3)),
    st.tuples(st.just("where"), st.sampled_from(PREDICATES)),
    st.tuples(st.just("meets"), st.sampled_from(CONDITIONS)),
)
STEPS = st.lists(STEP, min_size=1, max_size=3)
Key = tuple[int, int]


@dataclass
class Part:
    """A part of a log, and the rows (import, position) that it must hold, found without slicing the events."""

    log: wb.EventLog
    keys: set[Key]


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    path = tmp_path_factory.mktemp("machines") / "order.yaml"
    path.write_text(MACHINE)
    return wb.read_machines(path)


def _cut(export: Export, whole: wb.EventLog, steps: list[tuple[str, Any]]) -> Part:
    rows = whole.sql(
        "SELECT import_id, position, aggregate_type, aggregate_id, effective_at FROM events ORDER BY ALL"
    ).fetchall()
    log = whole
    for step, given_with in steps:
        if step == "until":
            instant = export.instant(given_with)
            log = log.until(instant)
            rows = [row for row in rows if row[4] <= instant]
        elif step == "of":
            lives = sorted(
                {row[2:4] for row in whole.sql("SELECT 1, 1, aggregate_type, aggregate_id FROM lives").fetchall()}
            )
            of_type = lives[sum(given_with) % len(lives)][0]
            of_its = [aggregate_id for full, aggregate_id in lives if full == of_type]
            ids = {of_its[number % len(of_its)] for number in given_with}
            log = log.of(of_type, *sorted(ids))
            rows = [row for row in rows if row[2] == of_type and (not ids or row[3] in ids)]
        else:
            keywords, predicate = given_with if step == "meets" else ({}, given_with)
            chosen = set(log.sql(f"SELECT aggregate_type, aggregate_id FROM lives WHERE {predicate}").fetchall())
            try:
                log = log.where(**keywords) if keywords else log.where(predicate)
            except UnknownNameError:  # a name that the whole log does not have
                assert not chosen
                continue
            rows = [row for row in rows if row[2:4] in chosen]
    return Part(log, {row[:2] for row in rows})


def _holds(export: Export, steps: list[tuple[str, Any]], asked: dict[str, Any], slot: float) -> None:
    with export.read() as whole:
        part = _cut(export, whole, steps)
        keys = part.log.sql("SELECT import_id, position FROM events").fetchall()
        assert len(keys) == len(set(keys))
        assert set(keys) == part.keys
        if not keys:
            assert not any(tables(part.log).values())
            return
        rows = [export.pieces[import_id - 1][position - 1] for import_id, position in sorted(keys)]
        with export.read(rows) as fresh:
            told, expected = tables(part.log), tables(fresh)
            for name in expected:
                assert told[name] == expected[name], name
            # A rejected row leaves doubt in its life, and a log of the other rows knows nothing of it.
            doubtful = ("holds", "violations") if whole.rejected.fetchall() else ()
            for name, question in asked.items():
                if name.startswith(doubtful):
                    continue
                t = export.instant(slot)
                assert answer(question, part.log, t) == answer(question, fresh, t), name


@few(10)
@given(export=exports(), steps=STEPS, slot=slots(), some=st.randoms(use_true_random=False))
def test_a_part_answers_as_a_log_of_just_those_events(machines, export, steps, slot, some):
    every = questions(machines)
    _holds(export, steps, {name: every[name] for name in some.sample(sorted(every), 9)}, slot)


@pytest.mark.soak
@settings(max_examples=15)
@given(export=exports(), steps=STEPS, slot=slots())
def test_a_part_answers_every_question_as_a_log_of_just_those_events(machines, export, steps, slot):
    note(f"{steps}")
    _holds(export, steps, questions(machines), slot)


@few(4)
@given(export=event_store(), created=st.lists(slots(), min_size=4, max_size=4), until=slots(), before=st.booleans())
def test_a_roster_tells_a_beginning_the_same_beginnings(export, created, until, before):
    def add_roster(log: wb.EventLog) -> None:
        for full in TYPES:
            rows = [
                {"id": id, "created_at": export.instant(slot).isoformat(), "state": "b"}
                for id, slot in zip(IDS, created, strict=True)
            ]
            log.add(rows, mapping="roster", type=full)

    first, *later = export.pieces
    with export.read(first) as whole:
        if before:
            add_roster(whole)
        for piece in later:
            whole.add(list(piece), mapping=export.mapping, state_field=export.state_field)
        if not before:
            add_roster(whole)
        part = whole.until(export.instant(until))
        keys = part.sql("SELECT import_id, position FROM events ORDER BY ALL").fetchall()
        order = whole.sql("SELECT import_id FROM imports WHERE mapping <> 'roster' ORDER BY import_id").fetchall()
        pieces = {import_id: piece for (import_id,), piece in zip(order, export.pieces, strict=True)}
        if keys:
            with export.read([pieces[import_id][position - 1] for import_id, position in keys]) as fresh:
                add_roster(fresh)
                assert tables(part) == tables(fresh)


@few(4)
@given(export=exports(), first=slots(), second=slots())
def test_until_twice_is_until_the_earlier(export, first, second):
    with export.read() as log:
        twice = log.until(export.instant(first)).until(export.instant(second))
        assert tables(twice) == tables(log.until(export.instant(min(first, second))))


@few(5)
@given(export=exports(), two=st.lists(st.sampled_from(CONDITIONS), min_size=2, max_size=2), until=slots())
def test_conditions_choose_the_same_lives_in_any_order_and_at_once(export, two, until):
    (one, _), (other, _) = two
    with export.read() as whole:
        log = whole.until(export.instant(until))
        try:
            first = log.where(**one).where(**other)
        except UnknownNameError:
            return
        assert tables(first) == tables(log.where(**other).where(**one))
        if not one.keys() & other.keys():
            assert tables(first) == tables(log.where(**one, **other))


@pytest.mark.parametrize("predicate", ["life IN (SELECT life FROM moves WHERE to_state = 'c')", "current_state = 'c'"])
def test_a_predicate_is_asked_of_the_log_it_was_given_to(predicate):
    moves = [(1, "a", "b", 1), (1, "b", "c", 9), (2, "a", "b", 1)]
    rows = [
        {
            "id": number,
            "aggregate_type": "Order",
            "aggregate_id": order,
            "event_type": "state_transitioned",
            "event_data": {"from_state": source, "to_state": target},
            "occurred_at": f"2026-01-05 10:00:{second:02}",
        }
        for number, (order, source, target, second) in enumerate(moves)
    ]
    with wb.read_events(rows) as log:
        then, first = log.where(predicate).until("2026-01-05 10:00:05"), log.until("2026-01-05 10:00:05")
        assert tables(then) == tables(first.of("Order", 1))
        assert tables(first.where(predicate)) == {"events": [], "moves": [], "lives": [], "variants": []}
