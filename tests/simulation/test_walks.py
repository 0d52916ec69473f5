"""What a simulation writes: the same bytes for the same seed, the store's shape, and only what the machines allow."""

from __future__ import annotations

import csv
import gzip
import hashlib
import itertools
import json
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

import workbench as wb
from workbench.errors import SourceError, UnknownNameError, WorkbenchError
from workbench.simulation import write_export


@pytest.fixture(scope="module")
def machines(root: Path):
    return wb.read_machines(root / "machines")


@pytest.fixture(scope="module")
def rows(machines, tmp_path_factory: pytest.TempPathFactory) -> list[dict]:
    path = tmp_path_factory.mktemp("walks") / "a.ndjson"
    write_export(machines, path, lives=120, seed=7)
    return read(path)


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def lives(rows: list[dict]) -> dict[tuple[str, int], list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row["aggregate_type"], row["aggregate_id"]].append(row)
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["a.ndjson", "a.csv", "a.ndjson.gz"])
def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(machines, tmp_path: Path, name: str):
    digests = []
    for folder, seed in (("first", 7), ("second", 7), ("third", 8)):
        (tmp_path / folder).mkdir()
        write_export(machines, tmp_path / folder / name, lives=60, seed=seed)
        digests.append(digest(tmp_path / folder / name))
    assert digests[0] == digests[1] != digests[2]


def test_more_lives_than_a_chunk_holds_are_the_same_walks(machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_export(machines, tmp_path / "whole.ndjson", lives=50)
    monkeypatch.setattr("workbench.simulation.export._LIVES_A_CHUNK", 7 * len(machines))
    write_export(machines, tmp_path / "pieces.ndjson", lives=50)
    assert digest(tmp_path / "whole.ndjson") == digest(tmp_path / "pieces.ndjson")


def test_every_machine_gets_its_lives_and_the_report_counts_them(machines, tmp_path: Path):
    report = write_export(machines, tmp_path / "a.ndjson", lives=40)
    rows = read(tmp_path / "a.ndjson")
    assert Counter(kind for kind, _ in lives(rows)) == dict.fromkeys((m.model for m in machines.values()), 40)
    assert (report.events, report.lives) == (len(rows), 40 * len(machines))
    assert [str(report.first), str(report.last)] == [rows[0]["occurred_at"], rows[-1]["occurred_at"]]


def test_ids_count_from_one_in_the_order_of_time(rows):
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    times = [row["occurred_at"] for row in rows]
    assert times == sorted(times)
    assert all(datetime.fromisoformat(time).microsecond == 0 and len(time) == 19 for time in times)


def test_a_row_has_the_shape_of_the_event_store(rows):
    moved = next(row for row in rows if row["event_type"] == "state_transitioned")
    assert list(moved) == ["id", "aggregate_type", "aggregate_id", "event_type", "event_data", "occurred_at"]
    data = moved["event_data"]
    assert list(data) == ["from_state", "to_state", "context", "user_id", "timestamp", "model_snapshot"]
    assert data["timestamp"] == moved["occurred_at"].replace(" ", "T") + ".000000Z"
    assert data["model_snapshot"]["status"] == data["to_state"]
    assert {row["event_type"] for row in rows} == {"model_created", "model_updated", "state_transitioned"}


def test_a_life_begins_in_the_initial_state_and_moves_only_as_the_machine_allows(machines, rows):
    by_model = {machine.model: machine for machine in machines.values()}
    moves = 0
    for (model, _), told in lives(rows).items():
        state = told[0]["event_data"]["attributes"]["status"]
        assert state == by_model[model].initial
        for row in told[1:]:
            if row["event_type"] == "state_transitioned":
                assert row["event_data"]["from_state"] == state
                assert by_model[model].allows(state, row["event_data"]["to_state"])
                state, moves = row["event_data"]["to_state"], moves + 1
    assert moves > 2000


def test_nothing_happens_after_a_final_state(machines, rows):
    by_model = {machine.model: machine for machine in machines.values()}
    for (model, _), told in lives(rows).items():
        left = [row["event_data"].get("from_state") for row in told]
        assert not set(left) & set(by_model[model].finals)


def test_a_snapshot_is_what_the_events_so_far_add_up_to(rows):
    checked = 0
    for told in lives(rows).values():
        attributes: dict = {}
        for row in told:
            data = row["event_data"]
            attributes |= data.get("attributes") or data.get("new_attributes") or {"status": data["to_state"]}
            if "model_snapshot" in data:
                attributes["updated_at"] = data["timestamp"]
                assert attributes == data["model_snapshot"]
                checked += 1
    assert checked > 2000


def test_stock_and_parcels_carry_the_order_and_its_correlation(rows):
    first = {key: told[0]["event_data"] for key, told in lives(rows).items()}
    order = first["App\\Models\\Order", 17]
    for model in ("App\\Models\\InventoryItem", "App\\Models\\Fulfillment"):
        other = first[model, 17]
        assert other["attributes"]["order_id"] == 17
        assert other["context"]["correlation_id"] == order["context"]["correlation_id"]
        assert other["attributes"]["created_at"] > order["attributes"]["created_at"]
    assert "order_id" not in first["App\\Models\\SmartDevice", 17]["attributes"]


def test_a_cause_is_an_earlier_row_of_the_same_case(rows):
    by_id = {str(row["id"]): row for row in rows}
    caused = [row for row in rows if row["event_data"]["context"]["causation_id"]]
    assert len(caused) > len(rows) / 2
    for row in caused:
        context = row["event_data"]["context"]
        cause = by_id[context["causation_id"]]
        assert cause["id"] < row["id"]
        assert cause["event_data"]["context"]["correlation_id"] == context["correlation_id"]


def test_people_work_in_office_hours_and_guards_name_what_triggered_the_rest(rows):
    by_people = [row for row in rows if row["event_data"].get("user_id") and "to_state" in row["event_data"]]
    times = [datetime.fromisoformat(row["occurred_at"]) for row in by_people]
    assert len(times) > 300
    assert all(time.weekday() < 5 and 9 <= time.hour < 17 for time in times)
    assert {row["event_data"]["user_id"] for row in by_people} == set(range(1, 10))
    confirmed = [row["event_data"] for row in rows if row["event_data"].get("to_state") == "confirmed"]
    assert {data["context"]["triggered_by_event"]["class"] for data in confirmed} == {"App\\Events\\PaymentConfirmed"}


def test_waits_have_a_long_tail(rows):
    waits = sorted(
        (datetime.fromisoformat(b["occurred_at"]) - datetime.fromisoformat(a["occurred_at"])).total_seconds()
        for told in lives(rows).values()
        for a, b in itertools.pairwise(told)
        if b["event_type"] == "state_transitioned"
    )
    median, mean = waits[len(waits) // 2], sum(waits) / len(waits)
    assert mean > 3 * median


def test_only_transitions_writes_nothing_else(machines, tmp_path: Path):
    write_export(machines, tmp_path / "a.ndjson", lives=60, only_transitions=True)
    rows = read(tmp_path / "a.ndjson")
    assert {row["event_type"] for row in rows} == {"state_transitioned"}
    assert [row["id"] for row in rows] == list(range(1, len(rows) + 1))
    assert rows[0]["event_data"]["model_snapshot"]["created_at"] < rows[0]["event_data"]["timestamp"]


def test_without_snapshots_a_row_holds_the_move_alone(machines, tmp_path: Path):
    write_export(machines, tmp_path / "a.ndjson", lives=10, only_transitions=True, snapshots=False)
    keys = {tuple(row["event_data"]) for row in read(tmp_path / "a.ndjson")}
    assert keys == {("from_state", "to_state", "context", "user_id", "timestamp")}


def test_ties_come_on_request_and_never_else(machines, rows, tmp_path: Path):
    write_export(machines, tmp_path / "ties.ndjson", lives=60, ties=True)

    def ties(told_rows: list[dict]) -> int:
        return sum(
            a["occurred_at"] == b["occurred_at"]
            for told in lives(told_rows).values()
            for a, b in itertools.pairwise(told)
        )

    assert ties(rows) == 0
    assert ties(read(tmp_path / "ties.ndjson")) > 50


def test_csv_parquet_and_gz_hold_the_same_rows(machines, tmp_path: Path):
    for name in ("a.ndjson", "a.csv", "a.parquet", "a.ndjson.gz"):
        write_export(machines, tmp_path / name, lives=30)
    told = read(tmp_path / "a.ndjson")
    assert gzip.decompress((tmp_path / "a.ndjson.gz").read_bytes()) == (tmp_path / "a.ndjson").read_bytes()
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        in_csv = list(csv.DictReader(file))
    in_parquet = duckdb.sql(f"FROM '{tmp_path / 'a.parquet'}'").fetchall()
    assert [json.loads(row["event_data"]) for row in in_csv] == [row["event_data"] for row in told]
    assert [[*row.values()][:4] for row in in_csv] == [[str(v) for v in [*row.values()][:4]] for row in told]
    assert [(row[0], json.loads(row[4]), row[5]) for row in in_parquet] == [
        (row["id"], row["event_data"], row["occurred_at"]) for row in told
    ]


def test_a_simulated_log_has_no_off_machine_move_and_nothing_to_doubt(machines):
    log = wb.simulate(machines, lives=80, seed=3)
    assert wb.off_machine(log, machines).fetchall() == []
    assert wb.quality(log).fetchall() == []
    assert log.rejected.fetchall() == []


def test_transitions_alone_replay_as_the_machines_allow(machines):
    log = wb.simulate(machines, lives=80, seed=3, only_transitions=True, ties=True)
    assert wb.off_machine(log, machines).fetchall() == []
    assert log.sql("SELECT count(*) FROM moves WHERE inferred AND entered_at IS NULL").fetchall() == [(0,)]


def test_a_machine_alone_keeps_its_own_state_field(tmp_path: Path):
    text = "{name: Door, model: App\\Door, states: [shut, wide], initial: shut, transitions: [{from: shut, to: wide}]}"
    (tmp_path / "door.yaml").write_text(f"state_machine: {text}", encoding="utf-8")
    door = wb.read_machines(tmp_path / "door.yaml")["Door"]
    log = wb.simulate(door, lives=50)
    assert door.field == "state"
    assert log.sql("SELECT DISTINCT field FROM moves").fetchall() == [("state",)]
    assert log.sql("SELECT count(*) FROM moves WHERE to_state = 'shut'").fetchall() == [(50,)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"lives": 0}, "lives must be at least 1, not 0"),
        ({"days": 0}, "days must be at least 1, not 0"),
        ({"faults": ["gapp"]}, "no fault named 'gapp': did you mean 'gap'?"),
        ({"faults": {"gap": 0}}, "the number of faults of kind gap must be at least 1, not 0"),
        (
            {"faults": ["hand_set_state"], "only_transitions": True},
            "a hand_set_state is a model_updated row, and only_transitions leaves those out",
        ),
    ],
)
def test_a_number_or_name_that_makes_no_sense_is_said_in_a_sentence(machines, tmp_path: Path, options, sentence):
    with pytest.raises(WorkbenchError) as raised:
        write_export(machines, tmp_path / "a.ndjson", **options)
    assert str(raised.value) == sentence
    assert isinstance(raised.value, UnknownNameError) == ("named" in sentence)


def test_a_path_that_cannot_be_written_is_said_in_a_sentence(machines, tmp_path: Path):
    with pytest.raises(SourceError, match="does not say what to write: end the name in"):
        write_export(machines, tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match="there is no folder"):
        write_export(machines, tmp_path / "none" / "a.ndjson")


def test_no_machine_and_two_for_one_model_are_said_in_a_sentence(machines, tmp_path: Path):
    with pytest.raises(WorkbenchError, match="there is no machine to walk"):
        write_export([], tmp_path / "a.ndjson")
    (tmp_path / "b.yaml").write_text(
        "name: Second\nmodel: App\\Models\\Order\ninitial_state: a\ntransitions: [{name: x, from: a, to: b}]\n",
        encoding="utf-8",
    )
    both = [*machines.values(), wb.read_machines(tmp_path / "b.yaml")["Second"]]
    with pytest.raises(WorkbenchError, match=r"both speak for App\\Models\\Order: simulate one of them at a time"):
        write_export(both, tmp_path / "a.ndjson")
