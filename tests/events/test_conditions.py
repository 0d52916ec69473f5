"""Smaller logs by what their lives went through."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.events import EventLog, read_events

# Order 1 | new 09:00 ana | paid 10:00 ben | sent 12:00 ben   FR
# Order 2 | new 09:30 ana | gone 09:45 cy                    DE
# Order 3 | new 01-07 ana | paid 01-07 01:00 ana             FR, later IT
# Order 4 | new 01-08 ana | sent 01-08 00:30 | paid 01:00    no country
ROWS = [
    (1, "model_created", "new", "2026-01-05 09:00", "ana", {"attributes": {"country": "FR", "to": {"zip": 75001}}}),
    (1, "moved", "paid", "2026-01-05 10:00", "ben", {}),
    (1, "moved", "sent", "2026-01-05 12:00", "ben", {}),
    (2, "model_created", "new", "2026-01-05 09:30", "ana", {"attributes": {"country": "DE"}}),
    (2, "dropped", "gone", "2026-01-05 09:45", "O'Cy", {}),
    (3, "model_created", "new", "2026-01-07 00:00", "ana", {"attributes": {"country": "FR"}}),
    (3, "model_updated", "paid", "2026-01-07 01:00", "ana", {"new_attributes": {"country": "IT"}}),
    (4, "model_created", "new", "2026-01-08 00:00", "ana", {"attributes": {"gift": True}}),
    (4, "moved", "sent", "2026-01-08 00:30", None, {}),
    (4, "moved", "paid", "2026-01-08 01:00", None, {}),
]


@pytest.fixture(scope="module")
def log() -> EventLog:
    columns = ("order", "kind", "state", "at", "who", "data")
    mapping = dict(zip(("case", "event_type", "state", "occurred_at", "actor", "data"), columns, strict=True))
    return read_events([dict(zip(columns, row, strict=True)) for row in ROWS], mapping=mapping)


def ids(log: EventLog) -> list[int]:
    return [int(row[0]) for row in log.sql("SELECT DISTINCT aggregate_id FROM lives ORDER BY 1").fetchall()]


@pytest.mark.parametrize(
    ("conditions", "chosen"),
    [
        ({}, [1, 2, 3, 4]),
        ({"through": "paid"}, [1, 3, 4]),
        ({"through": ["paid", "sent"]}, [1]),
        ({"through": ["new", "sent"]}, [1, 4]),
        ({"ended_in": "paid"}, [3, 4]),
        ({"ended_in": ["paid", "gone"]}, [2, 3, 4]),
        ({"moved": ("new", "paid")}, [1, 3]),
        ({"variant": ["new", "paid"]}, [3]),
        ({"variant": 1}, [2]),  # four sequences, each once: equally frequent ones are ranked by their states
        ({"actor": "ben"}, [1]),
        ({"actor": ["ben", "O'Cy"]}, [1, 2]),
        ({"event_type": "dropped"}, [2]),
        ({"attributes": {"country": "FR"}}, [1, 3]),
        ({"attributes": {"country": "IT"}}, [3]),
        ({"attributes": {"to.zip": 75001, "country": "FR"}}, [1]),
        ({"attributes": {"gift": True}}, [4]),
        ({"took_longer_than": "1 hour"}, [1]),
        ({"took_less_than": timedelta(hours=1)}, [2]),
        ({"began_since": "2026-01-07"}, [3, 4]),
        ({"began_before": "2026-01-07"}, [1, 2]),
        ({"through": "paid", "actor": "ana", "began_before": "2026-01-08"}, [1, 3]),
    ],
)
def test_lives_are_chosen_by_what_they_went_through(log, conditions, chosen):
    assert ids(log.where(**conditions)) == chosen


def test_sql_and_keywords_join(log):
    assert ids(log.where("events > 2", through="paid")) == [1, 4]
    assert ids(log.where("events > 2 OR true -- a comment", ended_in="gone")) == [2]


def test_what_was_true_is_asked_of_the_part_that_knew_it(log):
    early = log.until("2026-01-07 00:30")
    assert ids(early.where(attributes={"country": "IT"})) == []
    assert ids(early.without(early.where(attributes={"country": "FR"}))) == [2]


def test_lives_stay_whole(log):
    assert log.where(through="paid").sql("SELECT count(*) FROM events").fetchall() == [(8,)]


def test_a_condition_sees_the_part_it_is_asked_of(log):
    early = log.until("2026-01-05 11:00")
    assert ids(early.where(through="sent")) == []
    assert ids(log.where(through="sent").until("2026-01-05 11:00")) == [1]


@pytest.mark.parametrize(
    ("conditions", "error", "said"),
    [
        ({"through": "payd"}, UnknownNameError, "no state named 'payd' in this log: did you mean 'paid'"),
        ({"ended_in": "sentt"}, UnknownNameError, "did you mean 'sent'"),
        ({"actor": "bem"}, UnknownNameError, "no actor named 'bem' in this log: did you mean 'ben'"),
        ({"event_type": "droped"}, UnknownNameError, "did you mean 'dropped'"),
        ({"moved": ("new", "paid", "sent")}, LogError, "takes two states"),
        ({"variant": "new"}, LogError, "a list of states or a number"),
        ({"variant": 9}, LogError, "there is no variant 9: they are numbered from 1 to 4"),
        ({"through": []}, LogError, "name at least one state"),
        ({"attributes": {"country": None}}, LogError, "a text, a number or a truth value"),
        ({"attributes": {"contry": "FR"}}, UnknownNameError, "no attribute named 'contry' .* did you mean 'country'"),
        ({"took_longer_than": 3}, InstantError, "3 is not a duration"),
        ({"took_longer_than": "9999999999 days"}, InstantError, "is longer than a thousand years"),
        ({"began_since": "soon"}, InstantError, "'soon' is not a time"),
    ],
)
def test_what_cannot_be_meant_is_said(log, conditions, error, said):
    with pytest.raises(error, match=said):
        log.where(**conditions)


def test_a_predicate_keeps_to_itself(log):
    assert ids(log.where("false) OR (true", ended_in="gone")) == [2]
    with pytest.raises(LogError):
        log.where("true) UNION ALL (FROM lives")


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("move > 3", "cannot be asked of lives: there is no column move: did you mean 'moves'?"),
        ("moves >", "the condition 'moves >' cannot be asked of lives: syntax error at or near \")\""),
        ("count(*) > 1", "cannot be asked of lives: WHERE clause cannot contain aggregates"),
        ("life IN (FROM main.lives)", "cannot be asked of lives: write table names without a database"),
        ("", "a condition is SQL over the table lives, and not empty"),
        (" \n", "a condition is SQL over the table lives, and not empty"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_asked_says_which_and_why(log, condition, said):
    with pytest.raises(LogError, match=re.escape(said)) as told:
        log.where(condition)
    assert "Error:" not in str(told.value)


def test_conditions_pile_up_without_growing_out_of_hand(log):
    part = log
    for _ in range(12):
        part = part.where("events > 0")
    assert ids(part) == [1, 2, 3, 4]
    assert len(part.events.sql_query()) < 30_000  # a text that doubled with each would hold millions
