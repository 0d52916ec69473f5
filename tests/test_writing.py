"""A file is written whole or not at all, and whoever cannot write it is told why, in a sentence about that file."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

import duckdb
import pytest

import workbench as wb
from workbench.errors import SourceError
from workbench.sql import complaint, copy_out
from workbench.writing import check_writable, whole_file, write_text


def test_a_file_takes_its_place_whole_and_leaves_nothing_beside_it(tmp_path: Path):
    write_text(tmp_path / "a.txt", "é\n")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.txt", "é\n")]


def test_what_fails_on_the_way_changes_nothing(tmp_path: Path):
    target = tmp_path / "a.txt"
    target.write_text("before", encoding="utf-8")

    def stopped() -> None:
        with whole_file(target) as part:
            part.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.txt", "before")]


def test_a_link_stays_a_link(tmp_path: Path):
    (tmp_path / "real.txt").write_text("before", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write_text(tmp_path / "link.txt", "after")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "after"


def test_a_pipe_is_written_as_it_is_and_stays_one(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write_text(pipe, "through")
    reader.join()
    assert heard == ["through"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EACCES, "no permission to write in {folder}"),
        (errno.EROFS, "{folder} is read-only"),
        (errno.ENOSPC, "the disk is full"),
        (errno.ENAMETOOLONG, "File name too long"),
    ],
)
def test_why_it_cannot_be_written_is_said_of_the_file_asked_for(tmp_path: Path, monkeypatch, number: int, why: str):
    def refused(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/hidden/.workbench-name")

    monkeypatch.setattr("workbench.writing.Path.touch", refused)
    with pytest.raises(SourceError) as told:
        write_text(tmp_path / "a.txt", "")
    assert str(told.value) == f"{tmp_path / 'a.txt'} cannot be written: {why.format(folder=tmp_path)}"


def test_a_full_disk_under_duckdb_is_said_in_our_words():
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with duckdb.connect() as connection, pytest.raises(SourceError, match=r"^/dev/full cannot be written: the disk is"):
        copy_out(connection, "SELECT * FROM range(1000000)", Path("/dev/full"), "FORMAT csv")


def test_a_full_disk_is_said_so_wherever_duckdb_meets_it():
    met = 'Failed to commit: Could not write file "/x/a.duckdb.part.wal": No space left on device'
    assert complaint(duckdb.TransactionException(met)) == "the disk is full"


def test_duckdb_writes_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "a.csv"
    target.write_text("before", encoding="utf-8")
    rows = "SELECT CASE i WHEN 900000 THEN 'x' ELSE '1' END::INT FROM range(1000000) t(i)"
    with duckdb.connect() as connection, pytest.raises(duckdb.ConversionException):
        copy_out(connection, rows, target, "FORMAT csv")
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("a.csv", "before")]


def test_what_is_read_is_never_written_over(tmp_path: Path):
    export = tmp_path / "a.ndjson"
    export.write_text("", encoding="utf-8")
    (tmp_path / "other.ndjson").symlink_to(export)
    for target in (export, tmp_path / "other.ndjson"):
        with pytest.raises(SourceError, match="is what is read, and would be lost"):
            check_writable(target, "nowhere", export)
    check_writable(export, tmp_path / "b.ndjson")


def test_a_log_writes_no_file_in_a_folder_that_is_not_there(tmp_path: Path):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": "2026-01-01"}])
    with pytest.raises(SourceError, match=r"a\.parquet cannot be written: there is no folder .*no"):
        log.write(tmp_path / "no" / "a.parquet")


def test_a_file_is_as_private_as_its_writer_wants(tmp_path):
    before = os.umask(0o077)
    try:
        write_text(tmp_path / "report.html", "of customers")
    finally:
        os.umask(before)
    assert (tmp_path / "report.html").stat().st_mode & 0o777 == 0o600
