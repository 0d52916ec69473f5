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
    assert line.startswith(
        f"::error file={tmp_path}/a%2Cb%3Ac%25/door.yaml,line=6,col=12,title=SM301 unreachable_state::"
    )


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


def test_sarif_names_the_rule_the_line_and_the_level(run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    broken(tmp_path)
    said = run("check", "door.yaml", "--format", "sarif")
    (result,) = [one for one in said.json["runs"][0]["results"] if one["ruleId"] == "SM301"]
    at = result["locations"][0]["physicalLocation"]
    assert (said.code, result["level"], at["artifactLocation"]["uri"]) == (1, "error", "door.yaml")
    assert at["region"] == {"startLine": 6, "startColumn": 12}
    assert said.json["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "SM301"


def test_an_unknown_format_says_the_nearest(run, machines: Path):
    said = run("check", machines, "--format", "sarf")
    assert (said.code, said.out) == (2, "")
    assert "did you mean 'sarif'?" in said.err


def test_a_baseline_leaves_only_what_is_new(run, tmp_path: Path):
    path, kept = broken(tmp_path), tmp_path / "known.json"
    said = run("check", path, "--baseline", kept, "--write-baseline")
    assert (said.code, said.out.startswith("3 findings written to ")) == (0, True)
    written = run("check", path, "--baseline", kept, "--write-baseline", "--format", "json").json
    assert written == {"findings": 3, "baseline": str(kept)}
    again = run("check", path, "--baseline", kept, "--fail-on", "info")
    assert (again.code, again.out) == (0, "1 machine, 3 states, 2 transitions: 0 errors, 0 warnings, 3 known before\n")
    path.write_text("# a line more\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("check", path, "--baseline", kept, "--fail-on", "info").code == 0
    path.write_text(path.read_text(encoding="utf-8").replace("to: shut", "to: shutt"), encoding="utf-8")
    fresh = run("check", path, "--baseline", kept, "--format", "json").json
    assert "SM103" in {one["code"] for one in fresh}
    assert ["lost"] not in [one["subjects"] for one in fresh if one["code"] == "SM301"]


def test_a_baseline_that_is_none_is_refused(run, tmp_path: Path):
    path = broken(tmp_path)
    assert run("check", path, "--baseline", tmp_path / "none.json").err == (
        f"workbench: {tmp_path}/none.json: no such baseline; --write-baseline writes one\n"
    )
    assert "this is no baseline" in run("check", path, "--baseline", path).err
    assert "--write-baseline needs --baseline FILE" in run("check", path, "--write-baseline").err


def test_settings_of_the_folder_are_taken_and_the_command_line_counts_more(run, tmp_path: Path, monkeypatch):
    path = broken(tmp_path)
    below = tmp_path / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    (tmp_path / "workbench.yaml").write_text("rules: {SM301: warning, SM303: off}\n", encoding="utf-8")
    said = run("check", path, "--format", "json")
    assert said.code == 0
    assert {one["code"]: one["severity"] for one in said.json}["SM301"] == "warning"
    assert "SM303" not in {one["code"] for one in said.json}
    assert run("check", path, "--fail-on", "warning").code == 1
    other = tmp_path / "other.yaml"
    other.write_text("select: [SM1]\n", encoding="utf-8")
    assert run("check", path, "--config", other, "--format", "json").json == []
    assert run("check", path, "--config", tmp_path / "nowhere.yaml").code == 2


def test_the_profile_decides_what_shadows_what(run, tmp_path: Path):
    path = tmp_path / "door.yaml"
    path.write_text(
        "name: Door\ninitial_state: open\nstates: [open, {name: shut, final: true}]\ntransitions:\n"
        "  - {name: close, from: open, to: shut, guard: A}\n  - {name: slam, from: open, to: shut, guard: B}\n",
        encoding="utf-8",
    )
    assert run("check", path, "--format", "json").json == []
    (found,) = run("check", path, "--profile", "package", "--format", "json").json
    assert (found["code"], found["line"]) == ("SM205", 6)


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


def test_a_rule_that_needs_settings_shows_them(run):
    assert "Settings:\n    guards: [IsWindy, IsNight]" in run("rules", "SM402").out


def test_the_schema_of_machine_files_is_printed(run):
    schema = run("rules", "--schema").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "initial_state" in schema["anyOf"][0]["properties"]


def test_suggestions_look_at_no_log(run, tmp_path):
    (tmp_path / "log.duckdb").touch()
    said = run("check", tmp_path, "--suggest", "--log", tmp_path / "log.duckdb")
    assert (said.code, said.out) == (2, "")
    assert "--suggest looks at machines alone: leave out --log" in said.err


def test_suggestions_are_one_patch_and_a_sentence_each(run, tmp_path):
    file = tmp_path / "door.yaml"
    file.write_text("name: Door\nstates:\n  - open\n  - shut\ntransitions:\n  - {name: close, from: open, to: shut}\n")
    said = run("check", file, "--suggest")
    assert said.code == 1
    assert said.err.splitlines() == [
        f"{file}:1: SM101 begin in 'open'",
        f"{file}:5: SM303 declare 'shut' final",
    ]
    assert said.out.startswith(f"--- a/{file.as_posix()}\n+++ b/")
    assert "\n+initial_state: open\n" in said.out
    assert run("check", file, "--suggest", "--format", "json").json[0] == {
        "file": str(file), "line": 1, "code": "SM101", "suggestion": "begin in 'open'",
    }  # fmt: skip
    assert run("check", file, "--suggest", "--format", "sarif").code == 2
    file.write_text("name: [")
    assert run("check", file, "--suggest").err.startswith(f"{file}:1:8: SM001")
    file.write_text("{name: D, initial_state: a, states: [a, {name: b, final: true}], transitions: [{from: a, to: b}]}")
    assert (run("check", file, "--suggest").code, run("check", file, "--suggest").out) == (0, "")


def test_a_link_to_nowhere_is_said_to_be_one(run, tmp_path):
    (tmp_path / "door.yaml").symlink_to(tmp_path / "gone.yaml")
    said = run("check", tmp_path / "door.yaml")
    assert (said.code, said.out) == (2, "")
    assert said.err == f"workbench: {tmp_path / 'door.yaml'} is a link to a file that is not there\n"


def test_a_log_is_asked_what_the_machine_does_not_say(run, stored: Path, machines: Path, tmp_path: Path):
    said = run("check", machines, "--log", stored, "--format", "json")
    assert said.code == 0
    (found,) = [one for one in said.json if one["code"] == "SM703"]
    assert (found["line"], found["severity"], found["subjects"][:2]) == (5, "warning", ["pending", "fulfilled"])
    assert run("check", machines, "--log", stored, "--fail-on", "warning").code == 1
    assert (
        run("check", machines, "--log", stored, "--ignore", "SM7", "--format", "json").json
        == run("check", machines, "--format", "json").json
    )
    results = run("check", machines, "--log", stored, "--select", "SM703", "--format", "sarif").json["runs"][0][
        "results"
    ]
    assert [one["ruleId"] for one in results] == ["SM703"]
    kept = tmp_path / "known.json"
    run("check", machines, "--log", stored, "--baseline", kept, "--write-baseline")
    assert run("check", machines, "--log", stored, "--baseline", kept, "--fail-on", "info").code == 0


def test_a_log_without_lives_of_the_machines_is_said(run, stored: Path, tmp_path: Path):
    said = run("check", broken(tmp_path), "--log", stored)
    assert (said.code, said.out) == (2, "")
    assert "no machine matched: the log has Order, the files have Door; --match TYPE=MACHINE" in said.err
    assert run("check", broken(tmp_path), "--match", "Order=Door").code == 2
