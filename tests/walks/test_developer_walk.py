"""A developer edits the Order machine: what would the edit have done to ten weeks of recorded orders?

Every command and cell of the walk, and each number counted again from the export alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import workbench as wb
from workbench.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXPORT = "sample_events/shop.ndjson"
OLD, NEW = "machines/order.yaml", "machines/drafts/order_v2.yaml"
OLD_PAIRS = {
    ("pending", "confirmed"), ("confirmed", "fulfilled"), ("pending", "cancelled"), ("confirmed", "cancelled"),
}  # fmt: skip
NEW_PAIRS = {
    ("pending", "on_hold"), ("pending", "confirmed"), ("backordered", "confirmed"), ("confirmed", "shipped"),
    ("pending", "cancelled"), ("confirmed", "cancelled"),
}  # fmt: skip


class Said(NamedTuple):
    code: int
    out: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Type one command in the root of the project."""
    monkeypatch.chdir(ROOT)

    def typed(command: str) -> Said:
        code = main(command.split())
        out, err = capsys.readouterr()
        assert code != 2, err
        return Said(code, out)

    return typed


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[str]]:
    """The states each order went through, read from the export line by line."""
    states: dict[str, list[str]] = {}
    for line in (ROOT / EXPORT).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        data = row["event_data"]
        told = data.get("to_state") or (data.get("attributes") or data.get("new_attributes") or {}).get("status")
        if row["aggregate_type"].endswith("Order") and told is not None:
            states.setdefault(str(row["aggregate_id"]), []).append(told)
    return states


def rerun(states: list[str], pairs: set[tuple[str, str]], names: dict[str, str]) -> tuple[int, str]:
    """Ask each move of the pairs a machine allows; a refused one does not happen."""
    here, *moves = [names.get(state, state) for state in states]
    refused = 0
    for state in moves:
        if (here, state) in pairs:
            here = state
        else:
            refused += 1
    return refused, here


def counted(recorded: dict[str, list[str]], names: dict[str, str] | None = None) -> dict[str, Any]:
    before = [rerun(states, OLD_PAIRS, {}) for states in recorded.values()]
    after = [rerun(states, NEW_PAIRS, names or {}) for states in recorded.values()]
    return {
        "moves": sum(map(len, recorded.values())),
        "refused_before": sum(refused for refused, _ in before),
        "refused_after": sum(refused for refused, _ in after),
        "ends": Counter(state for _, state in after),
    }


def test_the_diff_says_what_the_edit_would_have_refused_and_whom_it_strands(run, recorded):
    said = run(f"diff {OLD} {NEW} --log {EXPORT} --timezone UTC --format json")
    told = json.loads(said.out)
    counts, alone = told["history"]["counts"], counted(recorded)
    assert said.code == 1
    assert told["history"]["sentences"][0] == (
        "Under the new machine 723 of 2,541 moves would have been refused; 723 orders now sit in states it lacks."
    )
    assert (counts["after"], counts["refused_before"], counts["refused_after"]) == (
        alone["moves"], alone["refused_before"], alone["refused_after"],
    ) == (2541, 3, 723)  # fmt: skip
    assert counts["stranded"] == sum(states[-1] == "fulfilled" for states in recorded.values()) == 723
    assert told["history"]["suggested"] == {"fulfilled": "shipped"}
    assert told["history"]["stranded"] == [
        {
            "type": "Order", "state": "fulfilled", "aggregates": 723, "perhaps": "shipped",
            "sql": "SELECT id FROM orders WHERE status = 'fulfilled'",
        }
    ]  # fmt: skip


def test_the_suggested_renaming_frees_them_and_leaves_the_three_that_were_never_allowed(run, recorded):
    said = run(f"diff {OLD} {NEW} --log {EXPORT} --timezone UTC --rename fulfilled=shipped --format json")
    told = json.loads(said.out)["history"]
    alone = counted(recorded, {"fulfilled": "shipped"})
    assert said.code == 0
    assert (told["counts"]["stranded"], told["counts"]["newly_refused"]) == (0, 0)
    assert told["counts"]["refused_after"] == alone["refused_after"] == 3
    assert {row["state"]: row["after"] for row in told["populations"]} == dict(alone["ends"])


def test_a_log_that_names_its_transitions_wants_theirs_renamed_too(run):
    renames = "--rename fulfilled=shipped"
    command = f"diff {OLD} {NEW} --log sample_events/history.csv --timezone UTC --format json {renames}"
    told = json.loads(run(command).out)["history"]
    named = [line.split(",")[5] for line in (ROOT / "sample_events/history.csv").read_text("utf-8").splitlines()[1:]]
    assert told["counts"]["refused_after"] == named.count("fulfill_order") == 77
    assert told["suggested"] == {"fulfill_order": "ship_order"}
    again = json.loads(run(f"{command} --rename fulfill_order=ship_order").out)["history"]
    assert (again["counts"]["refused_after"], again["suggested"]) == (0, {})


def test_the_pull_request_gets_a_comment_of_one_screen(run):
    said = run(f"diff {OLD} {NEW} --log {EXPORT} --timezone UTC --format markdown --fail-on never")
    assert said.code == 0
    first, *lines = said.out.splitlines()
    assert first.startswith("### Under the new machine 723 of 2,541 moves would have been refused")
    shown = [line for line in lines[: lines.index("</details>")] if "<details>" not in line]
    assert (
        "| fulfilled | 723 | shipped | <code>SELECT id FROM orders WHERE status \\= 'fulfilled'</code> |".replace(
            "\\=", "="
        )
        in shown
    )
    assert "| confirmed → fulfilled | 720 | 0 | 720 |" in shown


def test_ci_keeps_a_profile_that_answers_as_the_log_does(run, tmp_path):
    kept = tmp_path / "orders.json"
    assert run(f"profile {EXPORT} --type Order --timezone UTC --out {kept}").code == 0
    assert kept.stat().st_size < 1_000
    assert "42" not in kept.read_text(encoding="utf-8").replace("2026-", "")
    from_log = json.loads(run(f"diff {OLD} {NEW} --log {EXPORT} --timezone UTC --format json").out)["history"]
    from_profile = json.loads(run(f"diff {OLD} {NEW} --log {kept} --format json").out)["history"]
    assert from_profile["counts"] == from_log["counts"]
    assert from_profile["moves"] == from_log["moves"]
    assert run(f"conform {kept} --machines {OLD}").out.splitlines()[-2] == (
        "History breaks a machine: 3 of 2,541 moves are not allowed."
    )


def test_in_a_notebook_the_same_edit_is_followed_life_by_life(monkeypatch, recorded):
    monkeypatch.chdir(ROOT)
    log = wb.read_events(EXPORT, mapping="event_store", timezone="UTC")
    old, new = wb.read_machines(OLD)["OrderStateMachine"], wb.read_machines(NEW)["OrderStateMachine"]
    answer = wb.what_if(log, machine=new, instead_of=old)
    parting = {id for id, states in recorded.items() if rerun(states, OLD_PAIRS, {}) != rerun(states, NEW_PAIRS, {})}
    assert {row[0] for row in answer.lives.select("aggregate_id").fetchall()} == parting
    ends = Counter(rerun(states, NEW_PAIRS, {})[1] for states in recorded.values())
    assert dict(answer.populations.filter("after > 0").select("state, after").fetchall()) == ends
    # order 42 had not been cancelled, had event 436 not happened
    dropped = wb.what_if(log.of("Order", 42), drop=["436"])
    assert dropped.lives.select("from_state, to_state, state_before, state_after").fetchall() == [
        ("confirmed", "cancelled", "cancelled", "confirmed")
    ]
