"""A mapping file that cannot be understood is told in one sentence: which file, where in it, what was expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbench as wb
from workbench.errors import MappingError
from workbench.events.mapping import StateRule, Value, parse_mapping

_COLUMNS = "{aggregate_id: id, aggregate_type: {value: Order}, event_type: kind, occurred_at: at, data: body}"
_A_PLACE = "where a column, a path or {value: text} was expected"


def read(more: str):
    return parse_mapping(f"payload: body\ncolumns: {_COLUMNS}\n{more}", where="m.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns: [a]", "has ['a'] at 'columns', where a mapping was expected"),
        ("states: paid", "has 'paid' at 'states', where a mapping was expected"),
        ("state_field: [a, b]", "where a text was expected"),
        ("state_field: ''", "has '' at 'state_field', where a text was expected"),
        ("hand_set: updated", "where a list was expected"),
        ("hand_set: [{}]", "has {} in 'hand_set', where an event type was expected"),
        ("needs: [[]]", "has [] in 'needs', where a column or a list of columns was expected"),
        ("needs: [id, [[at]]]", "has [['at']] in 'needs'"),
        ("header: [id, [at]]", "has ['at'] in 'header', where a column's name was expected"),
        ("zone: Pariss", "the mapping m.yaml has a zone that is none: no time zone named 'Pariss'"),
        ("extends: m.yaml", "extends itself"),
        ("columns: {aggregate_id: id, aggregate_type: {value: Order}}", "does not say where 'event_type' is"),
        ("columns: {aggregate_id: id, aggregate_type: [], event_type: kind}", "does not say where 'aggregate_type' is"),
        ("columns: {version: a, version: b}", "the key 'version' stands twice (line 1, column 10)"),
        ("states: {", "expected the node content, but found '<stream end>' (line 1, column 10)"),
        ("states: " + "[" * 5000, "it is nested too deeply"),
    ],
)
def test_a_mapping_file_of_the_wrong_kind_is_told_in_a_sentence(text: str, said: str):
    with pytest.raises(MappingError, match=rf"the mapping m\.yaml .*{re.escape(said)}|{re.escape(said)}"):
        parse_mapping(text, where="m.yaml")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("links: {'...': Order}", f"has '...' {_A_PLACE}"),
        ("links: {order..id: Order}", f"has 'order..id' {_A_PLACE}"),
        ("links: {$.order_id: [Order]}", "has a link to ['Order'], where an aggregate type was expected"),
        ("states: {Paid: }", "has no state for 'Paid': write one, or [] if it means none"),
        ("states: {Paid: {too: paid}}", f"has {{'too': 'paid'}} {_A_PLACE}"),
        ("states: {Paid: {from: status}}", f"has {{'from': 'status'}} {_A_PLACE}"),
        ("states: {Paid: {to: {value: [paid]}}}", f"has {{'value': ['paid']}} {_A_PLACE}"),
        ("states: {Paid: paid, Paid: settled}", "the key 'Paid' stands twice"),
        ("reducers: {Paid: {merge: ['...']}}", f"has '...' {_A_PLACE}"),
        ("reducers: {Paid: {set: {due: {value: {a: b}}}}}", f"has {{'value': {{'a': 'b'}}}} {_A_PLACE}"),
        ("reducers: {Paid: {remove: ['']}}", "has [''] at 'remove' in the reducer of 'Paid'"),
    ],
)
def test_a_link_a_state_or_a_reducer_that_says_nothing_is_refused(more: str, said: str):
    with pytest.raises(MappingError, match=re.escape(said)):
        read(more)


def test_an_event_type_may_mean_a_state_by_its_text_or_none_at_all():
    states = read("states: {Paid: {value: paid}, Noted: [], Moved: $.to}").states
    assert states == {
        "Paid": StateRule((Value(constant="paid"),)),
        "Noted": StateRule(()),
        "Moved": StateRule((Value(("body", "to")),)),
    }


def test_mapping_files_that_extend_each_other_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text("extends: other.yaml", encoding="utf-8")
    Path("other.yaml").write_text("extends: one.yaml", encoding="utf-8")
    with pytest.raises(MappingError, match=r"the mapping other\.yaml extends itself"):
        wb.read_events([{"a": 1}], mapping="one.yaml")
