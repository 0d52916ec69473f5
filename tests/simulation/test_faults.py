"""Each labelled fault is found by the question that is meant for it, and nothing else is complained of."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

import workbench as wb
from workbench.simulation import write_export
from workbench.simulation.labels import KINDS


@pytest.fixture(scope="module")
def machines(root: Path):
    return wb.read_machines(root / "machines")


def judged(machines, path: Path, faults, **options):
    """Return the labels and, for each lives' key, what off_machine and the recorded from-states say of it."""
    report = write_export(machines, path, lives=200, seed=11, faults=faults, **options)
    log = wb.read_events(path)
    off = wb.off_machine(log, machines).select("type, aggregate_id, why").fetchall()
    broken = log.sql(
        "SELECT type, aggregate_id FROM moves WHERE NOT inferred AND from_recorded <> from_state"
    ).fetchall()
    found = defaultdict(set)
    for type_, id_, why in off:
        found[log.full_type(type_), id_].add(why)
    for type_, id_ in broken:
        found[log.full_type(type_), id_].add("chain")
    return report, log, found


def key(fault) -> tuple[str, str]:
    return fault.aggregate_type, fault.aggregate_id


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("gap", "chain"),
        ("swapped_times", "chain"),
        ("illegal_move", ("no such transition", "event after a final state")),
        ("hand_set_state", "state set without a transition"),
        ("unknown_state", "unknown state"),
    ],
)
@pytest.mark.parametrize("only_transitions", [False, True])
def test_a_fault_of_a_life_is_found_in_that_life_and_in_no_other(
    machines, tmp_path: Path, kind: str, why: str | tuple[str, ...], only_transitions: bool
):
    kinds = () if kind == "hand_set_state" and only_transitions else {kind: 12}
    report, _, found = judged(machines, tmp_path / "a.ndjson", kinds, only_transitions=only_transitions)
    labelled = {key(fault) for fault in report.faults}
    assert len(labelled) == sum(dict(kinds).values())
    assert set(found) == labelled
    expected = {why} if isinstance(why, str) else set(why)
    assert all(whys & expected for whys in found.values())


def test_a_duplicate_is_counted_and_changes_nothing_else(machines, tmp_path: Path):
    report, log, found = judged(machines, tmp_path / "a.ndjson", {"duplicate": 9})
    assert log.sql("SELECT read, duplicate, rejected FROM imports").fetchall() == [(report.events, 9, 0)]
    lines = (tmp_path / "a.ndjson").read_text(encoding="utf-8").splitlines()
    assert all(lines[fault.position - 1] == lines[fault.position - 2] for fault in report.faults)
    assert found == {}


def test_broken_json_is_rejected_with_its_row(machines, tmp_path: Path):
    report, log, found = judged(machines, tmp_path / "a.ndjson", {"broken_json": 9})
    assert [row[0] for row in log.sql("SELECT position FROM rejected ORDER BY position").fetchall()] == sorted(
        fault.position for fault in report.faults
    )
    assert found == {}


def test_broken_json_in_a_csv_is_rejected_too(machines, tmp_path: Path):
    report, log, _ = judged(machines, tmp_path / "a.csv", {"broken_json": 5})
    assert log.sql("SELECT count(*) FROM rejected").fetchall() == [(5,)]
    assert len(report.faults) == 5


def test_a_gap_is_a_hole_in_the_ids_where_the_label_says(machines, tmp_path: Path):
    report, _, _ = judged(machines, tmp_path / "a.ndjson", {"gap": 6})
    ids = {json.loads(line)["id"] for line in (tmp_path / "a.ndjson").read_text(encoding="utf-8").splitlines()}
    missing = set(range(1, max(ids) + 1)) - ids
    assert missing == {int(fault.event_id) for fault in report.faults}
    assert {fault.position for fault in report.faults} == {None}


def test_labels_point_at_their_rows_and_stand_beside_the_export(machines, tmp_path: Path):
    report = write_export(machines, tmp_path / "a.ndjson", lives=300, faults=True, ties=True)
    lines = (tmp_path / "a.ndjson").read_text(encoding="utf-8").splitlines()
    assert report.events == len(lines)
    assert {fault.kind for fault in report.faults} == set(KINDS)
    for fault in report.faults:
        if fault.kind not in ("gap", "broken_json"):
            row = json.loads(lines[fault.position - 1])
            assert (row["aggregate_type"], str(row["aggregate_id"]), str(row["id"])) == (
                fault.aggregate_type,
                fault.aggregate_id,
                fault.event_id,
            )
        elif fault.kind == "broken_json":
            assert lines[fault.position - 1].startswith(f'{{"id":{fault.event_id},')
    with report.faults_path.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert report.faults_path.name == "a.ndjson.faults.csv"
    assert [(row["kind"], row["event_id"]) for row in written] == [(f.kind, f.event_id) for f in report.faults]


def test_a_life_bears_one_fault_at_most(machines, tmp_path: Path):
    report = write_export(machines, tmp_path / "a.ndjson", lives=100, faults=dict.fromkeys(KINDS, 20))
    assert len({key(fault) for fault in report.faults}) == len(report.faults) == 140


def test_without_faults_there_are_no_labels(machines, tmp_path: Path):
    report = write_export(machines, tmp_path / "a.ndjson", lives=10)
    assert (report.faults, report.faults_path) == ((), None)
    assert [path.name for path in tmp_path.iterdir()] == ["a.ndjson"]
