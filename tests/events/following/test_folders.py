"""The files of a folder are followed as they come and grow."""

from __future__ import annotations

import gzip
from pathlib import Path

from grown_source import append, ids, lines

import workbench as wb
from workbench.events.following import Follower


def until_read(follower: Follower, rows: int) -> None:
    """Tick until so many rows are loaded: a busy folder may take several ticks."""
    while follower.loaded < rows:
        follower.tick()
        assert follower.ticks < 50


def test_the_files_of_a_folder_are_read_as_they_come_and_grow(log: wb.EventLog, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    follower = log.follow(folder)
    assert follower.tick().trouble is None
    (folder / "b.ndjson").write_text(lines(1))
    (folder / "a.ndjson").write_text(lines(2))
    (folder / ".hidden").write_text(lines(3))
    until_read(follower, 2)
    append(folder / "a.ndjson", lines(4))
    (folder / "a.ndjson").rename(folder / "a.ndjson.1")
    (folder / "a.ndjson").write_text(lines(5))
    (folder / "c.ndjson.gz").write_bytes(gzip.compress(lines(6, 7).encode()))
    until_read(follower, 6)
    assert [follower.tick().read for _ in range(3)] == [0, 0, 0]
    assert ids(log) == [1, 2, 4, 5, 6, 7]


def test_one_bad_file_of_a_folder_is_named_and_the_others_are_read(log: wb.EventLog, tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(b"PK\x03\x04 no events\n")
    (tmp_path / "in" / "b.ndjson").write_text(lines(1))
    follower = log.follow(tmp_path / "in" / "*")
    until_read(follower, 1)
    assert [follower.tick().trouble[:20] for _ in range(3)] == ["a.zip is a zip archi"] * 3
