"""What is masked can be read nowhere in a bundle."""

import csv
import json
import re
import zipfile

import duckdb
import pytest
from bundles import bare, unpacked

import workbench as wb

KEY = "a secret that is kept by the sender"


def text_of(folder):
    """Return all that can be read in a bundle: the texts, and what the Parquet files hold."""
    told = "".join(p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file() and p.suffix != ".parquet")
    for path in folder.rglob("*.parquet"):
        told += str(duckdb.connect().execute(f"FROM '{path}'").fetchall())
    return told


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
