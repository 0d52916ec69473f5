"""An auditor must prove that no order was fulfilled without being confirmed; three were. One command shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import workbench as wb

ROOT = Path(__file__).resolve().parents[2]
RULE = "confirmed before fulfilled"


def workbench(command: str) -> tuple[int, str]:
    """Run a command as it is typed in the clone."""
    done = subprocess.run(
        [sys.executable, "-m", "workbench", *command.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def log():
    return wb.read_events(ROOT / "sample_events" / "shop.ndjson")


@pytest.fixture(scope="module")
def machines():
    return wb.read_machines(ROOT / "machines")


def test_the_proof_is_one_command():
    code, said = workbench("conform sample_events/shop.ndjson --machines machines/")
    assert code == 1
    assert "723 of 900 lives concerned, 720 satisfied, 3 violated; of the machine alone: holds" in said
    assert said.splitlines()[-1] == f"History breaks {RULE!r}: 3 of the 723 lives it concerns."


def test_a_third_party_gets_the_rows():
    code, said = workbench("ask violations sample_events/shop.ndjson --machines machines/ --format json")
    assert code == 0
    assert [(row["aggregate_id"], row["actor"], row["event_type"]) for row in json.loads(said)] == [
        ("317", "5", "state_transitioned"),
        ("588", "3", "model_updated"),
        ("731", "5", "state_transitioned"),
    ]


def test_the_machine_itself_would_not_have_let_them_through(machines):
    assert [(asked.declared.name, asked.verdict, asked.certainty) for asked in wb.holds(machines)] == [
        (RULE, "holds", "certain")
    ]


def test_every_other_order_is_shown_to_have_been_confirmed_first(log, machines):
    kept = log.where("aggregate_id NOT IN ('317', '588', '731')")
    said = wb.holds(kept, machines).filter("asked_of = 'log'")
    assert said.select("verdict, concerned, satisfied, violated, pending, unknowable").fetchall() == [
        ("holds", 720, 720, 0, 0, 0)
    ]


def test_it_was_so_at_the_end_of_each_month(log, machines):
    def broken(at: str) -> int:
        return len(wb.violations(log.until(at), machines).fetchall())

    assert [broken(end) for end in ("2026-01-25", "2026-01-31", "2026-02-28", "2026-03-15")] == [0, 1, 2, 3]
