"""`simulate`, `report`, `lab`: files are made whole, and what is missing is named with the way to get it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_a_simulated_export_can_be_asked_and_keeps_to_its_machine(run, machines: Path, tmp_path: Path):
    out = tmp_path / "made.ndjson"
    made = run("simulate", machines, "--lives", 20, "--seed", 3, "--out", out, "--format", "json").json
    assert (made["out"], made["lives"], made["seed"], made["faults"]) == (str(out), 20, 3, [])
    assert len(out.read_text(encoding="utf-8").splitlines()) == made["events"]
    assert run("conform", out, "--machines", machines, "--timezone", "UTC").code == 0


def test_planted_faults_are_named(run, machines: Path, tmp_path: Path):
    out = tmp_path / "made.ndjson"
    words = ("simulate", machines, "--lives", 30, "--out", out, "--fault", "illegal_move=2")
    made = run(*words, "--format", "json").json
    assert [fault["kind"] for fault in made["faults"]] == ["illegal_move", "illegal_move"]
    assert run("conform", out, "--machines", machines, "--timezone", "UTC").code == 1
    assert "did you mean 'illegal_move'?" in run(*words[:-1], "ilegal_move").err


def test_only_transitions_writes_nothing_else(run, machines: Path, tmp_path: Path):
    out = tmp_path / "made.ndjson"
    assert run("simulate", machines, "--lives", 5, "--out", out, "--only-transitions").code == 0
    kinds = run("ask", "event_types", out, "--timezone", "UTC", "--format", "json").json
    assert [one["event_type"] for one in kinds] == ["state_transitioned"]


def test_a_report_is_written_whole_and_says_where(run, stored: Path, machines: Path, tmp_path: Path):
    out = tmp_path / "report.html"
    told = run("report", stored, "--machines", machines, "--out", out, "--format", "json").json
    assert told == {"out": str(out), "bytes": out.stat().st_size}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--out", "/no/where.html"), "/no/where.html cannot be written: there is no folder /no"),
        (("--out", "."), ". cannot be written: it is a folder"),
        (("--out", "{log}"), "is what is read, and would be lost: name another file to write"),
        (("--out", "{log}.html", "--type", "Order"), "--type and --id go together"),
        (("--out", "{log}.html", "--type", "Order", "--id", "99"), "has the id '99'"),
    ],
)
def test_a_report_that_cannot_be_made_changes_nothing(run, stored: Path, machines: Path, words, told):
    before = stored.read_bytes()
    said = run("report", stored, "--machines", machines, *(word.format(log=stored) for word in words))
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert told in said.err
    assert stored.read_bytes() == before


def test_lab_starts_jupyterlab_on_the_folder(tmp_path: Path):
    (tmp_path / "jupyterlab.py").write_text("import sys; print('lab', *sys.argv[1:])", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom workbench.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "lab", str(tmp_path), "--no-browser"]
    env = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": "/usr/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert (done.returncode, done.stdout) == (0, f"lab {tmp_path} --no-browser\n")
    assert done.stderr == f"JupyterLab on {tmp_path}; Ctrl-C twice stops it\n"


def test_lab_without_jupyterlab_says_how_to_get_it(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "jupyterlab" else object())
    said = run("lab", tmp_path)
    assert said.code == 2
    assert "pip install 'statecraft-workbench[lab]'" in said.err
    assert run("lab", tmp_path / "nowhere").err.startswith("workbench: no such file: ")
