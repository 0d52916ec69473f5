"""`find`, `trail`, `replay`, `states`: the support engineer's questions on a stored log and on an export."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest


def test_states_count_all_at_the_last_event_and_say_so(run, stored: Path):
    said = run("states", stored)
    assert said.code == 0
    assert "at 2026-01-06 09:30:00 UTC, the log's last event" in said.out
    rows = run("states", stored, "--format", "json").json
    assert [(row["type"], row["state"], row["aggregates"]) for row in rows] == [
        ("Order", "fulfilled", 2),
        ("Order", "cancelled", 1),
    ]


def test_states_at_an_instant_include_it(run, stored: Path):
    rows = run("states", stored, "--at", "2026-01-05T11:00:00", "--format", "json").json
    assert {row["state"]: row["aggregates"] for row in rows} == {"confirmed": 1, "pending": 1}
    earlier = run("states", stored, "--at", "2026-01-05T12:59:59+02:00", "--format", "json").json
    assert {row["state"]: row["aggregates"] for row in earlier} == {"pending": 2}


def test_states_as_csv_have_a_header_and_nothing_else(run, stored: Path):
    said = run("states", stored, "--at", "2026-01-07", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [(row["state"], row["aggregates"]) for row in rows] == [("fulfilled", "2"), ("cancelled", "1")]
    assert said.err == ""


def test_an_export_is_read_into_memory_and_what_was_assumed_is_said_on_stderr(run, export: Path):
    said = run("states", export, "--format", "json")
    assert [row["aggregates"] for row in said.json] == [2, 1]
    assert (
        "shop.ndjson: 7 rows read, 7 loaded, times without a zone read as UTC (--timezone says otherwise)" in said.err
    )


def test_a_trail_tells_moves_actors_and_causes(run, stored: Path):
    lines = run("trail", stored, "Order", "1").out.splitlines()
    assert lines[0] == "Order 1"
    told = "  2  2026-01-05 11:00:00  state_transitioned  pending -> confirmed    by 3, caused by 1"
    assert lines[3] == told


def test_a_cause_in_another_life_is_named(run, stored: Path):
    assert "caused by Order 1 at 2 (state_transitioned)" in run("trail", stored, "Order", "2").out


def test_a_trail_as_json_has_the_values(run, stored: Path):
    rows = run("trail", stored, "Order", "1", "--format", "json").json
    assert [row["to_state"] for row in rows] == ["pending", "confirmed", "fulfilled"]
    assert rows[1]["changed"] == {"status": ["pending", "confirmed"]}
    assert rows[0]["occurred_at"] == "2026-01-05T10:00:00Z"


def test_a_trail_is_filtered_and_read_on_from_a_place(run, stored: Path):
    def places(*words):
        return [row["place"] for row in run("trail", stored, "Order", "1", "--format", "json", *words).json]

    assert places("--actor", "3") == [2]
    assert places("--since", "2026-01-05T11:00", "--limit", "1") == [2]
    assert places("--after", "1", "--state", "fulfilled") == [3]
    first = run("trail", stored, "Order", "1", "--limit", "2").out.splitlines()
    assert first[-2:] == ["more events: --after 2 shows them", "times in UTC"]
    assert run("trail", stored, "Order", "1", "--after", "3").out.splitlines() == ["Order 1", "(none)"]


def test_replay_is_the_contract_s_object(run, stored: Path):
    assert run("replay", stored, "Order", "1", "--at", "2026-01-05 11:30", "--format", "json").json == {
        "type": "Order", "aggregate_id": "1", "place": 2, "version": None, "occurred_at": "2026-01-05T11:00:00Z",
        "state": "confirmed", "attributes": {"status": "confirmed", "total": 10},
        "changed": {"status": ["pending", "confirmed"]},
    }  # fmt: skip


def test_replay_takes_a_version_or_the_last(run, stored: Path):
    assert run("replay", stored, "Order", "1", "--version", 1, "--format", "json").json["state"] == "pending"
    assert run("replay", stored, "App\\Models\\Order", "1", "--format", "json").json["state"] == "fulfilled"
    assert "state        fulfilled\nafter        event 3 of 3" in run("replay", stored, "Order", "1").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Order", "4"), "has the id '4': the nearest"),
        (("Ordr", "1"), "no aggregate type named 'Ordr': did you mean 'Order'?"),
        (("Order", "1", "--at", "noon"), "'noon' is not a time: write 2026-02-01"),
        (("Order", "1", "--at", "2020-01-01"), "Order 1 is not known at 2020-01-01"),
        (("Order", "1", "--version", "9"), "Order 1 has no place 9"),
        (("Order", "1", "--version", "1", "--at", "2026-01-05"), "give --at or --version, not both"),
    ],
)
def test_what_is_not_there_is_one_line(run, stored: Path, words, told):
    said = run("replay", stored, *words)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert told in said.err


def test_find_is_bad_news_when_nothing_holds_the_text(run, stored: Path):
    found = run("find", stored, "fulfilled", "--format", "json")
    assert [(row["type"], row["aggregate_id"]) for row in found.json] == [("Order", "1"), ("Order", "3")]
    assert found.code == 0
    missing = run("find", stored, "refunded", "--format", "json")
    assert (missing.code, missing.json) == (1, [])


def test_options_of_exports_are_refused_on_a_stored_log(run, stored: Path):
    said = run("states", stored, "--timezone", "UTC")
    assert said.code == 2
    assert "--timezone is for an export" in said.err
