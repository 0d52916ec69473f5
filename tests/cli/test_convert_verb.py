"""`convert`: machines in the form of other tools, one file or many, and a line for all that is left out."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from workbench.machines import read_machines
from workbench.machines.exchange import read_any

DOOR = """\
name: Door
model: Door
initial_state: open
states: [{name: open, metadata: {color: "#111", height: 2}}, {name: shut}]
transitions: [{name: close, from: open, to: shut, actions: [Ring]}]
event_bindings: [{event: Knock, target_models: [Door], transition: close}]
"""
LAMP = "{name: 'Lamp/of: <b>', initial_state: 'on', transitions: [{name: toggle, from: 'on', to: 'off'}]}"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "door.yaml").write_text(DOOR, encoding="utf-8")
    (folder / "lamp.yaml").write_text(LAMP, encoding="utf-8")
    return folder


def give(monkeypatch: pytest.MonkeyPatch, raw: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))


def test_the_suffix_says_the_form_and_what_it_leaves_out_is_said(run, house: Path, tmp_path: Path):
    said = run("convert", house / "door.yaml", tmp_path / "door.dot")
    assert (said.code, said.out.strip()) == (0, str(tmp_path / "door.dot"))
    assert said.err.splitlines() == ["Door: left out: model, actions, metadata", "left out: event bindings (Knock)"]
    assert (tmp_path / "door.dot").read_text(encoding="utf-8").startswith('digraph "Door" {')


@pytest.mark.parametrize("form", ["flat", "xstate", "dot", "markdown"])
def test_several_machines_stand_in_one_file(run, house: Path, form: str):
    said = run("convert", house, "-", "--to", form)
    assert said.code == 0
    assert "Door" in said.out
    assert "Lamp" in said.out


def test_a_form_of_one_machine_needs_a_folder_or_a_name(run, house: Path, tmp_path: Path):
    said = run("convert", house, tmp_path / "all.svg")
    assert (said.code, said.out) == (2, "")
    assert said.err == "workbench: svg holds one machine, and here are 2: name one of 'Door', 'Lamp/of: <b>'\n"
    assert run("convert", house, tmp_path / "door.svg", "--machine", "Door").code == 0
    assert "did you mean 'Door'?" in run("convert", house, tmp_path / "door.svg", "--machine", "Dor").err


def test_a_folder_gets_one_file_a_machine_and_one_for_the_bindings(run, house: Path, tmp_path: Path):
    out = tmp_path / "out"
    assert run("convert", house, f"{out}/", "--to", "flat").code == 0
    assert sorted(file.name for file in out.iterdir()) == ["Door.yaml", "Lamp_of_b.yaml", "event_bindings.yaml"]
    again, first = read_machines(out), read_machines(house)
    assert (dict(again), again.bindings) == (dict(first), first.bindings)
    assert run("convert", house, out, "--to", "mermaid").code == 0
    assert (out / "Door.mmd").read_text(encoding="utf-8").startswith("stateDiagram-v2")


def test_stdin_and_stdout(run, monkeypatch: pytest.MonkeyPatch):
    give(monkeypatch, DOOR.encode())
    written = run("convert", "-", "-", "--to", "xstate").out
    give(monkeypatch, written.encode())
    assert "name: Door" in run("convert", "-", "-", "--to", "flat").out
    give(monkeypatch, LAMP.encode())
    assert "name: toggle" in run("convert", "-", "-", "--to", "flat").out
    give(monkeypatch, b"name: \xff")
    assert run("convert", "-", "-", "--to", "flat").err == "workbench: stdin is not UTF-8: byte 0xFF at 6\n"
    give(monkeypatch, b"")
    assert run("convert", "-", "-", "--to", "flat").err.startswith("stdin:1:1: SM001 the file is empty")


def test_strict_writes_nothing_when_something_would_be_left_out(run, house: Path, tmp_path: Path):
    out = tmp_path / "door.yaml"
    said = run("convert", house / "door.yaml", out, "--to", "package", "--strict")
    assert (said.code, out.exists()) == (1, False)
    assert said.err.splitlines()[0] == "Door: left out: the names of transitions (close)"
    assert said.err.splitlines()[-1] == "nothing was written: --strict"
    assert run("convert", house / "door.yaml", out, "--to", "flat", "--strict").code == 0


def test_the_report_is_one_json_document(run, house: Path, tmp_path: Path):
    out = tmp_path / "door.json"
    assert run("convert", house / "door.yaml", out, "--format", "json").json == {
        "machines": ["Door"],
        "written": [str(out)],
        "lost": ["left out: event bindings (Knock)"],
    }
    told = run("convert", house / "door.yaml", "-", "--to", "xstate", "--format", "json").json
    assert json.loads(told["text"])["id"] == "Door"
    assert read_any(out)["Door"] == read_machines(house)["Door"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("{house}/dor.yaml", "-", "--to", "flat"), "did you mean"),
        (("{house}/door.yaml", "{house}/x.txt"), "the suffix '.txt' says no form"),
        (("{house}/door.yaml", "{house}/x"), "a name without a suffix says no form"),
        (("{house}/door.yaml", "-"), "stdout says no form: write --to with one of flat"),
        (("{house}/door.yaml", "{house}"), "says no form: write --to"),
        (("{house}/door.yaml", "-", "--to", "mermade"), "did you mean 'mermaid'?"),
        (("{house}/door.yaml", "-", "--to", "flat", "--from", "xstat"), "did you mean 'xstate'?"),
        (("{house}/door.yaml", "{house}/door.yaml"), "is what is read, and would be lost"),
        (("{house}", "{house}/lamp.yaml"), "is what is read"),
        (("{house}/door.yaml", "{house}/none/deep/x.svg"), "no such file"),
        (("{house}", "-", "--to", "flat", "--from", "xstate"), "no file there ends in .json"),
        (("{house}/*.nothing", "-", "--to", "flat"), "no file matches the pattern"),
    ],
)
def test_what_goes_wrong_is_one_sentence(run, house: Path, words, message: str):
    said = run("convert", *(word.format(house=house) for word in words))
    assert (said.code, said.out) == (2, "")
    assert message in said.err
    assert len(said.err.splitlines()) == 1
    assert (house / "door.yaml").read_text(encoding="utf-8") == DOOR


def test_a_folder_of_json_is_read_where_the_form_says_so(run, house: Path, tmp_path: Path):
    out = tmp_path / "json"
    run("convert", house, f"{out}/", "--to", "xstate")
    assert "name: toggle" in run("convert", out, "-", "--from", "xstate", "--to", "flat").out
    (out / "again.json").write_text((out / "Door.json").read_text(encoding="utf-8"), encoding="utf-8")
    said = run("convert", out, "-", "--from", "xstate", "--to", "flat")
    assert "a machine named 'Door' is already declared in" in said.err


def test_bindings_without_a_machine_are_no_picture(run, tmp_path: Path):
    alone = tmp_path / "bindings.yaml"
    alone.write_text("event_bindings: [{event: Knock, target_models: [Door]}]\n", encoding="utf-8")
    said = run("convert", alone, "-", "--to", "dot")
    assert (said.code, said.out) == (2, "")
    assert "there is no machine to write" in said.err
    assert run("convert", alone, "-", "--to", "flat").code == 0
