"""`why`, `whynot` and `trail --related` on a stored log: words for a person, JSON for a program, 1 for bad news."""

from __future__ import annotations

from pathlib import Path


def test_why_tells_the_event_its_causes_and_three_sentences(run, stored: Path):
    said = run("why", stored, "Order", "2")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[:2] == [
        "Order 2: status = cancelled",
        "4  2026-01-05 11:30:00  Order 2  state_transitioned  pending -> cancelled",
    ]
    assert "3  2026-01-05 11:00:00  Order 1  state_transitioned  pending -> confirmed  by 3" in lines
    assert "Order 2 went from pending to cancelled at 2026-01-05 11:30:00 UTC" in said.out


def test_why_is_bad_news_when_the_machine_does_not_allow_it(run, stored: Path, machines: Path):
    said = run("why", stored, "Order", "3", "--machines", machines, "--format", "json")
    assert said.code == 1
    assert (said.json["allowed"], said.json["verdict"]) == (False, "state set without a transition")
    assert (said.json["event"]["actor"], said.json["event"]["occurred_at"]) == ("7", "2026-01-06T09:30:00Z")
    assert run("why", stored, "Order", "2", "--machines", machines).code == 0


def test_why_of_an_attribute_and_of_an_earlier_state(run, stored: Path):
    assert run("why", stored, "Order", "1", "--field", "total", "--format", "json").json["event"]["event_id"] == "1"
    earlier = run("why", stored, "Order", "1", "--state", "confirmed", "--format", "json").json
    assert [deed["event_id"] for deed in (earlier["event"], *earlier["chain"])] == ["3", "1"]


def test_whynot_is_bad_news_when_there_is_no_way(run, stored: Path, machines: Path):
    said = run("whynot", stored, "Order", "2", "--to", "fulfilled", "--machines", machines)
    assert said.code == 1
    assert "cancelled is a final state of OrderStateMachine and nothing leads out of it" in said.out.replace("\n", " ")
    unasked = run("whynot", stored, "Order", "2", "--to", "fulfilled")
    assert unasked.code == 1
    assert "no machine was asked, --machines PATH names one" in unasked.out


def test_whynot_tells_the_way(run, stored: Path, machines: Path):
    words = ("whynot", stored, "Order", "1", "--to", "fulfilled", "--machines", machines, "--at", "2026-01-05 11:00")
    told = run(*words, "--format", "json")
    assert (told.code, told.json["possible"], told.json["ways"]) == (0, True, ["confirmed -fulfill-> fulfilled"])
    assert "way  confirmed -fulfill-> fulfilled" in run(*words).out


def test_a_case_is_told_by_its_links(run, stored: Path):
    lines = run("trail", stored, "Order", "2", "--related").out.splitlines()
    assert lines == [
        "Order 2, and what is related to it",
        "2026-01-05 10:00:00  Order 1  model_created       -> pending            cause of 3",
        "2026-01-05 10:30:00  Order 2  model_created       -> pending            itself",
        "2026-01-05 11:00:00  Order 1  state_transitioned  pending -> confirmed  cause of 4",
        "2026-01-05 11:30:00  Order 2  state_transitioned  pending -> cancelled  itself",
        "times in UTC",
    ]
    rows = run("trail", stored, "Order", "2", "--related", "--format", "json", "--limit", "1").json
    assert [(row["link"], row["distance"]) for row in rows] == [("cause of 3", 2)]
    assert run("trail", stored, "Order", "2", "--related", "--actor", "3").code == 2


def test_what_cannot_be_asked_is_one_line(run, stored: Path):
    said = run("why", stored, "Order", "2", "--state", "fulfilled")
    assert (said.code, said.out, said.err.count("\n")) == (2, "", 1)
    assert "Order 2 has not been fulfilled up to 2026-01-05 11:30:00 UTC" in said.err
    assert "did you mean 'fulfilled'?" in run("whynot", stored, "Order", "2", "--to", "fulfiled").err
