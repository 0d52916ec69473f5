"""A bundle holds the answer of the log, its events with their sources, and says what cannot be known."""

import csv
import hashlib
import json
import zipfile

from bundles import bare, unpacked

import workbench as wb
from workbench.custody import Provenance


def test_the_answer_is_that_of_the_log(log, machines, tmp_path):
    for question in ("off_machine", "time_in_state", "audit_trail"):
        values = {"machines": machines} if question == "off_machine" else {}
        part = log.of("Order").until("2026-01-06 09:30")
        made = wb.evidence(part, question, tmp_path / f"{question}.zip", **values)
        with zipfile.ZipFile(made.path) as archive:
            told = list(csv.reader(archive.read("result.csv").decode().splitlines()))
        asked = getattr(wb, question)(part, **values)
        connection = part.connection
        connection.execute(f"COPY ({asked.sql_query()}) TO '{tmp_path / 'own.csv'}' (FORMAT csv, HEADER)")
        assert told == list(csv.reader((tmp_path / "own.csv").read_text().splitlines()))


def test_every_event_names_its_source_and_row(log, tmp_path):
    made = wb.evidence(log.of("Order", "B-2"), "audit_trail", tmp_path / "e.zip")
    with zipfile.ZipFile(made.path) as archive:
        events = [json.loads(line) for line in archive.read("events.ndjson").decode().splitlines()]
    assert [(e["source"], e["row"], e["aggregate_id"]) for e in events] == [
        ("shop.ndjson", 2, "B-2"),
        ("shop.ndjson", 4, "B-2"),
    ]
    assert events[1]["data"]["context"]["ip"] == "10.0.0.2"
    assert made.events == 2


def test_a_case_takes_the_lives_it_names_with_it_and_no_other(log, machines, tmp_path):
    made = wb.evidence(log, "why", tmp_path / "e.zip", type="Order", id="B-2", machines=machines)
    folder = unpacked(made.path, tmp_path / "e")
    lives = {json.loads(line)["aggregate_id"] for line in (folder / "events.ndjson").read_text().splitlines()}
    assert lives == {"A-1", "B-2"}
    assert "Order B-2 went from pending to cancelled" in (folder / "statement.html").read_text()


def test_the_same_question_of_the_same_log_gives_the_same_bytes(export, tmp_path):
    made = []
    for number in range(2):
        with wb.read_events(export) as log:
            made.append(wb.evidence(log, "time_in_state", tmp_path / f"{number}.zip", by="actor"))
    assert made[0].sha256 == made[1].sha256
    assert made[0].sha256 == hashlib.sha256((tmp_path / "0.zip").read_bytes()).hexdigest()
    stored = tmp_path / "stored.duckdb"
    with wb.open_log(stored, write=True) as log:
        log.add(export)
    with wb.open_log(stored) as log:
        assert wb.evidence(log, "time_in_state", tmp_path / "2.zip", by="actor").sha256 == made[0].sha256


def test_business_hours_and_parts_come_along(log, tmp_path):
    part = log.of("Order").business_hours("Mon-Fri 10:30-11:00")
    made = wb.evidence(part, "time_in_state", tmp_path / "e.zip")
    folder = unpacked(made.path, tmp_path / "e")
    with (folder / "result.csv").open() as file:
        told = {line["state"]: line for line in csv.DictReader(file)}
    assert float(told["pending"]["mean_seconds"]) == 1200.0
    assert made.provenance.part.python == "log.of('Order').business_hours('Mon-Fri 10:30-11:00')"


def test_the_statement_says_what_cannot_be_known(log, machines, tmp_path):
    made = wb.evidence(log.until("2026-01-06"), "off_machine", tmp_path / "e.zip", machines=machines)
    page = unpacked(made.path, tmp_path / "e").joinpath("statement.html").read_text()
    for said in (
        "Times in shop.ndjson that bear no offset were taken as UTC: nobody said so.",
        "1 row of the sources could not become an event",
        "A part of the log was asked",
        "stays are open where the log ends",
        "Guards are read and not evaluated",
    ):
        assert said in page
    assert "<script" not in page


def test_a_hostile_name_stays_text_and_leaves_no_comment(tmp_path):
    name = "</td><script>alert(1)</script>\n'; DROP TABLE events; --"
    rows = [{"case_id": name, "activity": name, "timestamp": "2026-01-01"}]
    with wb.read_events(rows) as log:
        made = wb.evidence(log.where("moves >= 0 -- \n"), "find", tmp_path / "e.zip", text="DROP TABLE")
    folder = unpacked(made.path, tmp_path / "e")
    assert "<script" not in (folder / "statement.html").read_text()
    assert bare(folder).stdout == (folder / "result.csv").read_bytes()


def test_a_log_without_events_has_evidence_too(tmp_path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as log:
        made = wb.evidence(log, "transition_counts", tmp_path / "e.zip")
    assert (made.rows, made.events) == (0, 0)
    assert made.provenance.instant is None


def test_a_machine_that_never_was_a_file_is_written_as_one(log, tmp_path):
    found = wb.discover(log)
    made = wb.evidence(log, "off_machine", tmp_path / "e.zip", machines=wb.Machines([found]))
    folder = unpacked(made.path, tmp_path / "e")
    (again,) = wb.read_machines(folder / "machines").values()
    assert again.pairs.keys() == found.pairs.keys()


def test_provenance_tells_the_part_as_code_that_takes_it(log):
    part = log.of("Order", "A-1", "B-2").where("moves > 1", ended_in="cancelled").until("2026-01-05T12:00:00+01:00")
    told = Provenance.of(part)
    assert told.part.python == (
        "log.of('Order', 'A-1', 'B-2').where('moves > 1', ended_in='cancelled').until('2026-01-05 11:00:00')"
    )
    again = eval(told.part.python, {"log": log})  # noqa: S307  our own code
    assert again.lives.fetchall() == part.lives.fetchall()
    assert json.loads(told.json())["imports"][0]["rejected"] == 1
