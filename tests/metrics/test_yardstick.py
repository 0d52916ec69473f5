"""Three public logs, counted by PM4Py and again in SQL: our answers are the same."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from workbench.events import EventLog, read_events
from workbench.metrics import (
    eventually_follows,
    handovers,
    life_durations,
    rework,
    state_distribution,
    throughput,
    time_in_state,
    transition_counts,
    variants,
)

LOGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "logs"

pytestmark = pytest.mark.skipif(not (LOGS / "expected.json").exists(), reason=f"needs {LOGS}/expected.json")


@pytest.fixture(scope="module", params=["running-example", "receipt", "interval_event_log"])
def known(request) -> tuple[EventLog, dict]:
    expected = json.loads((LOGS / "expected.json").read_text(encoding="utf-8"))[request.param]
    return read_events(LOGS / expected["csv"], mapping="generic"), expected


def test_directly_follows_counts(known):
    log, expected = known
    rows = transition_counts(log).fetchall()
    assert sorted([row[1], row[2], row[3]] for row in rows) == sorted(expected["dfg"])


def test_eventually_follows_counts(known):
    log, expected = known
    rows = eventually_follows(log).project("from_state, to_state, times").fetchall()
    assert sorted(map(list, rows)) == sorted(expected["eventually_follows"])


def test_times_before_a_move(known):
    log, expected = known
    ours = {(row[1], row[2]): row[6] for row in transition_counts(log).fetchall()}
    theirs = {(a, b): told["median"] for a, b, told in expected["performance_dfg_seconds"]}
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-6)


def test_time_in_state_is_the_time_to_the_next_event(known):
    log, expected = known
    ours = {row[1]: row[5] for row in time_in_state(log).fetchall() if row[5] is not None}
    theirs = dict(expected["mean_time_to_next_event_seconds"])
    assert ours == pytest.approx({state: theirs[state] for state in ours}, rel=1e-6, abs=1e-6)
    assert all(seconds == 0 for state, seconds in theirs.items() if state not in ours)


def test_variants(known):
    log, expected = known
    rows = [[row[2], row[3]] for row in variants(log).fetchall()]
    assert len(rows) == expected["n_variants"]
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))
    assert sha256(text.encode()).hexdigest() == expected["variants_sha256"]


def test_start_and_end(known):
    log, expected = known
    ends = log.sql("SELECT first_state, current_state FROM lives").fetchall()
    assert Counter(first for first, _ in ends) == dict(expected["start_activities"])
    assert Counter(last for _, last in ends) == dict(expected["end_activities"])
    assert {row[1]: row[2] for row in state_distribution(log).fetchall()} == dict(expected["end_activities"])


def test_durations_of_lives(known):
    log, expected = known
    row = log.sql("""
        SELECT avg(seconds), median(seconds), min(seconds), max(seconds), sum(seconds), stddev_samp(seconds)
        FROM (SELECT date_diff('microsecond', first_at, last_at) / 1e6 AS seconds FROM lives)
    """).fetchall()[0]
    told = expected["case_durations_seconds"]
    wanted = [told[name] for name in ("mean", "median", "min", "max", "sum", "stdev_samp")]
    assert row == pytest.approx(wanted, rel=1e-6)


def test_distribution_at_an_instant(known):
    log, expected = known
    for when, told in expected["pandas:last_activity_distribution_at"].items():
        assert {row[1]: row[2] for row in state_distribution(log, when).fetchall()} == dict(told)


def test_lives_that_come_back(known):
    log, expected = known
    ours = {row[1]: row[2] for row in rework(log).fetchall()}
    assert ours == dict(expected["rework_cases_per_activity"])


def test_the_way_between_two_states(known):
    log, expected = known
    told = expected["between"]
    row = throughput(log, told["from"], told["to"]).fetchall()[0]
    assert row[4] == told["n_subcases"]
    wanted = [told[f"{name}_seconds"] for name in ("mean", "median", "min", "max")]
    assert [row[7], row[9], row[8], row[12]] == pytest.approx(wanted, rel=1e-6)


def test_lives_from_their_first_event_to_their_last_state(known):
    log, expected = known
    rows = life_durations(log, ends=sorted(dict(expected["end_activities"]))).fetchall()
    assert all(row[2] for row in rows)
    assert {row[1]: row[3] for row in rows} == dict(expected["end_activities"])
    told = expected["case_durations_seconds"]
    total = sum(row[3] * row[4] for row in rows)
    assert [total, max(row[7] for row in rows)] == pytest.approx([told["sum"], told["max"]], rel=1e-6)


def test_hand_overs(known):
    log, expected = known
    if "handover_of_work" not in expected:
        return
    ours = {row[1:3]: row[5] for row in handovers(log).fetchall()}
    theirs = {(actor, after): share for actor, after, share in expected["handover_of_work"]}
    assert ours == pytest.approx(theirs, abs=5e-7)
