"""Support: "order 42 was cancelled, I did nothing". From the complaint to its cause, in a terminal and in a notebook.

The commands and cells are those a support engineer writes; a change that makes the walk longer needs a decision note.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

import workbench as wb
from workbench.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Run a command line in the project's folder, 120 columns wide; give its exit code and what it printed."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")

    def run(line: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(shlex.split(line))
        return code, capsys.readouterr().out

    return run


def test_from_the_complaint_to_the_cause_in_a_terminal(terminal, tmp_path):
    log = tmp_path / "shop.duckdb"
    assert terminal(f"import sample_events/shop.ndjson --into {log}")[0] == 0

    code, out = terminal(f"find {log} pi_3Nx7e410189f5")
    assert code == 0
    assert "Order" in out
    assert "42" in out

    code, out = terminal(f"why {log} Order 42 --machines machines/")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[1:6]] == ["436", "435", "434", "430", "379"]
    assert "PaymentFailed (card refused)" in out
    assert "card_declined: insufficient_funds" in " ".join(out.split())
    assert "OrderStateMachine allows it" in out

    code, out = terminal(f"trail {log} Order 42 --related")
    assert code == 0
    assert "Fulfillment 42      state_transitioned  pending -> cancelled    caused by 436" in out

    code, out = terminal(f"whynot {log} Order 42 --to fulfilled --machines machines/ --format json")
    assert code == 1
    assert json.loads(out)["reason"] == "cancelled is a final state of OrderStateMachine and nothing leads out of it"


@pytest.fixture(scope="module")
def log():
    with wb.read_events(ROOT / "sample_events/shop.ndjson") as log:
        yield log


@pytest.fixture(scope="module")
def machines():
    return wb.read_machines(ROOT / "machines")


def test_from_the_complaint_to_the_cause_in_a_notebook(log, machines):
    cause = wb.why(log, "Order", 42, machines=machines)
    assert [(deed.type, deed.event_id) for deed in cause.chain] == [
        ("InventoryItem", "435"),
        ("Order", "434"),
        ("Order", "430"),
        ("Order", "379"),
    ]
    assert cause.chain[1].changed["payment_status"] == [None, "refused"]
    assert (cause.allowed, cause.shared.same_kind) == (True, 0)
    assert cause.sentences == (
        (
            "Order 42 went from confirmed to cancelled at 2026-01-08 16:30:36 UTC (event 436, state_transitioned); "
            "nobody is recorded as its actor."
        ),
        (
            "It was triggered by PaymentFailed (card refused) and caused by InventoryItem 5042 going from reserved to "
            "available (event 435, 2026-01-08 16:30:35 UTC), which was caused by Order 42 changing payment_error to "
            "card_declined: insufficient_funds, payment_intent_id to pi_3Nx7e410189f5 and payment_status to refused "
            "(event 434, 2026-01-08 16:30:33 UTC), which was caused by Order 42 going from pending to confirmed (event "
            "430, 2026-01-08 16:27:23 UTC), which was caused by Order 42 beginning as pending (event 379, 2026-01-08 "
            "09:46:56 UTC); there the chain begins."
        ),
        (
            "OrderStateMachine allows it (cancel_order, no guard); the same happened to 34 of the other 899 Order "
            "lives, none of them by the same event, the same root or the same kind of cause (InventoryItem "
            "state_transitioned)."
        ),
    )
    assert [row[0] for row in wb.related(log, "Order", 42).project("event_id").fetchall()] == [
        "379", "430", "431", "432", "433", "434", "435", "436", "437",
    ]  # fmt: skip


def test_orders_fulfilled_without_confirmation_are_told_with_who_did_it(log, machines):
    told = {}
    for order in (317, 588, 731):
        cause = wb.why(log, "Order", order, machines=machines)
        told[order] = (cause.event.actor, cause.allowed, cause.verdict)
    assert told == {
        317: ("5", False, "no such transition"),
        588: ("3", False, "state set without a transition"),
        731: ("5", False, "no such transition"),
    }


def test_a_device_of_batch_b7_waits_for_a_heartbeat_that_never_came(log, machines):
    found = wb.why_not(log, "SmartDevice", 1, "online", machines=machines)
    assert (found.state, found.ways) == ("connecting", ("connecting -device_connected-> online",))
    (heartbeat,) = found.steps[0].waits_for
    assert (heartbeat.name, heartbeat.own, heartbeat.own_since) == ("DeviceHeartbeat", 4, 0)
    assert found.steps[0].median_seconds < 60
