"""A full or read-only disk is said in a sentence, a log is as before, and nothing of ours stays behind."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stored_shop import Shop, assert_as_before, contents

import workbench as wb
from workbench.errors import LogError, SourceError, WorkbenchError
from workbench.events import import_into
from workbench.sql import connect, scratch_folder
from workbench.sql.connection import spill_folder


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a tmpfs, or skip where that is not allowed."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs root to mount a small tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def full_disk(tmp_path: Path, shop: Shop) -> Iterator[Path]:
    """A disk that has room for the log and little more."""
    if sys.platform != "linux":
        pytest.skip("needs root to mount a small tmpfs")
    with small_disk(tmp_path / "disk", f"{shop.log.stat().st_size // 1024 + 1024}k") as disk:
        yield disk


def test_with_the_disk_full_an_import_says_so_and_the_log_is_as_before(full_disk: Path, shop: Shop) -> None:
    log = full_disk / "shop.duckdb"
    log.write_bytes(shop.log.read_bytes())
    with pytest.raises(WorkbenchError, match=r"(?i)space|disk|room") as told:
        import_into(log, [shop.export])
    assert "\n" not in str(told.value)
    assert contents(log) == shop.before
    assert contents(log, write=True) == shop.before


def test_with_the_disk_full_no_new_log_is_made(full_disk: Path, shop: Shop) -> None:
    with pytest.raises(WorkbenchError, match=r"(?i)space|disk|room"):
        import_into(full_disk / "new.duckdb", [shop.export])
    assert list(full_disk.iterdir()) == []


def test_with_the_temp_disk_full_a_source_is_refused(
    full_disk: Path, log: Path, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = log.with_name("export.ndjson.gz")
    packed.write_bytes(gzip.compress(shop.export.read_bytes(), 1))
    monkeypatch.setattr("tempfile.tempdir", str(full_disk))
    with pytest.raises(SourceError, match=r"no room left in .* free some space or set TMPDIR"):
        import_into(log, [packed])
    monkeypatch.undo()
    assert_as_before(log, shop)


def test_a_log_is_not_made_where_there_is_no_folder(tmp_path: Path, shop: Shop) -> None:
    with pytest.raises(LogError, match=r"there is no folder .*missing to make a log in"):
        import_into(tmp_path / "missing" / "a.duckdb", [shop.export])


@pytest.fixture
def read_only_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that even root cannot write to, or one that this user cannot."""
    folder = tmp_path / "fixed"
    if os.geteuid():
        folder.mkdir()
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)
        return
    with small_disk(folder, "1m"):
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield folder


def test_a_log_is_not_made_in_a_folder_that_cannot_be_written(read_only_folder: Path, shop: Shop) -> None:
    with pytest.raises(LogError, match="fixed cannot be written: make the log elsewhere"):
        import_into(read_only_folder / "a.duckdb", [shop.export])
    with pytest.raises(LogError, match="fixed cannot be written: make the log elsewhere"):
        wb.open_log(read_only_folder / "a.duckdb", write=True)


def test_a_spill_folder_belongs_to_one_user_and_is_left_empty(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(log.parent))
    database = connect(memory_limit="60MB")
    database.connection.execute("SELECT i, md5(i::VARCHAR) FROM range(1500000) AS t (i) ORDER BY hash(i)").fetchmany(1)
    assert spill_folder().is_dir()
    database.close()
    assert not spill_folder().exists() or list(spill_folder().iterdir()) == []


def test_a_scratch_folder_is_gone_after_the_import_that_failed_in_it() -> None:
    folders = []

    def fails() -> None:
        with scratch_folder() as folder:
            folders.append(folder)
            (folder / "copy.ndjson").write_text("{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not folders[0].exists()
