"""`diff`, `whatif`, `profile`: two versions of a machine, in files or in git, over a log or what is kept of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def edited(machines: Path, tmp_path: Path) -> Path:
    """The machine without `confirmed -> fulfilled`, and `cancelled` called `given_up`."""
    text = (machines / "order.yaml").read_text(encoding="utf-8").replace("cancelled", "given_up")
    path = tmp_path / "edited.yaml"
    kept = [line for line in text.splitlines() if "name: fulfill," not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def repository(machines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git repository whose last commit holds the machine."""
    for words in (["init", "-q", "-b", "main"], ["add", "machines"], ["commit", "-q", "-m", "machines"]):
        who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *words], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.chdir(tmp_path)
    return machines / "order.yaml"


def test_without_a_log_only_the_machines_are_compared(run, machines: Path, edited: Path):
    said = run("diff", machines / "order.yaml", edited)
    assert said.code == 0
    assert "  - transition 'fulfill' is gone: confirmed → fulfilled" in said.out.splitlines()
    told = run("diff", machines / "order.yaml", edited, "--format", "json").json
    assert (told["same"], told["history"]) == (False, None)


def test_stranded_aggregates_fail_unless_asked_otherwise(run, stored: Path, machines: Path, edited: Path):
    words = ("diff", machines / "order.yaml", edited, "--log", stored)
    said = run(*words)
    assert said.code == 1
    assert said.out.splitlines()[0] == (
        "Under the new machine 3 of 7 moves would have been refused; 1 order now sits in a state it lacks."
    )
    assert "SELECT id FROM orders WHERE status = 'cancelled'" in said.out
    assert run(*words, "--fail-on", "never").code == 0
    renamed = (*words, "--rename", "cancelled=given_up")
    assert run(*renamed).code == 0
    assert run(*renamed, "--fail-on", "refused").code == 1


def test_json_holds_the_machines_and_what_they_mean_for_the_log(run, stored: Path, machines: Path, edited: Path):
    told = run("diff", machines / "order.yaml", edited, "--log", stored, "--format", "json").json
    assert list(told) == ["same", "machines", "removed", "added", "history"]
    assert list(told["history"]) == ["sentences", "counts", "suggested", "moves", "populations", "stranded"]
    assert told["history"]["counts"]["newly_refused"] == 2


def test_a_version_may_be_a_file_or_a_folder_in_git(run, repository: Path, stored: Path):
    text = repository.read_text(encoding="utf-8")
    repository.write_text(text.replace("name: fulfill,", "name: deliver,"), encoding="utf-8")
    for old, new in (("main:machines/order.yaml", repository), ("HEAD:machines", repository.parent)):
        said = run("diff", old, new, "--log", stored)
        assert said.code == 0
        assert "  ~ transition 'deliver' was called 'fulfill'" in said.out.splitlines()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mian:machines/order.yaml", "git cannot show mian:machines/order.yaml: invalid object name 'mian'"),
        (
            "main:machines/ordr.yaml",
            "git cannot show main:machines/ordr.yaml: path 'machines/ordr.yaml' does not exist",
        ),
        ("--output=x:y", "no such option"),
    ],
)
def test_what_git_lacks_is_said_in_one_line(run, repository: Path, given: str, said: str):
    told = run("diff", given, repository)
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert said in told.err


def test_without_git_a_revision_cannot_be_read(run, repository: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    told = run("diff", "main:machines/order.yaml", repository)
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "git is not installed here" in told.err


def test_a_broken_version_in_git_says_its_line(run, repository: Path):
    repository.write_text("name: Torn\nstates: [", encoding="utf-8")
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qam", "x"], check=True)
    told = run("diff", "main:machines/order.yaml", repository)
    assert told.code == 2
    assert "main:machines/order.yaml:2:" in told.err


def test_two_machines_of_one_name_in_git_are_refused_as_on_disk(run, repository: Path):
    (repository.parent / "twin.yaml").write_bytes(repository.read_bytes())
    subprocess.run(["git", "add", "machines"], check=True)
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qam", "x"], check=True)
    for old, first in (("HEAD:machines", "HEAD:machines/order.yaml"), (repository.parent, repository)):
        told = run("diff", old, repository)
        assert told.code == 2
        assert f"is already declared at {first}:1:1" in told.err


def test_a_version_in_git_may_be_as_large_as_a_file(run, repository: Path):
    repository.write_text(repository.read_text(encoding="utf-8") + "# more\n" * 200_000, encoding="utf-8")
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@e", "commit", "-qam", "x"], check=True)
    assert run("diff", "main:machines/order.yaml", repository).code == 0


def test_markdown_shows_nothing_that_data_could_steer(run, export: Path, machines: Path, edited: Path):
    export.write_text(export.read_text(encoding="utf-8").replace("cancelled", "<img src=x>|**@all**"), encoding="utf-8")
    said = run("diff", machines / "order.yaml", edited, "--log", export, "--timezone", "UTC", "--format", "markdown")
    assert "<img" not in said.out
    assert "\\|\\*\\*\\@all\\*\\*" in said.out
    assert said.out.startswith("### Under the new machine 3 of 7 moves would have been refused")


def test_whatif_runs_history_again_with_other_events(run, stored: Path, machines: Path):
    said = run("whatif", stored, "--drop", "4")
    assert said.code == 0
    assert said.out.splitlines()[0] == "1 of 3 lives would part from what they were; 1 would end in another state."
    inserted = {"type": "Order", "aggregate_id": 2, "at": "2026-01-05 12:00", "transition": "confirm"}
    words = ("--machine", machines / "order.yaml", "--insert", json.dumps(inserted))
    told = run("whatif", stored, *words, "--edit", '4={"to_state": "pending"}', "--format", "json").json
    assert [(row["aggregate_id"], row["state_after"]) for row in told["lives"]] == [
        ("2", "confirmed"),
        ("3", "pending"),
    ]
    moved = run(
        "whatif", stored, "--type", "Order", "--id", "2", "--move", "4=2026-01-05 10:00", "--format", "json"
    ).json
    assert moved["counts"]["ending_elsewhere"] == 1
    told = run("whatif", stored, "--drop", "4", "--every", "1 day", "--format", "json").json["over_time"]
    assert [(row["instant"], row["state"], row["before"], row["after"]) for row in told if row["difference"]] == [
        ("2026-01-06T00:00:00Z", "cancelled", 1, 0), ("2026-01-06T00:00:00Z", "pending", 0, 1),
        ("2026-01-07T00:00:00Z", "cancelled", 1, 0), ("2026-01-07T00:00:00Z", "pending", 0, 1),
    ]  # fmt: skip
    assert "Where they stand, every 1 day" in run("whatif", stored, "--drop", "4", "--every", "1 day").out


def test_wrong_changes_are_refused_in_one_line(run, stored: Path, machines: Path):
    for words, said in (
        (("--drop", "99"), "no event named '99'"),
        (("--insert", "{"), "--insert {: write a JSON object"),
        (("--id", "2", "--drop", "4"), "--id needs --type"),
        ((), "what if what?"),
        (("--machine", machines, "--rename", "paid=confirmed"), "no state or transition named 'paid'"),
    ):
        told = run("whatif", stored, *words)
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
        assert said in told.err


def test_a_profile_answers_in_place_of_its_log(run, stored: Path, machines: Path, edited: Path, tmp_path: Path):
    kept = tmp_path / "shop.json"
    said = run("profile", stored, "--out", kept, "--format", "json")
    assert {name: said.json[name] for name in ("variants", "lives", "moves", "first_day", "last_day")} == {
        "variants": 3, "lives": 3, "moves": 7, "first_day": "2026-01-05", "last_day": "2026-01-06",
    }  # fmt: skip
    for words in (
        ("diff", machines / "order.yaml", edited, "--format", "json", "--log"),
        ("whatif", "--machine", edited, "--format", "json"),
    ):
        from_log, from_profile = (run(*words, source).json for source in (stored, kept))
        for name in ("lives", "attributes"):
            assert from_profile.pop(name, None) is None
            from_log.pop(name, None)
        assert from_profile == from_log


def test_conform_says_how_far_a_profile_fits(run, stored: Path, machines: Path, tmp_path: Path):
    kept = tmp_path / "shop.json"
    run("profile", stored, "--out", kept)
    from_log, from_profile = (
        run("conform", source, "--machines", machines, "--format", "json") for source in (stored, kept)
    )
    assert (from_profile.code, from_log.code) == (1, 1)
    rows = [{name: row[name] for name in from_log.json["conformance"][0]} for row in from_profile.json["conformance"]]
    assert rows == from_log.json["conformance"]


def test_other_verbs_say_what_a_profile_cannot_answer(run, stored: Path, tmp_path: Path):
    kept = tmp_path / "shop.json"
    run("profile", stored, "--out", kept)
    told = run("states", kept)
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "is a profile: it holds counts of variants, no events and no aggregates" in told.err


def test_a_profile_may_be_written_anew_by_other_tools_but_not_be_torn(
    run, stored: Path, machines: Path, tmp_path: Path
):
    kept = tmp_path / "shop.json"
    run("profile", stored, "--out", kept)
    text = kept.read_text(encoding="utf-8")
    kept.write_text(json.dumps(json.loads(text), indent=2), encoding="utf-8")
    assert run("whatif", kept, "--machine", machines).code == 0
    for torn in (text[:-4], text.replace('"tracks"', '"track"')):
        kept.write_text(torn, encoding="utf-8")
        said = run("whatif", kept, "--machine", machines)
        assert (said.code, said.err.count("\n")) == (2, 1)
        assert "is not a profile: workbench profile LOG --out FILE writes one" in said.err
    kept.write_text(text.replace('"workbench-profile": 1', '"workbench-profile": 2'), encoding="utf-8")
    assert "a later workbench wrote it" in run("whatif", kept, "--machine", machines).err


def test_instants_in_text_are_written_as_in_every_table(run, stored: Path, edited: Path):
    said = run("whatif", stored, "--machine", edited, "--rename", "cancelled=given_up")
    assert "2026-01-05 12:00:00  confirmed" in said.out
    assert "T12:00:00" not in said.out
    lives = run("whatif", stored, "--machine", edited, "--rename", "cancelled=given_up", "--format", "json").json[
        "lives"
    ]
    assert lives[0]["entered_at"] == "2026-01-05T12:00:00Z"


@pytest.mark.parametrize("every", ["x", ""])
def test_a_step_that_is_none_is_refused_before_a_word_of_the_answer(run, stored: Path, every: str):
    said = run("whatif", stored, "--drop", "4", "--every", every)
    assert (said.code, said.out) == (2, "")
    assert "is no calendar step: write '" in said.err


@pytest.mark.parametrize("form", ["0", "-1", "true", "1.5", '"1"', "null", "[1]"])
def test_a_profile_of_no_format_is_none(run, stored: Path, machines: Path, tmp_path: Path, form: str):
    kept = tmp_path / "kept.json"
    run("profile", stored, "--out", kept)
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace('"workbench-profile": 1', f'"workbench-profile": {form}'), encoding="utf-8")
    assert (
        "is not a profile: workbench profile LOG --out FILE writes one"
        in run("conform", kept, "--machines", machines).err
    )


@pytest.mark.parametrize("broken", ['[[], "pending"]', "[null]", "[1, 0]"])
def test_a_profile_that_was_tampered_with_is_one_line(run, stored: Path, machines: Path, tmp_path: Path, broken: str):
    kept = tmp_path / "kept.json"
    assert run("profile", stored, "--out", kept).code == 0
    text = kept.read_text(encoding="utf-8")
    kept.write_text(text.replace('[null, "pending"]', broken) if "[1" not in broken else text.replace("[1,", "[0,"))
    said = run("conform", kept, "--machines", machines)
    assert "should not have happened" not in said.err
    if broken != '[[], "pending"]':
        assert (said.code, said.out) == (2, "")
        assert f"{kept} is not a profile" in said.err
