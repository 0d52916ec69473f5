"""`check` and `rules`: findings as text, JSON and annotations; the exit code says how bad it is."""

from __future__ import annotations

from pathlib import Path

from workbench.machines import RULES


def broken(folder: Path) -> Path:
    path = folder / "door.yaml"
    path.write_text(
        "name: Door\ninitial_state: open\nstates:\n  - {name: open}\n  - {name: shut}\n  - {name: lost}\n"
        "transitions:\n  - {name: close, from: [open], to: shut}\n  - {name: push, from: [shut], to: open}\n",
        encoding="utf-8",
    )
    return path


def test_a_sound_machine_is_fine(run, machines: Path):
    said = run("check", machines)
    assert said.code == 0
    assert said.out.splitlines()[-1].startswith("1 machine, 4 states, 3 transitions: 0 errors, 0 warnings")


def test_each_finding_is_a_line_an_editor_can_jump_to(run, tmp_path: Path):
    path = broken(tmp_path)
    said = run("check", path)
    assert said.code == 1
    assert f"{path}:6:12: SM301 " in said.out


def test_json_is_one_list_with_the_places(run, tmp_path: Path):
    path = broken(tmp_path)
    (found,) = [one for one in run("check", path, "--format", "json").json if one["code"] == "SM301"]
    assert (found["file"], found["line"], found["machine"], found["severity"]) == (str(path), 6, "Door", "error")
    assert found["subjects"] == ["lost"]


def test_github_annotations_escape_what_would_end_them(run, tmp_path: Path):
    folder = tmp_path / "a,b:c%"
    folder.mkdir()
    said = run("check", broken(folder), "--format", "github")
    (line,) = [line for line in said.out.splitlines() if "SM301" in line]
    assert line.startswith(f"::error file={tmp_path}/a%2Cb%3Ac%25/door.yaml,line=6,col=12,title=SM301::")


def test_select_and_ignore_take_beginnings_of_codes(run, tmp_path: Path):
    path = broken(tmp_path)
    assert run("check", path, "--select", "SM1").code == 0
    assert run("check", path, "--ignore", "SM30").code == 0
    assert run("check", path, "--select", "sm301").code == 1
    assert "no rule named 'SM999'" in run("check", path, "--select", "SM999").err


def test_fail_on_moves_the_threshold(run, tmp_path: Path):
    path = broken(tmp_path)
    assert run("check", path, "--fail-on", "never").code == 0
    assert run("check", path, "--ignore", "SM301", "--fail-on", "info").code == 1


def test_several_paths_are_checked_together(run, machines: Path, tmp_path: Path):
    path = broken(tmp_path)
    said = run("check", machines, path)
    assert "2 machines, 7 states" in said.out
    assert said.code == 1


def test_a_file_that_cannot_be_read_has_its_place(run, tmp_path: Path):
    path = tmp_path / "torn.yaml"
    path.write_text("name: [\n", encoding="utf-8")
    said = run("check", path)
    assert said.code == 1
    assert f"{path}:" in said.out
    assert "SM001" in said.out


def test_a_format_to_come_is_said_only_when_asked(run, machines: Path):
    assert "sarif" not in run("check", "--help").out
    said = run("check", machines, "--format", "sarif")
    assert (said.code, said.err) == (
        2,
        (
            "workbench check: --format sarif is not written yet: take text, json or github "
            "(workbench check --help says more)\n"
        ),
    )


def test_rules_list_every_rule(run):
    out = run("rules").out
    assert [code for code in RULES if code not in out] == []
    assert [rule["code"] for rule in run("rules", "--format", "json").json] == sorted(RULES)


def test_one_rule_comes_with_both_examples(run):
    said = run("rules", "sm301")
    assert said.code == 0
    assert said.out.startswith("SM301 unreachable_state (error)")
    assert "Incorrect:\n    name: " in said.out
    assert "Correct:\n    name: " in said.out
    assert run("rules", "SM3001").err.startswith("workbench: no rule named 'SM3001': did you mean 'SM301'?")
