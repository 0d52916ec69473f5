"""`import` and `mappings`: every row is accounted for, on stdout as the contract says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench.events.mapping import parse_mapping


def test_the_report_adds_up(run, export: Path, tmp_path: Path):
    with export.open("a", encoding="utf-8") as file:
        file.write("[1]\n")
    said = run("import", export, "--into", tmp_path / "log.duckdb", "--format", "json")
    report = said.json
    seconds = report.pop("seconds")
    assert report | {"reasons": sum(report["reasons"].values())} == {
        "read": 8, "loaded": 7, "duplicate": 0, "rejected": 1, "reasons": 1, "zone_assumed": True,
    }  # fmt: skip
    assert seconds > 0
    assert said.code == 0


def test_a_person_reads_counts_reasons_and_the_mapping(run, export: Path, tmp_path: Path):
    with export.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    out = run("import", export, "--into", tmp_path / "log.duckdb").out
    assert "8 rows read = 7 loaded + 0 duplicate + 1 rejected\n  rejected 1: " in out
    assert "read as event_store (" in out
    assert "times without a zone were read as UTC" in out


def test_the_same_file_again_loads_nothing_and_says_so(run, export: Path, stored: Path):
    said = run("import", export, "--into", stored, "--format", "json")
    assert (said.json["duplicate"], said.json["loaded"], said.code) == (7, 0, 1)


def test_strict_is_bad_news_when_a_row_is_rejected(run, export: Path, tmp_path: Path):
    with export.open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    assert run("import", export, "--into", tmp_path / "a.duckdb").code == 0
    assert run("import", export, "--into", tmp_path / "b.duckdb", "--strict").code == 1


def test_a_dry_run_shows_the_mapping_and_lives_and_writes_nothing(run, export: Path, tmp_path: Path):
    before = sorted(tmp_path.iterdir())
    said = run("import", export, "--dry-run")
    assert said.code == 0
    assert "mapping  event_store: its columns aggregate_type" in said.out
    assert "zone     UTC (assumed: --timezone says otherwise)" in said.out
    assert [line for line in said.out.splitlines() if line.startswith("Order ")] == ["Order 1", "Order 2", "Order 3"]
    assert sorted(tmp_path.iterdir()) == before


def test_a_dry_run_as_json_is_one_document(run, export: Path):
    told = run("import", export, "--dry-run", "--format", "json").json
    assert (told["mapping"], told["zone"], told["zone_assumed"], told["loaded"]) == ("event_store", "UTC", True, 7)
    assert [(life["type"], life["aggregate_id"]) for life in told["lives"]] == [("Order", n) for n in "123"]
    assert told["lives"][0]["events"][0]["occurred_at"] == "2026-01-05T10:00:00Z"


def test_several_sources_make_one_report(run, export: Path, tmp_path: Path):
    rows = export.read_text(encoding="utf-8").splitlines()
    pieces = [tmp_path / "one.ndjson", tmp_path / "two.ndjson"]
    for piece, part in zip(pieces, (rows[:4], rows[4:]), strict=True):
        piece.write_text("\n".join(part) + "\n", encoding="utf-8")
    said = run("import", *pieces, "--into", tmp_path / "log.duckdb", "--format", "json")
    assert (said.json["read"], said.json["loaded"]) == (7, 7)


def test_a_roster_gives_creation_times_and_aggregates_without_events(run, export: Path, tmp_path: Path):
    roster = tmp_path / "orders.csv"
    roster.write_text("id,created_at,status\n1,2026-01-05 10:00:00,fulfilled\n9,2026-01-07 10:00:00,pending\n")
    log = tmp_path / "log.duckdb"
    assert run("import", export, "--into", log, "--roster", f"Order={roster}").code == 0
    rows = run("sql", log, "SELECT aggregate_id, state FROM rosters ORDER BY ALL", "--format", "json").json
    assert rows == [{"aggregate_id": "1", "state": "fulfilled"}, {"aggregate_id": "9", "state": "pending"}]


def test_replace_adds_in_a_copy_and_renames_it(run, export: Path, stored: Path):
    before = stored.stat().st_ino
    late = export.with_name("late.ndjson")
    late.write_text(export.read_text(encoding="utf-8").splitlines()[0].replace('"id": 1', '"id": 99') + "\n")
    assert run("import", late, "--into", stored, "--replace").code == 0
    assert stored.stat().st_ino != before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "workbench import: --into LOG is missing: it names the log to extend or to make"),
        (
            ("--into", "log.duckdb", "--mapping", "event_stor"),
            "no mapping named 'event_stor': did you mean 'event_store'?",
        ),
        (("--into", "log.duckdb", "--timezone", "Europe/Pari"), "no time zone named 'Europe/Pari'"),
        (("--into", "log.duckdb", "--roster", "orders.csv"), "--roster orders.csv: write it as A=B"),
        (
            ("--into", "log.duckdb", "--state-field", "a", "--state-field", "b"),
            "--state-field a: write TYPE=a when there are",
        ),
    ],
)
def test_what_is_wrong_is_one_line(run, export: Path, words, told, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(export.parent)
    said = run("import", export, *words)
    assert said.code == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    assert not export.with_name("log.duckdb").exists()


def test_a_file_without_a_header_gets_the_command_that_names_its_columns(run, tmp_path: Path):
    bare = tmp_path / "bare.csv"
    bare.write_text("1,Order,7,paid,{},2026-01-05 10:00:00,2026-01-05 10:00:00,2026-01-05 10:00:00\n" * 3)
    said = run("import", bare, "--into", tmp_path / "log.duckdb")
    assert said.code == 2
    assert "--columns id,aggregate_type,aggregate_id,event_type,event_data,occurred_at" in said.err


def test_columns_can_be_named_by_hand(run, tmp_path: Path):
    bare = tmp_path / "bare.csv"
    bare.write_text("7,paid,2026-01-05 10:00:00\n8,paid,2026-01-05 11:00:00\n")
    told = run("import", bare, "--dry-run", "--columns", "case_id,activity,timestamp", "--format", "json").json
    assert (told["mapping"], told["loaded"]) == ("generic", 2)


def test_mappings_say_what_is_understood(run):
    listed = {one["name"]: one for one in run("mappings", "--format", "json").json}
    assert {"event_store", "generic", "roster"} <= set(listed)
    assert listed["event_store"]["columns"]["actor"] == ["event_data.user_id"]
    assert "event_data.user_id" in run("mappings", "event_store").out
    assert "did you mean 'generic'?" in run("mappings", "genric").err


def test_a_starting_mapping_is_guessed_from_the_columns_and_works(run, tmp_path: Path):
    export, mapping = tmp_path / "odd.csv", tmp_path / "mine.yaml"
    export.write_text("Order Id,Old State,New State,When,Who\n7,,paid,2026-01-05 10:00,ann\n", encoding="utf-8")
    assert run("mappings", export, "--new", mapping).code == 0
    assert parse_mapping(mapping.read_text(encoding="utf-8"), where="mine").name == "mine"
    (life,) = run("import", export, "--mapping", mapping, "--dry-run", "--format", "json").json["lives"]
    assert (life["aggregate_id"], life["events"][0]["to_state"], life["events"][0]["actor"]) == ("7", "paid", "ann")


def test_a_starting_mapping_finds_the_time_by_what_the_column_holds(run, tmp_path: Path):
    rows = "\n".join(f"P{n};collected;2026-02-23 11:33:{n:02};20260223" for n in range(20))
    (tmp_path / "scans.csv").write_text(f"parcel;scan;scanned_at;day\n{rows}\nP20;lost;soon;1\n", encoding="utf-8")
    assert run("mappings", tmp_path / "scans.csv", "--new", tmp_path / "mine.yaml").code == 0
    told = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert 'occurred_at: "scanned_at"\n' in told
    assert told.endswith("# not used: parcel, scan, day\n")


def test_a_starting_mapping_never_overwrites(run, export: Path, tmp_path: Path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("mine", encoding="utf-8")
    said = run("mappings", export, "--new", mine)
    assert (said.code, mine.read_text(encoding="utf-8")) == (2, "mine")
    assert "is there already" in said.err


def test_progress_stays_off_stdout(run, export: Path, tmp_path: Path):
    said = run("import", export, "--into", tmp_path / "log.duckdb", "--format", "json")
    assert json.loads(said.out)["read"] == 7
    assert said.err == ""
