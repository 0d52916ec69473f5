"""An answer is handed on whole: a third party checks it with sha256sum and a bare DuckDB, and sees no masked value."""

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

import duckdb
import pytest

import workbench as wb
from workbench.custody import Provenance

KEY = "a secret that is kept by the sender"
MACHINE = """\
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states: [pending, confirmed, {name: fulfilled, final: true}, {name: cancelled, final: true}]
transitions:
  - {name: confirm, from: [pending], to: confirmed, guard: IsPaid}
  - {name: fulfill, from: [confirmed], to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
properties:
  - {name: confirmed before fulfilled, state: fulfilled, needs_before: confirmed}
"""
PAID = """\
  - name: confirmed by somebody who may
    rule: precedence
    of: [state_transitioned, fulfilled]
    on: [event, state]
    when: has(data.user_id) && data.user_id == 'u-3'
"""
BARE = """
import sys, duckdb
con = duckdb.connect()
con.execute(open("question.sql", encoding="utf-8").read())
assert "workbench" not in sys.modules
con.execute("COPY answer TO '/dev/stdout' (HEADER)")
"""


def row(id, order, kind, at, **data):
    whose = {"id": id, "aggregate_type": "App\\Models\\Order", "aggregate_id": order, "event_type": kind}
    return json.dumps(whose | {"event_data": data, "occurred_at": at})


ROWS = [
    row(1, "A-1", "model_created", "2026-01-05 10:00:00", attributes={"status": "pending", "email": "ann@x.example"}),
    row(2, "B-2", "model_created", "2026-01-05 10:30:00", attributes={"status": "pending", "email": "bob@x.example"}),
    row(3, "A-1", "state_transitioned", "2026-01-05 11:00:00", from_state="pending", to_state="confirmed",
        user_id="u-3", context={"ip": "10.0.0.1", "causation_id": "1"}, big=12345678901234567890123),
    row(4, "B-2", "state_transitioned", "2026-01-05 11:30:00", from_state="pending", to_state="cancelled",
        user_id="u-7", context={"ip": "10.0.0.2", "causation_id": "3", "tags": [{"email": "ann@x.example"}]}),
    row(5, "A-1", "state_transitioned", "2026-01-05 12:00:00", from_state="confirmed", to_state="fulfilled"),
    row(6, "C-3", "model_created", "2026-01-06 09:00:00", attributes={"status": "pending", "email": "ann@x.example"}),
    row(7, "C-3", "model_updated", "2026-01-06 09:30:00", new_attributes={"status": "fulfilled"}, user_id="u-7"),
    row(8, "D-4", "model_created", "no time at all", attributes={"status": "pending"}),
]  # fmt: skip


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "shop.ndjson"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def log(export):
    with wb.read_events(export) as opened:
        yield opened


@pytest.fixture
def machines(tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(MACHINE, encoding="utf-8")
    return wb.read_machines(path)


def unpacked(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def bare(folder):
    """Return what became of question.sql in a process that knows nothing of us."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([sys.executable, "-c", BARE], cwd=folder, capture_output=True, env=clean, check=False)


def text_of(folder):
    """Return all that can be read in a bundle: the texts, and what the Parquet files hold."""
    told = "".join(p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file() and p.suffix != ".parquet")
    for path in folder.rglob("*.parquet"):
        told += str(duckdb.connect().execute(f"FROM '{path}'").fetchall())
    return told


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


MASK = {
    "key": KEY,
    "pseudonym": ["actor", "aggregate_id", "attributes.email"],
    "redact": ["data.context.ip", "data.user_id"],
}
SECRETS = ["ann@x.example", "bob@x.example", "u-3", "u-7", "A-1", "B-2", "C-3", "10.0.0.1", KEY]


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("audit_trail", {}),
        ("why", {"type": "Order", "id": "B-2"}),
        ("related", {"type": "Order", "id": "B-2"}),
        ("actor_transitions", {}),
        ("field_history", {"path": "email"}),
        ("off_machine", {"machines": True}),
        ("holds", {"machines": True}),
        ("holds", {"machines": True, "by": "actor"}),
        ("violations", {"machines": True}),
    ],
)
def test_what_is_masked_can_be_read_nowhere(log, machines, tmp_path, question, values):
    values = {name: machines if value is True else value for name, value in values.items()}
    made = wb.evidence(log, question, tmp_path / "e.zip", mask=MASK, **values)
    folder = unpacked(made.path, tmp_path / "e")
    told = text_of(folder)
    assert bare(folder).stdout == (folder / "result.csv").read_bytes()
    assert [secret for secret in SECRETS if secret in told] == []
    assert made.rows > 0
    assert "Masked: attributes.email: " in told


@pytest.mark.parametrize(
    ("question", "values", "rows"),
    [
        ("find", {"text": "ann@x.example"}, 3),
        ("find", {"text": "ANN@X.example"}, 3),
        ("find", {"text": "B-2"}, 1),
        ("audit_trail", {"text": "bob@x.example"}, 1),
        ("audit_trail", {"actor": "u-3"}, 1),
    ],
)
def test_masked_data_typed_into_the_question_is_masked_there_too(log, tmp_path, question, values, rows):
    made = wb.evidence(log, question, tmp_path / "e.zip", mask=MASK, **values)
    told = text_of(unpacked(made.path, tmp_path / "e"))
    assert [secret for secret in SECRETS if secret in told.lower() or secret in told] == []
    assert made.rows == rows
    assert f"Masked: {next(iter(values))} in the question: replaced by its keyed pseudonym" in told


@pytest.mark.parametrize(
    ("question", "values", "said"),
    [
        ("find", {"text": "10.0.0.1"}, "text='10.0.0.1' asks by what the mask hides (data.context.ip)"),
        ("find", {"text": "ann@"}, "text='ann@' asks by what the mask hides (attributes.email)"),
        ("distinguish", {"a": "aggregate_id = 'B-2'"}, "asks by what the mask hides (aggregate_id)"),
    ],
)
def test_a_question_by_what_only_the_mask_knows_is_refused(log, tmp_path, question, values, said):
    with pytest.raises(wb.MappingError, match=re.escape(said)):
        wb.evidence(log, question, tmp_path / "e.zip", mask=MASK, **values)
    assert not (tmp_path / "e.zip").exists()


def test_what_is_not_masked_is_asked_as_it_was_typed(log, tmp_path):
    made = wb.evidence(log, "find", tmp_path / "e.zip", mask={"redact": ["data.context.ip"]}, text="ann@x.example")
    assert made.provenance.question.values == {"text": "ann@x.example"}
    assert not [line for line in made.provenance.masked if "in the question" in line]


def test_a_pseudonym_is_the_same_wherever_the_value_is(log, tmp_path):
    made = wb.evidence(log, "field_history", tmp_path / "e.zip", mask=MASK, path="email")
    folder = unpacked(made.path, tmp_path / "e")
    events = [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]
    data = {event["event_id"]: event["data"] for event in events}
    ann, bob, other_ann = (data[id]["attributes"]["email"] for id in ("1", "2", "6"))
    assert ann != bob
    assert ann == other_ann == data["4"]["context"]["tags"][0]["email"]
    assert data["4"]["context"]["ip"] == "(redacted)"


def test_another_key_gives_other_pseudonyms(log, tmp_path):
    def ids(key):
        made = wb.evidence(log, "state_at", tmp_path / f"{key}.zip", mask={"key": key, "pseudonym": ["aggregate_id"]})
        with zipfile.ZipFile(made.path) as archive:
            return {line["aggregate_id"] for line in csv.DictReader(archive.read("result.csv").decode().splitlines())}

    one, other = ids("k" * 16), ids("q" * 16)
    assert len(one) == len(other) == 3
    assert not one & other


def test_whole_payloads_can_be_left_out(log, tmp_path):
    made = wb.evidence(log, "transition_counts", tmp_path / "e.zip", mask={"redact": ["data"]})
    folder = unpacked(made.path, tmp_path / "e")
    events = [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]
    assert {json.dumps(event["data"]) for event in events} == {'"(redacted)"'}
    assert made.rows == len(wb.transition_counts(log).fetchall()) == 4


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        ({"redact": ["attributes.emial"]}, "did you mean 'attributes.email'"),
        ({"redact": ["data.context.ipp"]}, "did you mean 'data.context.ip'"),
        ({"redact": ["metadata"]}, "no value to mask named 'metadata'"),
        ({"redact": ["actr"]}, "'actr' names no value: it can be actor"),
        ({"redact": ["aggregate_id"]}, "it cannot be redacted"),
        ({"pseudonym": ["actor"]}, "need a key of at least 16 characters"),
        ({"pseudonym": ["actor"], "key": "short"}, "need a key of at least 16 characters"),
        ({"redakt": ["actor"]}, "'redakt' is no part of a mask"),
        ({"redact": "actor"}, "redact is a list of paths"),
        ({"redact": ["actor", "actor"]}, "actor is named twice"),
        ({"key": KEY}, "it masks nothing"),
    ],
)
def test_a_mask_that_cannot_be_meant_stops_everything(log, tmp_path, mask, said):
    with pytest.raises(wb.WorkbenchError, match=said.replace("(", r"\(")):
        wb.evidence(log, "audit_trail", tmp_path / "e.zip", mask=mask)
    assert [path.name for path in tmp_path.iterdir() if "zip" in path.name] == []


def test_a_rule_that_only_the_rest_of_the_log_meets_is_no_mistake(log, tmp_path):
    made = wb.evidence(log.of("Order", "C-3"), "audit_trail", tmp_path / "e.zip", mask={"redact": ["data.context.ip"]})
    assert made.provenance.masked == ("data.context.ip: 0 values redacted",)


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


@pytest.mark.parametrize(
    ("question", "values", "said"),
    [
        ("of_machine", {}, "did you mean 'off_machine'"),
        ("funnel", {}, "funnel needs steps"),
        ("funnel", {"stepps": ["a"]}, "did you mean 'steps'"),
        ("off_machine", {}, "off_machine needs machines"),
        ("why", {"type": "Order", "id": "Z-9"}, "Z-9"),
        ("why", {"type": "Order"}, "why needs id"),
        ("discover", {}, "no question named 'discover'"),
    ],
)
def test_a_wrong_question_is_one_sentence(log, tmp_path, question, values, said):
    with pytest.raises(wb.WorkbenchError, match=said):
        wb.evidence(log, question, tmp_path / "e.zip", **values)
    assert not (tmp_path / "e.zip").exists()


def test_it_is_never_written_over_a_file_nor_into_nowhere(log, tmp_path):
    there = tmp_path / "there.zip"
    there.write_text("mine")
    with pytest.raises(wb.SourceError, match="is there already"):
        wb.evidence(log, "quality", there)
    assert there.read_text() == "mine"
    with pytest.raises(wb.SourceError, match="there is no folder"):
        wb.evidence(log, "quality", tmp_path / "no" / "e.zip")


def test_parts_of_another_log_are_refused(log, tmp_path):
    with pytest.raises(wb.LogError, match="rests on one part"):
        wb.evidence(log, "compare_transitions", tmp_path / "e.zip", a=log.of("Order"), b=log.of("Order"))


def test_functions_cannot_be_handed_on(log, tmp_path):
    with pytest.raises(wb.LogError, match="declare reducers in the mapping"):
        wb.evidence(log, "attributes_at", tmp_path / "e.zip", reducers={"model_created": lambda *_: {}})


def test_a_machine_file_that_is_gone_is_said(log, machines, tmp_path):
    (tmp_path / "order.yaml").unlink()
    with pytest.raises(wb.SourceError, match="is not there any more"):
        wb.evidence(log, "off_machine", tmp_path / "e.zip", machines=machines)
    assert not (tmp_path / "e.zip").exists()


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
