"""A third party checks an answer with sha256sum and a bare DuckDB."""

import csv
import shutil
import subprocess

import duckdb
import pytest
from bundles import MACHINE, bare, unpacked

import workbench as wb

PAID = """\
  - name: confirmed by somebody who may
    rule: precedence
    of: [state_transitioned, fulfilled]
    on: [event, state]
    when: has(data.user_id) && data.user_id == 'u-3'
"""
QUESTIONS = {
    "audit_trail": {},
    "state_distribution": {"at": "2026-01-05 11:15"},
    "time_in_state": {"by": "actor"},
    "off_machine": {"machines": True},
    "violations": {"machines": True},
    "holds": {"machines": True},
    "conformance": {"machines": True},
    "related": {"type": "Order", "id": "B-2"},
    "why": {"type": "Order", "id": "B-2", "machines": True},
    "why_not": {"type": "Order", "id": "B-2", "to": "fulfilled", "machines": True},
    "field_history": {"path": "email"},
    "quality": {},
    "alignments": {"machines": True},
    "find": {"text": "ann@x.example"},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_third_party_needs_nothing_but_sha256sum_and_duckdb(log, machines, tmp_path, question):
    values = {name: machines if value is True else value for name, value in QUESTIONS[question].items()}
    made = wb.evidence(log, question, tmp_path / "e.zip", **values)
    folder = unpacked(made.path, tmp_path / "e")
    if shutil.which("sha256sum"):
        checked = subprocess.run(
            ["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
        )
        assert checked.stdout.count(": OK") == len(made.files) - 1
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert kept == set(made.files) >= {"result.csv", "events.ndjson", "question.sql", "imports.csv", "statement.html"}
    again = bare(folder).stdout
    assert again == (folder / "result.csv").read_bytes()
    assert again.count(b"\n") == made.rows + 1
    assert [path.read_text() for path in folder.glob("machines/*")] == ([MACHINE] if "machines" in values else [])


@pytest.fixture(params=["", PAID], ids=["of states", "with a condition"])
def asked(request, tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(MACHINE + request.param, encoding="utf-8")
    return wb.read_machines(path)


@pytest.mark.parametrize("question", ["holds", "violations"])
def test_verdicts_are_worked_out_anew_from_the_events(log, asked, tmp_path, question):
    made = wb.evidence(log, question, tmp_path / "e.zip", machines=asked)
    folder = unpacked(made.path, tmp_path / "e")
    result = (folder / "result.csv").read_bytes()
    assert bare(folder).stdout == result
    changed_in(folder, "to_state = 'cancelled'", "aggregate_id = 'A-1' AND to_state = 'confirmed'")
    changed_in(folder, "from_recorded = 'cancelled'", "aggregate_id = 'A-1' AND from_recorded = 'confirmed'")
    forged = bare(folder).stdout
    assert forged != result
    told = list(csv.DictReader(forged.decode().splitlines()))
    if question == "holds":
        assert told[1]["violated"] == "2"
    else:
        assert [line["aggregate_id"] for line in told if line["property"] == "confirmed before fulfilled"] == [
            "A-1",
            "C-3",
        ]


@pytest.mark.parametrize("question", ["holds", "violations"])
def test_a_life_that_nobody_judged_is_refused(log, asked, tmp_path, question):
    made = wb.evidence(log, question, tmp_path / "e.zip", machines=asked)
    folder = unpacked(made.path, tmp_path / "e")
    changed_in(folder, "to_state = 'confirmed'", "aggregate_id = 'C-3' AND to_state = 'fulfilled'")
    refused = bare(folder)
    assert refused.stdout == b""
    assert b"no meaning is stated for the word" in refused.stderr
    assert b"where the log has grown since, ask again" in refused.stderr


def changed_in(folder, change, where):
    """Change an event in the tables of a bundle."""
    path = folder / "tables" / "events.parquet"
    there = duckdb.connect()
    there.execute(f"CREATE TABLE forged AS FROM '{path}'")
    assert len(there.execute(f"UPDATE forged SET {change} WHERE {where} RETURNING 1").fetchall()) == 1
    there.execute(f"COPY forged TO '{path}' (FORMAT parquet)")


@pytest.mark.parametrize("question", ["holds", "violations"])
def test_a_condition_speaks_of_what_the_events_say(log, tmp_path, question):
    (tmp_path / "order.yaml").write_text(MACHINE + PAID, encoding="utf-8")
    machines = wb.read_machines(tmp_path / "order.yaml")
    folder = unpacked(wb.evidence(log, question, tmp_path / "e.zip", machines=machines).path, tmp_path / "e")
    result = (folder / "result.csv").read_bytes()
    changed_in(folder, "data = replace(data::VARCHAR, 'u-3', 'u-7')::JSON", "event_id = '3'")
    assert bare(folder).stdout not in {b"", result}
    changed_in(folder, "data = replace(data::VARCHAR, 'u-7', 'u-8')::JSON", "event_id = '3'")
    refused = bare(folder)
    assert refused.stdout == b""
    assert b"no answer is stated for what the condition of" in refused.stderr


def test_causes_are_followed_anew_through_the_events(log, tmp_path):
    folder = unpacked(wb.evidence(log, "why", tmp_path / "e.zip", type="Order", id="B-2").path, tmp_path / "e")
    assert [line["event"] for line in csv.DictReader(bare(folder).stdout.decode().splitlines())] == ["4", "3", "1"]
    changed_in(folder, "causation_id = NULL", "event_id = '3'")
    assert [line["event"] for line in csv.DictReader(bare(folder).stdout.decode().splitlines())] == ["4", "3"]


def test_the_files_say_what_is_worked_out_anew_and_what_is_only_stated(log, machines, tmp_path):
    for question, values, said in (
        ("holds", {"machines": machines}, "Only stated there: what each word means under its rule (meanings)"),
        ("violations", {"machines": machines}, "Only stated there: what each word means under its rule (meanings)"),
        ("off_machine", {"machines": machines}, "All rows are worked out anew by question.sql."),
        ("why", {"type": "Order", "id": "B-2"}, "Only stated there: which event made it so"),
        ("why_not", {"type": "Order", "id": "C-3", "to": "cancelled"}, "All rows were worked out by the workbench"),
    ):
        folder = unpacked(wb.evidence(log, question, tmp_path / f"{question}.zip", **values).path, tmp_path / question)
        script = (folder / "question.sql").read_text(encoding="utf-8").partition(";")[0].replace("\n-- ", " ")
        assert said in script
        assert said in (folder / "statement.html").read_text(encoding="utf-8")
