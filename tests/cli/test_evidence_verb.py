"""`workbench evidence`: the options of ask, one file, one sentence where it cannot be."""

import json
import zipfile

import pytest


def test_it_takes_the_options_of_ask(run, stored, machines, tmp_path):
    out = tmp_path / "e.zip"
    said = run("evidence", stored, "off-machine", "--type", "Order", "--machines", machines, "--out", out)
    assert said.code == 0, said.err
    assert "1 row, 7 events behind it" in said.out
    with zipfile.ZipFile(out) as archive:
        told = json.loads(archive.read("provenance.json"))
    assert told["question"]["python"] == "wb.off_machine(log.of('Order'), machines=machines)"


def test_it_says_what_it_wrote_as_json(run, stored, tmp_path):
    out = tmp_path / "e.zip"
    words = ("funnel", "--type", "Order", "--steps", "pending,confirmed", "--out", out, "--format", "json")
    told = run("evidence", stored, *words).json
    assert (told["rows"], told["events"]) == (2, 7)
    assert told["files"][-1] == "SHA256SUMS"
    assert told["provenance"]["question"]["values"] == {"steps": ["pending", "confirmed"]}


def test_why_is_asked_as_a_question(run, stored, tmp_path):
    out = tmp_path / "e.zip"
    assert (
        run("evidence", stored, "why", "--type", "Order", "--id", "2", "--state", "cancelled", "--out", out).code == 0
    )
    with zipfile.ZipFile(out) as archive:
        assert "Order 2 went from pending to cancelled" in archive.read("statement.html").decode()


def test_a_mask_is_a_file(run, stored, tmp_path):
    rules, out = tmp_path / "mask.yaml", tmp_path / "e.zip"
    rules.write_text("key: a secret that is kept\npseudonym: [actor, aggregate_id]\n", encoding="utf-8")
    assert run("evidence", stored, "audit_trail", "--mask", rules, "--out", out).code == 0
    with zipfile.ZipFile(out) as archive:
        assert "a secret that is kept" not in "".join(
            archive.read(name).decode("latin-1") for name in archive.namelist()
        )
        assert "p_" in archive.read("result.csv").decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["of_machine", "--out", "e.zip"], "did you mean 'off_machine'"),
        (["funnel", "--out", "e.zip"], "funnel needs --steps"),
        (["quality", "--steps", "a,b", "--out", "e.zip"], "quality takes no --steps"),
        (["quality", "--out", "no/e.zip"], "there is no folder"),
        (["quality", "--out", "shop.duckdb"], "is there already"),
        (["quality", "--out", "."], "is a folder"),
        (["quality", "--mask", "none.yaml", "--out", "e.zip"], "there is no mask file"),
        (["quality", "--mask", "shop.duckdb", "--out", "e.zip"], "is not YAML"),
        (["quality", "--type", "Ordr", "--out", "e.zip"], "did you mean 'Order'"),
        (["quality"], "--out is missing"),
    ],
)
def test_what_cannot_be_is_one_sentence(run, stored, monkeypatch, words, said):
    monkeypatch.chdir(stored.parent)
    answer = run("evidence", stored, *words)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1
    assert not (stored.parent / "e.zip").exists()
