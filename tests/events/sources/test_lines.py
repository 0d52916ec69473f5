"""JSON lines: clean files are read in place, each flawed line is refused with its bytes, nothing else is lost."""

from __future__ import annotations

import hashlib
import json

import pytest

from workbench.errors import SourceError

SECOND = 1 << 20


@pytest.fixture
def read(tmp_path, lines_of):
    def reading(content, name="export.ndjson", **asked):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        landed, lines = lines_of(path, **asked)
        return landed, [line or "" for line in lines]

    return reading


def test_a_clean_file_is_read_in_place(read, tmp_path):
    content = b'{"id": 1, "data": {"a": 1.10}}\n{"id": 2}\n'
    landed, lines = read(content)
    assert lines == ['{"id": 1, "data": {"a": 1.10}}', '{"id": 2}']
    assert list((tmp_path / "scratch").iterdir()) == []
    assert (landed.kind, landed.rows, landed.refused, landed.columns) == ("ndjson", 2, (), ("id", "data"))
    assert (landed.sha256, landed.size) == (hashlib.sha256(content).hexdigest(), len(content))


def test_a_last_line_without_a_newline_is_a_row_and_nothing_after_the_last_newline_is_none(read):
    assert read(b'{"a":1}\n{"a":2}')[1] == ['{"a":1}', '{"a":2}']
    assert read(b'{"a":1}\n{"a":2}\n')[1] == ['{"a":1}', '{"a":2}']


def test_lines_that_are_no_objects_are_left_to_the_log(read):
    landed, lines = read(b'[1]\n"x"\n{"a":1}\n   \n')
    assert lines == ["[1]", '"x"', '{"a":1}', "   "]
    assert landed.refused == ()


def test_each_flawed_line_is_refused_with_its_place_and_bytes_and_its_neighbours_stay(read, tmp_path):
    raws = [
        b'{"n":1}',
        b'{"n":"\xe9"}',
        b"",
        b'{"n":"\x1f"}',
        b'{"n"\r:5}',
        b'{"n":"\0"}',
        b'{"n":7}',
    ]
    landed, lines = read(b"\n".join(raws) + b"\n")
    assert lines == ['{"n":1}', "", "", "", "", "", '{"n":7}']
    assert [(row.position, row.raw, row.reason) for row in landed.refused] == [
        (2, raws[1], "not UTF-8"),
        (3, b"", "empty line"),
        (4, raws[3], "a bare control byte 0x1f"),
        (5, raws[4], "a carriage return inside the line"),
        (6, raws[5], "a NUL byte"),
    ]
    content = (tmp_path / "export.ndjson").read_bytes()
    assert all(content[row.offset : row.offset + row.length] == row.raw for row in landed.refused)


def test_a_byte_order_mark_and_crlf_are_no_flaws_of_a_row(read):
    landed, lines = read(b'\xef\xbb\xbf{"a":1}\r\n{"a":2}\r\n{"a":3}\r\n')
    assert lines == ['{"a":1}', '{"a":2}', '{"a":3}']
    assert landed.refused == ()
    assert landed.locate([1, 3]) == {1: (3, 7, b'{"a":1}'), 3: (21, 7, b'{"a":3}')}


def test_line_ends_may_be_mixed(read):
    assert read(b'{"a":1}\r\n{"a":2}\n{"a":3}')[1] == ['{"a":1}', '{"a":2}', '{"a":3}']


def test_a_line_of_200_mb_is_one_refused_row(read):
    content = b'{"a":1}\n{"b":"' + b"x" * (200 * SECOND) + b'"}\n{"a":2}\n'
    landed, lines = read(content)
    assert lines == ['{"a":1}', "", '{"a":2}']
    (row,) = landed.refused
    assert (row.position, row.offset, row.length, row.reason) == (2, 8, 200 * SECOND + 8, "longer than 16 MB")
    assert row.raw == content[8 : 8 + 65536]
    assert landed.locate([3]) == {3: (len(content) - 8, 7, b'{"a":2}')}


def test_a_long_last_line_without_a_newline_is_one_refused_row(read):
    landed, lines = read(b'{"a":1}\n{"b":"' + b"x" * (17 * SECOND))
    assert lines == ['{"a":1}', ""]
    assert landed.refused[0].length == 17 * SECOND + 6


def test_a_line_just_below_the_limit_is_read(read):
    content = b'{"b":"' + b"x" * (16 * SECOND - 20) + b'"}'
    landed, lines = read(b'{"a":1}\n' + content + b"\n")
    assert landed.refused == ()
    assert lines[1].encode() == content


def test_the_file_order_is_kept_over_many_blocks_and_every_row_is_found_again(read):
    rows = [{"id": place, "note": "é" * (place % 50)} for place in range(1, 150_001)]
    content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    assert len(content) > 8 * SECOND
    landed, lines = read(content)
    assert [json.loads(line)["id"] for line in lines] == [row["id"] for row in rows]
    for position, (offset, length, raw) in landed.locate([1, 77_777, 150_000]).items():
        assert raw == lines[position - 1].encode() == content[offset : offset + length]


def test_a_flaw_in_a_late_block_costs_its_own_line_only(read):
    good = b'{"note":"' + b"y" * 1000 + b'"}\n'
    landed, lines = read(good * 9000 + b'{"note":"\xff"}\n' + good * 9000)
    assert [row.position for row in landed.refused] == [9001]
    assert sum(map(bool, lines)) == 18_000
    offset, length, raw = landed.locate([9002])[9002]
    assert (offset, length, raw) == (9000 * len(good) + 13, len(good) - 1, good[:-1])


def test_a_letter_cut_by_a_block_is_whole(read):
    line = b'{"a":"' + b"x" * (4 * SECOND - 7) + "é".encode() + b'"}\n'
    landed, lines = read(line + b'{"a":1}\n')
    assert landed.refused == ()
    assert lines == [line.decode().rstrip("\n"), '{"a":1}']


def test_a_letter_cut_by_the_end_of_the_file_is_refused(read):
    landed, lines = read(b'{"a":1}\n{"a":"\xc3')
    assert lines == ['{"a":1}', ""]
    assert landed.refused[0].reason == "not UTF-8"


def test_a_name_with_wildcards_means_this_file_only(read):
    read(b'{"a":"other"}\n', name="export 1.ndjson")
    assert read(b'{"a":"this"}\n', name="export [1]*?.ndjson")[1] == ['{"a":"this"}']
    assert read(b'{"a":"that"}\n', name="it's.ndjson")[1] == ['{"a":"that"}']


def test_progress_ends_at_the_size_of_the_file(read):
    told = []
    landed, _ = read(b'{"a":1}\n', progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (landed.size, landed.size)


def test_a_file_of_nothing_but_white_space_is_empty(read):
    with pytest.raises(SourceError, match="empty"):
        read(b"\xef\xbb\xbf \n\n")
