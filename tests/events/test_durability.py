"""A log holds what it held before an import, or all of the import; whatever kills, fills up or interrupts it."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb
import pytest

import workbench as wb
from workbench.errors import LogError, SourceError, WorkbenchError
from workbench.events import adding, import_into
from workbench.sql import connect, scratch_folder
from workbench.sql.connection import spill_folder

TABLES = ("about", "imports", "events", "moves", "lives", "variants", "rosters", "rejected")
ENDLESS = "SELECT count(*) FROM range(1000000000000) AS t (i) WHERE hash(i) = 1"

# Imports in a process of its own and meets its fate at a statement (by number) or at a named moment.
CHILD = dedent("""\
    __file__ = "a file"  # else DuckDB takes this for a shell and shows how far it is, on stdout
    import os, signal, sys, threading
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from workbench.cli import main
    from workbench.events import adding, pipeline

    log, source, moment, delay = sys.argv[1:5]
    statement, statements, replace = pipeline.run, 0, os.replace

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def counted(connection, sql, values=None):
        global statements
        statements += 1
        if moment == str(statements):
            threading.Timer(float(delay), die).start()
        if moment == f"endless {statements}":
            print("started", flush=True)
            sql, values = "ENDLESS", None
        return statement(connection, sql, values)

    def last(connection, sql, values=None, **more):
        if moment.isdigit() or moment == "before COMMIT":
            die()
        if moment == "inside COMMIT":
            threading.Timer(float(delay), die).start()
        rows = statement(connection, sql, values, **more)
        if moment in ("after COMMIT", "inside COMMIT"):
            die()
        return rows

    def renamed(*paths):
        if moment == "before rename":
            die()
        replace(*paths)
        if moment == "after rename":
            die()

    pipeline.run, adding.run, os.replace = counted, last, renamed
    code = main(["import", source, "--into", log, *sys.argv[5:]])
    print(statements)
    sys.exit(code)
    """).replace("ENDLESS", ENDLESS)


@dataclass(frozen=True)
class Shop:
    """A stored log, an export to add to it, and what the log holds before and after."""

    log: Path
    export: Path
    before: dict[str, tuple[int, str]]
    after: dict[str, tuple[int, str]]
    statements: int


def write_export(path: Path, first: int, last: int) -> None:
    """Write events first..last of a shop: five an order, six minutes apart; odd lines of an order come first."""
    duckdb.connect().execute(f"""
        COPY (
            SELECT i AS id, 'App\\Models\\Order' AS aggregate_type, i // 5 AS aggregate_id,
                'state_transitioned' AS event_type,
                {{'from_state': 's' || i % 5, 'to_state': 's' || (i % 5 + 1), 'context': {{'note': md5(i::VARCHAR)}}}}
                    AS event_data,
                strftime(TIMESTAMP '2026-01-01' + to_minutes(6 * i), '%Y-%m-%d %H:%M:%S') AS occurred_at
            FROM range({first}, {last}) AS t (i) ORDER BY i % 2, i
        ) TO '{path}' (FORMAT json)""")


def contents(path: Path, *, write: bool = False) -> dict[str, tuple[int, str]]:
    """Every row of every table, as a count and a digest; when an import ran is left out."""
    with wb.open_log(path, write=write) as log:
        return {table: _digest(log.connection, table) for table in TABLES}


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    times = " EXCLUDE (started_at, finished_at)" if table == "imports" else ""
    return connection.execute(
        f"SELECT count(*), coalesce(md5(string_agg(t::VARCHAR, chr(10) ORDER BY t::VARCHAR)), '') "
        f"FROM (SELECT *{times} FROM {table}) AS t"
    ).fetchall()[0]


def child(log: Path, export: Path, moment: str = "never", delay: float = 0, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CHILD, str(log), str(export), moment, str(delay), *more]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def killed(log: Path, export: Path, moment: str, delay: float = 0, *more: str) -> None:
    process = child(log, export, moment, delay, *more)
    said = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL, said


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Half of some orders' events are there; the export adds the other half, and many more orders."""
    folder = tmp_path_factory.mktemp("shop")
    log, first, export, whole = (folder / name for name in ("shop.duckdb", "1.ndjson", "2.ndjson", "whole.duckdb"))
    write_export(first, 1, 4_003)
    write_export(export, 3_001, 60_000)
    import_into(log, [first])
    whole.write_bytes(log.read_bytes())
    process = child(whole, export)
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    return Shop(log, export, contents(log), contents(whole), int(said.split()[-1]))


@pytest.fixture
def log(shop: Shop, tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    path.write_bytes(shop.log.read_bytes())
    return path


def assert_as_before(log: Path, shop: Shop) -> None:
    assert contents(log) == shop.before
    assert contents(log, write=True) == shop.before
    assert files_of(log) == [log.name]


def files_of(log: Path) -> list[str]:
    return [entry.name for entry in log.parent.iterdir() if entry.name.startswith(log.name)]


def test_the_export_touches_lives_that_are_there_and_adds_others(shop: Shop) -> None:
    assert shop.before["events"][0] == 4_002
    assert shop.after["events"][0] == 59_999
    assert shop.after["imports"][0] == 2


def kill_points(count: int) -> list[tuple[float, float]]:
    """Where in the statements, and how long after that statement began: any moment, the same in each run."""
    chance = random.Random(7)
    return [(chance.random(), chance.uniform(0, 0.05)) for _ in range(count)]


def killed_within(log: Path, shop: Shop, share: float, delay: float) -> None:
    killed(log, shop.export, str(1 + int(share * shop.statements)), delay)
    assert_as_before(log, shop)


def test_killed_in_the_middle_of_an_import_a_log_is_as_before(log: Path, shop: Shop) -> None:
    killed_within(log, shop, 0.7, 0.02)
    import_into(log, [shop.export])
    assert contents(log) == shop.after


@pytest.mark.soak
@pytest.mark.parametrize(("share", "delay"), kill_points(10))
def test_killed_at_any_moment_of_an_import_a_log_is_as_before(
    log: Path, shop: Shop, share: float, delay: float
) -> None:
    killed_within(log, shop, share, delay)


@pytest.mark.parametrize(
    ("moment", "delay"),
    [
        ("before COMMIT", 0),
        *(pytest.param("inside COMMIT", delay, marks=pytest.mark.soak) for delay in (0, 0.001, 0.01, 0.05, 0.2)),
        pytest.param("after COMMIT", 0, marks=pytest.mark.soak),
    ],
)
def test_killed_at_commit_a_log_is_as_before_or_whole(log: Path, shop: Shop, moment: str, delay: float) -> None:
    killed(log, shop.export, moment, delay)
    expected = {"before COMMIT": [shop.before], "after COMMIT": [shop.after]}
    found = contents(log)
    assert found in expected.get(moment, [shop.before, shop.after])
    assert contents(log, write=True) == found
    report = import_into(log, [shop.export])
    assert report.loaded == (0 if found == shop.after else 55_997)
    with wb.open_log(log) as reopened:
        assert reopened.sql("SELECT count(*) FROM events").fetchall() == [(59_999,)]


@pytest.mark.parametrize(
    "moment",
    [
        "before rename",
        pytest.param("30", marks=pytest.mark.soak),
        pytest.param("inside COMMIT", marks=pytest.mark.soak),
        pytest.param("after COMMIT", marks=pytest.mark.soak),
    ],
)
def test_killed_while_a_new_log_is_made_there_is_none(tmp_path: Path, shop: Shop, moment: str) -> None:
    log = tmp_path / "new.duckdb"
    killed(log, shop.export, moment, 0.01)
    assert not log.exists()
    assert any(entry.name.startswith("new.duckdb.part") for entry in tmp_path.iterdir())
    assert import_into(log, [shop.export]).loaded == 56_999
    assert files_of(log) == ["new.duckdb"]


@pytest.mark.soak
@pytest.mark.parametrize("moment", ["25", "after COMMIT", "before rename"])
def test_killed_while_replacing_a_log_is_as_before(log: Path, shop: Shop, moment: str) -> None:
    killed(log, shop.export, moment, 0, "--replace")
    assert contents(log) == shop.before
    import_into(log, [shop.export], replace_file=True)
    assert contents(log) == shop.after
    assert files_of(log) == [log.name]


def test_replacing_a_log_keeps_what_a_killed_process_had_committed_but_not_folded_in(tmp_path: Path) -> None:
    log, export = tmp_path / "shop.duckdb", tmp_path / "export.ndjson"
    write_export(export, 1, 20)
    import_into(log, [export])
    write_export(export, 20, 40)
    killed(log, export, "after COMMIT")
    assert log.with_name("shop.duckdb.wal").exists()
    write_export(export, 40, 60)
    import_into(log, [export], replace_file=True)
    assert contents(log)["events"][0] == 59
    assert files_of(log) == ["shop.duckdb"]


def test_a_log_cannot_be_made_by_two_at_once(tmp_path: Path, shop: Shop) -> None:
    log = tmp_path / "new.duckdb"
    with held(log.with_name("new.duckdb.part"), write=True), pytest.raises(LogError, match="another process is making"):
        import_into(log, [shop.export])


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


@pytest.mark.parametrize("statement", [5, pytest.param(25, marks=pytest.mark.soak)])
def test_ctrl_c_stops_an_endless_statement_of_an_import(log: Path, shop: Shop, statement: int) -> None:
    process = child(log, shop.export, f"endless {statement}")
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (130, "workbench: interrupted; nothing was changed\n")
    assert_as_before(log, shop)


@pytest.fixture
def ctrl_c() -> Iterator[threading.Timer]:
    """Press Ctrl-C half a second after `start`, whatever this process was told to do about it before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    press = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    yield press
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_during_commit_comes_too_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctrl_c: threading.Timer
) -> None:
    """What is being committed is committed: saying "nothing was changed" would be wrong."""
    statement = adding.run

    def slow(connection: duckdb.DuckDBPyConnection, sql: str, *values: Any, **more: bool) -> Any:
        if sql == "COMMIT":
            ctrl_c.start()
            sql += "; SELECT count(*) FROM range(1500000000) AS t (i) WHERE hash(i) = 1"
        return statement(connection, sql, *values, **more)

    monkeypatch.setattr(adding, "run", slow)
    log = tmp_path / "a.duckdb"
    report = import_into(log, [[{"case_id": 1, "activity": "a", "timestamp": "2026-01-01"}]])
    assert not ctrl_c.is_alive()
    assert report.loaded == 1
    assert contents(log)["events"][0] == 1


def test_ctrl_c_in_a_question_of_the_main_thread_leaves_the_log_usable(ctrl_c: threading.Timer) -> None:
    with wb.read_events([{"case_id": 1, "activity": "a", "timestamp": "2026-01-01"}]) as log:
        # It ends by itself: DuckDB may hold a signal until the query is over.
        answer = log.sql("SELECT count(*) FROM range(1500000000) AS t (i) WHERE hash(i) = 1")
        ctrl_c.start()
        with pytest.raises((KeyboardInterrupt, RuntimeError)):
            answer.fetchall()
        assert log.sql("SELECT count(*) FROM events").fetchall() == [(1,)]


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


def test_a_log_written_by_a_newer_version_is_refused(log: Path, shop: Shop) -> None:
    connect(log).connection.execute("UPDATE about SET format = 99")
    for write in (False, True):
        with pytest.raises(LogError, match=r"was written by a newer version .*: upgrade statecraft-workbench"):
            wb.open_log(log, write=write)
    with pytest.raises(LogError, match="newer version"):
        import_into(log, [shop.export], replace_file=True)


def test_what_is_no_log_is_said_so(tmp_path: Path) -> None:
    database, text, half = (tmp_path / name for name in ("other.duckdb", "text.duckdb", "half.duckdb"))
    duckdb.connect(database).execute("CREATE TABLE about AS SELECT 1 AS x").close()
    text.write_text("id,name\n1,a\n")
    half.write_bytes(b"\0" * 8 + b"DUCK" + b"\0" * 500)
    expected = {
        database: "is a DuckDB database but not a log",
        text: "is not a log: it is no DuckDB file .import it first",
        half: "cannot be opened|is not a log|newer|is damaged",
        tmp_path: "is a folder: name the log file in it",
        tmp_path / "missing" / "a.duckdb": "there is no log",
        tmp_path / "othr.duckdb": "did you mean .*other.duckdb",
    }
    for path, sentence in expected.items():
        with pytest.raises(LogError, match=sentence) as told:
            wb.open_log(path)
        assert "\n" not in str(told.value)


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
