"""`conform`: 0 when history keeps to the machines, 1 when it breaks one, 2 when none matched."""

from __future__ import annotations

from pathlib import Path


def test_a_move_set_by_hand_is_bad_news(run, stored: Path, machines: Path):
    said = run("conform", stored, "--machines", machines)
    assert said.code == 1
    assert "Order 3  2026-01-06 09:30:00  pending -> fulfilled by 7: state set without a transition" in said.out
    assert said.out.splitlines()[-1] == "History breaks a machine: 1 of 7 moves is not allowed."


def test_a_broken_property_is_bad_news_too(run, stored: Path, machines: Path):
    file = machines / "order.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "properties: [{never: pending}]\n", encoding="utf-8")
    said = run("conform", stored, "--machines", machines)
    assert said.code == 1
    assert "violated    'pending' never occurs: 3 of 3 lives concerned, 3 violated; of the machine alone: violated" in (
        said.out
    )
    assert said.out.splitlines()[-1] == "History breaks \"'pending' never occurs\": 3 of the 3 lives it concerns."


def test_what_was_never_used_and_what_would_fit_are_told(run, stored: Path, machines: Path):
    said = run("conform", stored, "--machines", machines).out
    assert "OrderStateMachine: cancel from confirmed" in said
    assert "1 move, 1 life  OrderStateMachine: let 'fulfill' leave 'pending' too" in said


def test_json_is_one_report_of_its_parts(run, stored: Path, machines: Path):
    told = run("conform", stored, "--machines", machines, "--format", "json").json
    assert list(told) == [
        "conformance", "off_machine", "properties", "violations", "unused", "repairs", "quality",
    ]  # fmt: skip
    assert [(row["machine"], row["lives"], row["off_machine"]) for row in told["conformance"]] == [
        ("OrderStateMachine", 3, 1)
    ]
    assert [row["aggregate_id"] for row in told["off_machine"]] == ["3"]


def test_history_that_keeps_to_the_machine_is_fine(run, export: Path, machines: Path):
    rows = export.read_text(encoding="utf-8").splitlines()
    export.write_text("\n".join(rows[:-2]) + "\n", encoding="utf-8")
    said = run("conform", export, "--machines", machines, "--timezone", "UTC")
    assert said.code == 0
    assert said.out.splitlines()[-1] == "History keeps to the machines: 5 moves, each one allowed."


def test_without_a_matching_machine_it_cannot_run(run, stored: Path, machines: Path):
    file = machines / "order.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Models\\Order", "Models\\Basket"), encoding="utf-8")
    said = run("conform", stored, "--machines", machines)
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "no machine matched: the log has Order" in said.err
    assert run("conform", stored, "--machines", machines, "--match", "Order=OrderStateMachine").code == 1


def test_a_wrong_match_says_the_nearest(run, stored: Path, machines: Path):
    said = run("conform", stored, "--machines", machines, "--match", "Order=OrderStateMachin")
    assert said.code == 2
    assert "did you mean 'OrderStateMachine'?" in said.err


def test_machines_that_cannot_be_read_say_where(run, stored: Path, machines: Path):
    (machines / "torn.yaml").write_text("name: Torn\nstates: [", encoding="utf-8")
    said = run("conform", stored, "--machines", machines)
    assert said.code == 2
    assert "torn.yaml:2:" in said.err
    assert "Traceback" not in said.err
