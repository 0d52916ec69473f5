"""A file that grows, comes late, is cut or replaced is followed without losing a row."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from grown_source import append, ids, line, lines

import workbench as wb


def test_only_what_is_new_is_read_and_a_line_without_its_end_waits(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2) + line(3)[:40])
    follower = log.follow(source)
    assert (follower.tick().loaded, follower.behind) == (2, 40)
    append(source, line(3)[40:] + line(4))
    assert (follower.tick().loaded, follower.behind) == (2, 0)
    assert follower.tick().read == 0
    assert ids(log) == [1, 2, 3, 4]
    assert log.sql("SELECT import_id, source, read, loaded FROM imports").fetchall() == [(1, "shop.ndjson", 4, 4)]


def test_late_rows_and_rows_that_came_before_are_told_apart(log: wb.EventLog, source: Path):
    source.write_text(line(10, "paid", 7) + line(30, "sent", 7))
    follower = log.follow(source)
    follower.tick()
    append(source, line(20, "packed", 7) + line(10, "paid", 7) + "nonsense\n" + line(30, "lost", 7))
    tick = follower.tick()
    assert (tick.read, tick.loaded, tick.duplicate, tick.rejected) == (4, 1, 1, 2)
    assert [row[0] for row in log.of("Order", 7).sql("SELECT to_state FROM moves ORDER BY move").fetchall()] == [
        "new", "paid", "packed", "sent",
    ]  # fmt: skip
    size = len(line(10, "paid", 7)) * 2 + len(line(20, "packed", 7)) + len(line(10, "paid", 7))
    assert log.sql("SELECT position, byte_offset, raw FROM rejected WHERE reason LIKE '%JSON%'").fetchall() == [
        (5, size, b"nonsense")
    ]


def test_a_file_that_is_not_there_is_waited_for(log: wb.EventLog, source: Path):
    follower = log.follow(source)
    tick = follower.tick()
    assert tick.trouble == f"no file shop.ndjson in {source.parent}"
    assert follower.state == "waiting"
    source.write_text("")
    assert follower.tick().trouble is None
    append(source, lines(1))
    assert follower.tick().loaded == 1
    assert follower.state == "following"


def test_a_truncated_file_is_read_from_its_start_as_an_import_of_its_own(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2, 3))
    follower = log.follow(source)
    follower.tick()
    source.write_text(lines(3, 4))
    tick = follower.tick()
    assert (tick.loaded, tick.duplicate) == (1, 1)
    assert tick.notes == ("shop.ndjson was truncated or written anew: it is read from its start again",)
    assert log.sql("SELECT import_id, read, loaded FROM imports ORDER BY ALL").fetchall() == [(1, 3, 3), (2, 2, 1)]


def test_a_file_written_anew_and_longer_is_noticed(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    follower = log.follow(source)
    follower.tick()
    source.write_text(lines(5, 6, 7, 8))
    assert follower.tick().loaded == 4
    assert ids(log) == [1, 2, 5, 6, 7, 8]


def test_what_is_written_to_a_rotated_file_before_the_new_one_comes_is_read(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    append(source, lines(2))
    rotated = source.rename(source.with_suffix(".1"))
    append(rotated, lines(3) + line(4).rstrip("\n"))
    assert follower.tick().loaded == 2
    assert "is gone from" in follower.tick().trouble
    source.write_text(lines(5))
    while follower.tick().read or follower.behind or ids(log)[-1] < 5:
        assert follower.ticks < 10
    assert ids(log) == [1, 2, 3, 4, 5]
    assert follower.state == "following"


def test_finishing_reads_the_file_that_has_taken_the_place_of_a_rotated_one(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    append(source, lines(2) + line(3).rstrip("\n"))
    source.rename(source.with_suffix(".1"))
    source.write_text(lines(4) + line(5).rstrip("\n"))
    assert follower.finish().loaded == 4
    assert ids(log) == [1, 2, 3, 4, 5]


def test_a_file_replaced_by_one_that_begins_alike_goes_on_in_the_same_import(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    follower = log.follow(source)
    follower.tick()
    new = source.with_suffix(".new")
    new.write_text(lines(1, 2, 3))
    new.replace(source)
    assert [follower.tick().read for _ in range(3)] == [0, 1, 0]
    assert log.sql("SELECT read, loaded FROM imports").fetchall() == [(3, 3)]
    assert follower.notes == ()


def test_following_goes_on_where_an_import_or_an_earlier_follower_ended(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    log.add(source)
    append(source, lines(3))
    first = log.follow(source)
    assert first.tick().read == 1
    first.stop()
    append(source, lines(4))
    assert log.follow(source).tick().read == 1
    assert log.sql("SELECT import_id, read, loaded FROM imports").fetchall() == [(1, 4, 4)]


def test_a_file_that_reads_otherwise_once_more_of_it_is_there_is_imported_anew(log: wb.EventLog, tmp_path: Path):
    sheet, row = tmp_path / "orders.csv", '{0};"2026-01-05 10:00:0{0}";"paid, not sent"\n'
    sheet.write_text("case_id;timestamp;activity\n" + row.format(1))
    follower = log.follow(sheet)
    assert follower.tick().loaded == 1
    append(sheet, row.format(2))
    assert follower.tick().loaded == 1
    with wb.read_events(sheet) as once:
        assert once.sql("SELECT aggregate_id, to_state FROM moves ORDER BY ALL").fetchall() == (
            log.sql("SELECT aggregate_id, to_state FROM moves ORDER BY ALL").fetchall()
        )


@pytest.mark.skipif(os.name != "posix", reason="needs files that can be removed while they are open")
def test_a_file_that_is_removed_is_read_to_its_end(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    append(source, lines(2))
    source.unlink()
    assert follower.tick().loaded == 1


def test_a_document_on_one_line_is_added_once_it_rests(log: wb.EventLog, source: Path):
    document = source.with_suffix(".json")
    document.write_text(f"[{line(1)},{line(2)}".replace("\n", ""))
    follower = log.follow(document)
    follower.tick()
    append(document, "]")
    assert [follower.tick().loaded for _ in range(3)] == [0, 2, 0]


def test_what_could_not_be_written_at_once_is_tried_again(log: wb.EventLog, tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(f"[{line(1)}, {line(2)}]")
    (tmp_path / "in" / "b.ndjson").write_text(lines(3))
    follower = log.follow(tmp_path / "in")
    other = log.fork().connection
    other.execute("BEGIN; UPDATE about SET next_import = next_import + 1")
    assert [follower.tick().trouble[-18:] for _ in range(4)] == ["Conflict on update"] * 4
    other.execute("ROLLBACK")
    while follower.tick().loaded:
        pass
    assert ids(log) == [1, 2, 3]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_in_a_sentence(log: wb.EventLog, source: Path):
    os.mkfifo(source)
    assert "is not a plain file" in log.follow(source).tick().trouble


def test_a_file_that_cannot_be_read_is_left_once_another_has_its_name(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    assert follower.tick().loaded == 1
    append(source, "\0\1\2\3" * 500 + "\n")
    source.rename(source.with_suffix(".broken"))
    assert "is a binary file" in follower.tick().trouble
    source.write_text(lines(2))
    assert follower.tick().loaded == 1
    assert "was replaced before it could be read to its end" in follower.notes[0]
