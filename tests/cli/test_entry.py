"""No traceback ever reaches a user: every failure is one line on stderr and an exit code."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from workbench.cli import entry
from workbench.errors import LogError, MachineError, UnknownNameError
from workbench.machines import Finding

ROOT = Path(__file__).resolve().parents[2]


def workbench(*words: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300, **more)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("chek",), "workbench: no such command 'chek': did you mean 'check'?"),
        (("related", "log.duckdb"), "workbench: related is a question: workbench ask related LOG"),
        (("frobnicate",), "workbench: no such command 'frobnicate' (workbench --help says more)"),
        (("check",), "workbench check: PATH is missing (workbench check --help says more)"),
        (("check", "x", "--formt", "json"), "workbench check: no such option --formt: did you mean --format?"),
        (("check", "x", "--fail-on", "eror"), ("workbench check: --fail-on: 'eror' is not one of 'error', 'warning', "
         "'info', 'never': did you mean 'error'?")),
        (("states",), "workbench states: LOG is missing (workbench states --help says more)"),
        (("states", "a", "b"), "workbench states: got unexpected extra argument(s) (b)"),
        (("states", "log.duckdb"), "workbench: no such file: log.duckdb"),
        (("simulate", "machines", "--out", "x.ndjson", "--lives", "many"), "workbench simulate: --lives: "),
        (("simulate", "machines", "--out", "x.ndjson", "--fault", "gap=many"), ("workbench simulate: --fault gap=many: "
         "write it as KIND=N (workbench simulate --help says more)")),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_line_with_the_nearest_right_name(run, machines: Path, monkeypatch, words, told):
    monkeypatch.chdir(machines.parent)
    said = run(*words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert said.err.startswith(told)


@pytest.mark.parametrize("words", [("check", b"\xff.yaml"), ("find", "log.duckdb", b"\xff"), (b"check\xff",)])
def test_an_argument_that_is_not_utf_8_is_refused(words: tuple[str | bytes, ...]):
    command = [sys.executable, "-m", "workbench", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "\\udcff" in done.stderr
    assert done.stderr.endswith("' is not UTF-8: rename a file of such a name\n")


def test_a_path_says_the_nearest_that_is_there(run, export: Path):
    said = run("states", export.with_name("shp.ndjson"))
    assert said.err.endswith(f"did you mean '{export}'?\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "workbench: the disk is full; nothing was changed"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/log"), "workbench: no permission for /x/log"),
        (OSError(errno.EROFS, "Read-only", "/x"), "workbench: /x is read-only"),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "/x"), "workbench: /x is a folder, not a file"),
        (MemoryError(), "workbench: there is not enough memory for this"),
        (LogError("write log.of('Order') first"), "workbench: write --type Order first"),
        (UnknownNameError.of("state", "payd", ["paid"]), "workbench: no state named 'payd': did you mean 'paid'?"),
        (duckdb.OutOfMemoryException("Out of Memory Error: x"), ("workbench: the memory limit is too small for this: "
         "ask about fewer aggregates or a shorter time")),
        (duckdb.BinderException('Binder Error: no column "x"\n\nLINE 1: ...'), ("workbench: DuckDB cannot run this: "
         'no column "x"')),
        (KeyError("odd"), ("workbench: this should not have happened (KeyError: 'odd'); please report it "
         "(WORKBENCH_TRACEBACK=1 shows where)")),
    ],
)  # fmt: skip
def test_every_error_is_a_sentence(error: Exception, told: str):
    assert entry.sentences(error) == [told]


def test_complaints_about_machines_keep_their_places():
    found = [Finding("SM001", "not_yaml", "error", None, "a.yaml", line, 1, "torn") for line in (1, 2)]
    assert entry.sentences(MachineError("2 complaints", found)) == [
        "a.yaml:1:1: SM001 torn",
        "a.yaml:2:1: SM001 torn",
        "workbench: 2 complaints",
    ]


def test_an_unforeseen_error_is_no_traceback(run, stored: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.cli.lookup.when", lambda *_: 1 / 0)
    said = run("states", stored)
    told = "workbench: this should not have happened (ZeroDivisionError: division by zero); please report it "
    assert (said.code, said.err) == (2, told + "(WORKBENCH_TRACEBACK=1 shows where)\n")


def test_a_terminal_cannot_be_steered_by_a_name_in_an_error(run, stored: Path):
    assert "\x1b" not in run("replay", stored, "Or\x1b[2Jder", "1").err


def test_a_reader_that_leaves_early_is_no_error(stored: Path):
    query = "SELECT range AS n FROM range(200000)"
    command = (
        f'"{sys.executable}" -m workbench sql "{stored}" "{query}" --format csv | head -2; echo ${{PIPESTATUS[0]}}'
    )
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("n\n0\n141\n", "")


def test_nor_is_it_where_the_answer_is_a_list():
    command = f'"{sys.executable}" -m workbench ask --list | head -1 | wc -l; echo ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.split(), done.stderr) == (["1", "141"], "")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc, which tells of another's threads")
def test_ctrl_c_stops_an_endless_question(stored: Path):
    query = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range) = hash(b.range + 1)"
    command = [sys.executable, "-m", "workbench", "sql", str(stored), query]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
        while asked.poll() is None and len([*Path(f"/proc/{asked.pid}/task").iterdir()]) == 1:
            time.sleep(0.05)  # DuckDB has no thread yet: the question has not begun
        time.sleep(1)
        asked.send_signal(signal.SIGINT)
        out, err = asked.communicate(timeout=120)
    assert (asked.returncode, out, err) == (130, "", "workbench: interrupted; nothing was changed\n")


def test_the_module_and_the_script_are_the_same(stored: Path):
    done = workbench("states", stored, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "at 2026-01-06 09:30:00 UTC, the log's last event\n")
    assert [row["aggregates"] for row in json.loads(done.stdout)] == [2, 1]


def test_a_plain_terminal_encoding_is_enough():
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = workbench("rules", env=os.environ | plain)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_every_verb_and_the_version_is_told(run):
    out = run("--help").out
    verbs = "check import find trail why whynot replay states ask sql conform simulate report rules mappings lab"
    assert [verb for verb in verbs.split() if f"  {verb} " not in out] == []
    assert run("--version").out == "workbench 0.1.0\n"
    assert max(len(line) for line in out.splitlines()) <= 80
