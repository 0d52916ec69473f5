"""A log that another process holds says the way out; readers keep what they opened."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from stored_shop import Shop, assert_as_before, contents

import workbench as wb
from workbench.errors import LogError
from workbench.events import import_into


def test_a_log_cannot_be_made_by_two_at_once(tmp_path: Path, shop: Shop) -> None:
    log = tmp_path / "new.duckdb"
    with held(log.with_name("new.duckdb.part"), write=True), pytest.raises(LogError, match="another process is making"):
        import_into(log, [shop.export])


@contextmanager
def held(path: Path, *, write: bool) -> Iterator[None]:
    """Let another process hold a database."""
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=sys.argv[2] == 'read'); "
        "print('held', flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(path), "write" if write else "read"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield


def test_a_log_that_another_process_reads_says_the_way_out(log: Path, shop: Shop) -> None:
    with held(log, write=False):
        with pytest.raises(
            LogError, match=r"held by another process \(close it there, or import with --replace"
        ) as told:
            import_into(log, [shop.export])
        assert "\n" not in str(told.value)
        assert contents(log) == shop.before


def test_a_log_that_another_process_writes_cannot_be_read_nor_replaced(log: Path, shop: Shop) -> None:
    with held(log, write=True):
        with pytest.raises(LogError, match=r"held by another process, which writes to it \(close it there\)$"):
            wb.open_log(log)
        with pytest.raises(LogError, match=r"held by another process, which writes to it \(close it there\)$"):
            import_into(log, [shop.export], replace_file=True)
    assert_as_before(log, shop)


def test_readers_keep_what_they_opened_while_a_log_is_replaced(log: Path, shop: Shop) -> None:
    code = (
        "import sys, workbench as wb; log = wb.open_log(sys.argv[1])\n"
        "for _ in range(2):\n"
        "    print(log.sql('SELECT count(*) FROM events').fetchall()[0][0], flush=True); sys.stdin.readline()\n"
        "print(log.reopen().sql('SELECT count(*) FROM events').fetchall()[0][0])"
    )
    words = [sys.executable, "-c", code, str(log)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "4002\n"
        import_into(log, [shop.export], replace_file=True)
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "4002\n"
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "59999\n"
    assert contents(log) == shop.after


def test_a_replaced_log_keeps_its_permissions_and_the_link_that_leads_to_it(log: Path, shop: Shop) -> None:
    log.chmod(0o660)
    link = log.with_name("link.duckdb")
    link.symlink_to(log)
    import_into(link, [shop.export], replace_file=True)
    assert link.is_symlink()
    assert log.stat().st_mode & 0o777 == 0o660
    assert contents(log) == shop.after


def test_a_log_open_here_in_another_mode_is_refused_in_a_sentence(log: Path) -> None:
    with wb.open_log(log), pytest.raises(LogError, match="already open in this process in another mode: close"):
        wb.open_log(log, write=True)
