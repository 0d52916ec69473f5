"""JSON documents are read value by value."""

from __future__ import annotations

import json

import pytest
from real_exports import EXPORTS, needs_exports

from workbench.errors import SourceError


def test_an_array_is_read_object_by_object_with_its_numbers_as_they_stand(read, tmp_path):
    landed, rows = read("a.json", '[{"id": 1, "v": 1.10},\n {"id": 2,\n  "s": "a, ]} \\" b"}]')
    assert rows == [{"id": 1, "v": 1.1}, {"id": 2, "s": 'a, ]} " b'}]
    assert (landed.kind, landed.columns) == ("json", ("id", "v", "s"))
    content = (tmp_path / "a.json").read_bytes()
    for offset, length, raw in landed.locate([1, 2]).values():
        assert content[offset : offset + length] == raw
    assert landed.locate([1])[1][2] == b'{"id": 1, "v": 1.10}'


def test_an_object_around_one_array_is_that_array(read):
    landed, rows = read("a.json", '{"links": {"a": [1]}, "data": [{"id": 1}], "total": 1}')
    assert (landed.table, rows) == ("data", [{"id": 1}])


def test_an_export_of_phpmyadmin_is_its_table(read):
    text = (
        '[\n{"type":"header","version":"5.2"},\n{"type":"database","name":"shop"},\n'
        '{"type":"table","name":"users","database":"shop","data":\n[\n{"id":"1"}\n]\n},\n'
        '{"type":"table","name":"events","database":"shop","data":\n[\n{"id":"1","note":"x]"},\n{"id":"2","note":null}\n]\n}\n]\n'
    )
    assert read("shop.json", text, table="events")[1] == [{"id": "1", "note": "x]"}, {"id": "2", "note": None}]
    assert read("shop.json", text, fits=lambda columns: "note" in columns)[0].table == "events"
    with pytest.raises(SourceError, match=r"several tables of shop.json fit: name one of events, users"):
        read("shop.json", text)


def test_a_pretty_object_alone_is_one_row_and_a_line_alone_is_a_line(read):
    assert read("a.json", '{\n "id": 1\n}\n')[1] == [{"id": 1}]
    assert read("a.json", '{"id": 1}\n')[0].kind == "ndjson"


def test_json_lines_named_json_are_lines_whatever_the_first_one_is(read):
    landed, rows = read("a.json", '[1]\n{"id":1}\n{"id":2}\n')
    assert (landed.kind, rows) == ("ndjson", [[1], {"id": 1}, {"id": 2}])


@pytest.mark.parametrize("text", ['[{"a":1},{"b":[1,{"c":"}"}]}', '[{"a":1},{"b"', '[{"a":1},', '{"data":[{"a":1}]'])
def test_a_document_that_is_cut_short_is_refused_whole(read, text):
    with pytest.raises(SourceError, match=r"a\.json is cut short"):
        read("a.json", text)


@pytest.mark.parametrize(("text", "byte"), [('[{"a":1} {"b":2}]', 9), ('[{"a":1}] x', 10), ('{\n"a" 1}', 2)])
def test_what_is_no_json_is_said_with_its_byte(read, text, byte):
    with pytest.raises(SourceError, match=f"from byte {byte} on"):
        read("a.json", text)


def test_a_value_with_a_bare_line_end_in_a_string_is_refused_alone(read):
    landed, rows = read("a.json", '[{"a":"x\ny"},\n{"a":2}]')
    assert rows == [None, {"a": 2}]
    assert [(row.raw, row.reason) for row in landed.refused] == [(b'{"a":"x\ny"}', "a bare line end inside a string")]


def test_an_array_of_many_blocks_is_read_in_order(read):
    rows = [{"id": n, "note": 'x"]}' * (n % 60)} for n in range(60_000)]
    content = json.dumps(rows).encode()
    assert len(content) > 2 * (4 << 20)
    landed, found = read("a.json", content)
    assert found == rows
    offset, length, raw = landed.locate([59_000])[59_000]
    assert json.loads(raw)["id"] == 58_999
    assert content[offset : offset + length] == raw


@needs_exports
def test_a_real_array_of_eventstoredb_is_read(read):
    path = EXPORTS / "eventstoredb" / "shoppingCart-b989fe21-9469-4017-8d71-9820b8dd1164.json"
    assert read(path)[1] == json.loads(path.read_text())
