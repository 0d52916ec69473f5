from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.metrics import eventually_follows


def read(lives: dict[str, str]) -> wb.EventLog:
    return wb.read_events(
        [
            {"case": case, "activity": state, "time": f"2026-01-{day:02d}", "resource": case}
            for case, states in lives.items()
            for day, state in enumerate(states, 1)
        ]
    )


def test_pairs_and_lives_are_counted_apart():
    table = eventually_follows(read({"1": "abab", "2": "ab", "3": "a"}))
    assert table.columns == ["type", "from_state", "to_state", "times", "aggregates", "share"]
    assert table.fetchall() == [
        ("Case", "a", "b", 4, 2, 2 / 3),
        ("Case", "a", "a", 1, 1, 1 / 3),
        ("Case", "b", "a", 1, 1, 1 / 2),
        ("Case", "b", "b", 1, 1, 1 / 2),
    ]


def test_groups_are_answered_apart():
    rows = eventually_follows(read({"1": "ab", "2": "ba"}), by="actor").project("actor, from_state, to_state")
    assert rows.fetchall() == [("1", "a", "b"), ("2", "b", "a")]


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from("1234"), st.text("abc", min_size=1, max_size=9), min_size=1))
def test_every_pair_of_entries_is_counted_once(lives):
    counted = Counter(pair for states in lives.values() for pair in combinations(states, 2))
    concerned = Counter(pair for states in lives.values() for pair in set(combinations(states, 2)))
    rows = eventually_follows(read(lives)).project("from_state, to_state, times, aggregates").fetchall()
    assert {(a, b): (times, aggregates) for a, b, times, aggregates in rows} == {
        pair: (counted[pair], concerned[pair]) for pair in counted
    }


@settings(max_examples=15)
@given(
    st.dictionaries(st.sampled_from("1234"), st.text("abc", min_size=1, max_size=9), min_size=1),
    st.integers(1, 9),
    st.integers(0, 9),
    st.sampled_from(["both", "since", "before"]),
)
def test_in_a_window_the_first_entry_of_each_pair_lies_in_it(lives, first, days, ends):
    since = None if ends == "before" else f"2026-01-{first:02d}"
    before = None if ends == "since" else f"2026-01-{first + days:02d}"
    counted: Counter[tuple[str, str]] = Counter()
    concerned, entered = defaultdict(set), defaultdict(set)
    for case, states in lives.items():
        for day, state in enumerate(states, 1):
            if (since is None or day >= first) and (before is None or day < first + days):
                entered[state].add(case)
                for later in states[day:]:
                    counted[state, later] += 1
                    concerned[state, later].add(case)
    rows = eventually_follows(read(lives), since, before).project("from_state, to_state, times, aggregates, share")
    assert {row[:2]: row[2:] for row in rows.fetchall()} == {
        (a, b): (times, len(concerned[a, b]), len(concerned[a, b]) / len(entered[a]))
        for (a, b), times in counted.items()
    }


def test_what_was_entered_at_no_known_time_is_in_no_window(orders):
    # 43 and 44 were pending since an unknown time; 42 entered it at 09:00, 45 at 09:30 and again two days later.
    rows = eventually_follows(orders, before="2026-01-08").filter("from_state = 'pending'").project("to_state, times")
    assert sorted(rows.fetchall()) == [("confirmed", 2), ("fulfilled", 1), ("pending", 1)]
