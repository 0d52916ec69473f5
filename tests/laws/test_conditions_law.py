"""A condition asked of inputs in bulk says what it says of each event of each life, folded one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC
from itertools import product
from typing import Any

from drawn_logs import Export, exports, few
from hypothesis import given
from hypothesis import strategies as st
from told import MACHINE

import workbench as wb
from workbench.machines import Machines
from workbench.machines.properties import Condition, Property, Word, judgement, read_property
from workbench.machines.reader import read_text

CONDITIONS = (
    "attributes.total > 1.5",
    "has(attributes.note) && attributes.status == 'b'",
    "size(attributes) > 1 || data.text == 'about a'",
    "has(data.new_attributes.total)",
    "has(data.attributes.status.x)",
    "data.new_attributes.total >= 1.0 && data.new_attributes['note'] != 'c'",
    "data.context.correlation_id == 'k-1'",
    "has(metadata.user_id) && metadata.user_id != 'a'",
    "actor == '3' && place > 1",
    "from_state == 'a' || event_type.startsWith('note')",
    "to_state == null",
    "occurred_at < effective_at || occurred_at.getMinutes() == 58",
    "version > 1",
)
RULES: tuple[dict[str, Any], ...] = (
    {"rule": "precedence", "of": ("b", "c")},
    {"rule": "response", "of": ("model_updated", "b"), "on": ("event", "state")},
    {"rule": "exactly", "of": ("state_transitioned",), "on": "event", "n": 2},
    {"rule": "chain_response", "of": ("a", "b")},
    {"rule": "not_succession", "of": ("note_written", "OrderCancelled"), "on": "event"},
    {"rule": "alternate_precedence", "of": ("model_updated", "b"), "on": ("event", "state")},
    {"rule": "existence", "of": (("b", "c"),)},
)


ORDER = "App\\Models\\Order"


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    rule = draw(st.sampled_from(RULES))
    things = len(rule["of"])
    return rule | {"when": tuple(draw(st.lists(st.sampled_from(CONDITIONS), min_size=things, max_size=things)))}


@few(4)
@given(export=exports(conflicts=False), rule=rules())
def test_conditions_in_bulk_are_those_of_each_event(export: Export, rule: dict[str, Any]):
    machine = replace(read_text(MACHINE)["OrderStateMachine"], field="status", properties=(rule,), property_places=())
    declared, verdicts = read_property(rule), ("satisfied", "violated", "pending", "unknowable")
    with export.read() as log:
        lives = log.sql(f"SELECT DISTINCT type, aggregate_id FROM lives WHERE aggregate_type = '{ORDER}'").fetchall()
        said = Counter(_said(log.of(*life), declared, machine) for life in lives)
        asked = wb.holds(log.of(ORDER) if lives else log.where("false"), Machines([machine])).filter("asked_of = 'log'")
        counts = [(said.total(), *(said[verdict] for verdict in verdicts))]
        assert asked.select(f"lives, {', '.join(verdicts)}").fetchall() == counts


def _said(life: wb.EventLog, declared: Property, machine: wb.Machine) -> str | None:
    """Return what a rule says of a life, every way in which unknown conditions may turn out judged by itself."""
    columns = "place, inferred, from_state, to_state, from_recorded"
    moves = life.sql(f"SELECT {columns} FROM moves WHERE field = 'status' ORDER BY move").fetchall()
    began = next((state for _, inferred, _, state, _ in moves if inferred), None)
    moved = {place: (source, target) for place, inferred, source, target, _ in moves if not inferred}
    broken = any(told not in (None, source) for _, inferred, source, _, told in moves if not inferred)
    positions = [] if began is None else [_letters(declared, {"state": began}, None)]
    for moment in wb.replay(life):
        step = moved.get(moment.place, (None, None))
        if "event" in declared.on or moment.place in moved:
            names = {"event": moment.event_type, "state": step[1]}
            positions.append(_letters(declared, names, _context(life, moment, step)))
    (state,) = life.sql("SELECT max(current_state) FROM lives WHERE field = 'status'").fetchall()[0]
    unbegun = began is not None and began not in machine.entries
    words = ("".join(map(str, way)) for way in product(*positions))
    ways = {judgement(declared, Word(word, state in machine.finals, unbegun, broken)) for word in words}
    return ways.pop() if len(ways) == 1 else "unknowable"


def _letters(declared: Property, names: dict[str, str | None], moment: dict[str, Any] | None) -> list[int]:
    """Return what may stand at a position: nothing, 1, 2 or both."""
    ways = [0]
    for bit, of, on, when in zip((1, 2), declared.of, declared.on, declared.when, strict=False):
        if names.get(on) in of:
            met = Condition(str(when)).answer(moment).value if moment is not None else None
            ways = [way + counts * bit for way in ways for counts in ({met} if met is not None else {False, True})]
    return ways


def _context(life: wb.EventLog, moment: wb.Moment, step: tuple[str | None, str | None]) -> dict[str, Any]:
    columns = "event_type, actor, version, place, occurred_at, effective_at"
    told = life.sql(f"SELECT {columns} FROM events WHERE place = {moment.place}")
    known = {name: value for name, value in zip(told.columns, told.fetchall()[0], strict=True) if value is not None}
    known |= {name: known[name].replace(tzinfo=UTC) for name in ("occurred_at", "effective_at")}
    documents = {"data": moment.data, "metadata": moment.metadata}
    known |= {name: document for name, document in documents.items() if document is not None}
    return known | {"attributes": moment.attributes, "from_state": step[0], "to_state": step[1]}
