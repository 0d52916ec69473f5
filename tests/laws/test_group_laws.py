"""A group is a type of its own: what holds for a type holds for each value of a key."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from drawn_logs import Export, exports, few, slots
from hypothesis import given
from hypothesis import strategies as st
from told import MACHINE, answer

import workbench as wb

KEYS = ("created:day", "created:hour", "actor", "transition", "from_recorded", "aggregate_id", "events")
DATA = ("data.user_id", "attributes.status", "attributes.status@last", "attributes.note")  # not in every log
OF_LIVES = ("created:hour", "created:week", "aggregate_id", "events", "last_at")  # one value in all of a life
ZONES = (None, "America/New_York", "Asia/Kolkata")


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    path = tmp_path_factory.mktemp("machines") / "order.yaml"
    path.write_text(MACHINE)
    return wb.read_machines(path)


def asked(machines: wb.Machines, t: Any, **group: Any) -> dict[str, Any]:
    """Return every question that can be grouped and is a table of numbers, as a function of a log."""
    untimed = _untimed(machines)  # what is late depends on when the log ends, which a part does not share
    return {
        "state_distribution": lambda log: wb.state_distribution(log, t, **group),
        "transition_counts": lambda log: wb.transition_counts(log, **group),
        "transition_counts since": lambda log: wb.transition_counts(log, since=t, **group),
        "transition_counts before": lambda log: wb.transition_counts(log, before=t, **group),
        "transition_rates": lambda log: wb.transition_rates(log, "1 hour", **group),
        "time_in_state": lambda log: wb.time_in_state(log, **group),
        "states_over_time": lambda log: wb.states_over_time(log, "1 day", **group),
        "rework": lambda log: wb.rework(log, **group),
        "throughput": lambda log: wb.throughput(log.of("App\\Models\\Order"), "a", "b", **group),
        "life_durations": lambda log: wb.life_durations(log, t, machines=machines, **group),
        "ageing": lambda log: wb.ageing(log, t, **group),
        "time_limits": lambda log: wb.time_limits(log.of("App\\Models\\Order"), {"b": "1 minute"}, at=t, **group),
        "weighted_time": lambda log: wb.weighted_time(log, machines, "effort", at=t, **group),
        "variants": lambda log: wb.variants(log, **group),
        "conformance": lambda log: wb.conformance(log, machines, **group),
        "alignments": lambda log: wb.alignments(log, machines, **group),
        "repairs": lambda log: wb.repairs(log, machines, **group),
        "holds": lambda log: wb.holds(log, untimed, **group),
        "funnel": lambda log: wb.funnel(log.of("App\\Models\\Order"), ["a", "b"], **group),
    }


def _untimed(machines: wb.Machines) -> wb.Machines:
    return wb.Machines(
        replace(machine, properties=tuple(one for one in machine.properties if "within" not in one), property_places=())
        for machine in machines.values()
    )


def rows(question: Any, log: wb.EventLog) -> list[dict[str, Any]]:
    columns, found = answer(lambda part, _: question(part), log, None)
    return [dict(zip(columns, row, strict=True)) for row in found] if found else []


def told(lines: list[dict[str, Any]], *but: str) -> list[dict[str, Any]]:
    """Return the rows that tell of lives, without what depends on the other lives: how long they were watched."""
    hidden = {*but, "km_median_seconds"}
    lived = [row for row in lines if row["type"] is not None and row.get("lives") != 0]
    return [{name: value for name, value in row.items() if name not in hidden} for row in lived]


@few(3)
@given(export=exports(), slot=slots(), key=st.sampled_from(OF_LIVES), zone=st.sampled_from(ZONES))
def test_a_group_of_lives_answers_as_a_log_of_those_lives(machines, export: Export, slot, key, zone):
    group = {"by": key, "zone": zone}
    with export.read() as log:
        t = export.instant(slot)
        plain, split = asked(machines, t), asked(machines, t, **group)
        column = key.replace(":", "_")
        lives = {}
        for (life,) in log.sql("SELECT DISTINCT life FROM lives ORDER BY life").fetchall():
            part = log.where(f"life = {life}")
            value = next(row[column] for row in rows(split["variants"], part))
            lives.setdefault(value, []).append(life)
        for value, members in lives.items():
            part = log.where(f"life IN ({', '.join(map(str, members))})")
            for name, question in split.items():
                alone = rows(plain[name], part)
                if alone and column in alone[0]:  # a key that the answer has as a column anyway is refused
                    continue
                # Time is told from the first to the last of all; a part without one of the states refuses some.
                if name not in {"states_over_time", "transition_rates"} and (
                    alone or name not in {"funnel", "throughput"}
                ):
                    kept = [row for row in rows(question, log) if row[column] == value]
                    # Only the whole may have a type of two state fields.
                    untold = () if alone and "field" in alone[0] else ("field",)
                    assert told(kept, column, *untold) == told(alone), name


@few(4)
@given(export=exports(), slot=slots(), by=st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True))
def test_the_counts_of_all_groups_are_those_of_the_whole(machines, export: Export, slot, by):
    counts = {
        "state_distribution": ("state", "aggregates"),
        "transition_counts": ("from_state", "to_state", "times"),
        "transition_rates": ("period", "from_state", "to_state", "times"),
        "time_in_state": ("state", "stays"),
        "states_over_time": ("instant", "state", "aggregates"),
    }
    with export.read() as log:
        plain, split = (asked(machines, export.instant(slot), **group) for group in ({}, {"by": by}))
        for name, (*over, number) in counts.items():
            sums = [Counter(), Counter()]
            for total, question in zip(sums, (plain[name], split[name]), strict=True):
                for row in rows(question, log):
                    total[row["type"], row.get("field"), *(row[column] for column in over)] += row[number]
            assert sums[0] == sums[1], name


@few(3)
@given(
    export=exports(), slot=slots(), by=st.lists(st.sampled_from((*KEYS, *DATA)), min_size=1, max_size=2, unique=True)
)
def test_groups_of_a_beginning_are_those_of_a_log_of_just_those_events(machines, export: Export, slot, by):
    with export.read() as whole:
        rejected = whole.rejected.fetchall()
        part = whole.until(export.instant(slot))
        keys = part.sql("SELECT import_id, position FROM events ORDER BY ALL").fetchall()
        if not keys:
            return
        with export.read([export.pieces[piece - 1][position - 1] for piece, position in keys]) as fresh:
            for name, question in asked(machines, export.instant(slot), by=by).items():
                if name == "holds" and rejected:  # their lives are in doubt, those of the other log are not
                    continue
                assert rows(question, part) == rows(question, fresh), name
