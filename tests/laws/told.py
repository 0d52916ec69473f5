"""What does a log tell, without the keys that depend on how its rows arrived?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import workbench as wb
from workbench.errors import WorkbenchError

Rows = list[tuple[Any, ...]]

TABLES = {
    "events": "SELECT * EXCLUDE (import_id, position, life, type) FROM events",
    "moves": (
        "SELECT l.aggregate_type, l.aggregate_id, m.* EXCLUDE (life, type) "
        "FROM moves AS m LEFT JOIN lives AS l ON l.life = m.life AND l.field = m.field"
    ),
    "lives": "SELECT * EXCLUDE (life, type) FROM lives",
    "variants": "FROM variants",
}

# The machine of one type; the other types have none.
MACHINE = """
name: OrderStateMachine
model: App\\Models\\Order
initial_state: a
states: [{name: a, metadata: {effort: 2}}, {name: b, metadata: {effort: 0.5, timeout_seconds: 60}}, {name: c}]
transitions:
  - {name: go, from: [a], to: b}
  - {name: end, from: [a, b], to: c}
properties:
  - {state: c, needs_before: b}
  - {state: a, leads_to: b, within: 1 minute}
  - {transition: end, at_most: 1}
  - {rule: chain_response, of: [model_updated, b], on: [event, state]}
  - {rule: precedence, of: [model_updated, c], on: [event, state], when: attributes.total > 1.0, within: 1 hour}
"""


def tables(log: wb.EventLog) -> dict[str, Rows]:
    """Return the canonical tables, sorted."""
    return {name: _sorted(log.sql(query).fetchall()) for name, query in TABLES.items()}


def questions(machines: wb.Machines) -> dict[str, Callable[[wb.EventLog, Any], Any]]:
    """Return every question of a log, as a function of the log and an instant in it."""
    return {
        "state_at": wb.state_at,
        "state_at the end": lambda log, _: wb.state_at(log),
        "state_distribution": wb.state_distribution,
        "pulse": lambda log, _: wb.pulse(log, "3 minutes"),
        "recent_moves": lambda log, t: wb.recent_moves(log, 4, states=["a", "c"], since=t),
        "states_over_time": lambda log, _: wb.states_over_time(log, every="1 day"),
        "states_over_time since": lambda log, t: wb.states_over_time(log, every="12 hours", since=t),
        "moves_over_time": lambda log, t: wb.moves_over_time(log, "90 seconds", since=t),
        "transition_counts": lambda log, _: wb.transition_counts(log),
        "transition_counts since": lambda log, t: wb.transition_counts(log, since=t),
        "transition_counts before": lambda log, t: wb.transition_counts(log, before=t),
        "transition_rates": lambda log, t: wb.transition_rates(log, before=t),
        "transition_rates by day": lambda log, _: wb.transition_rates(log, "1 day", zone="Asia/Kolkata"),
        "time_in_state": lambda log, _: wb.time_in_state(log),
        "time_in_state since": lambda log, t: wb.time_in_state(log, since=t),
        "time_in_state in hours": lambda log, _: wb.time_in_state(log.business_hours("Mon-Sun 09:00-10:00")),
        "rework": lambda log, _: wb.rework(log),
        "rework since": lambda log, t: wb.rework(log, since=t),
        "life_durations": wb.life_durations,
        "life_durations by machine": lambda log, _: wb.life_durations(log, machines=machines),
        "flow": lambda log, _: wb.flow(log),
        "flow by machine": lambda log, t: wb.flow(log, "12 hours", machines=machines, since=t),
        **{f"throughput of {full}": _throughput(full) for full in FULL_TYPES},
        "ageing": wb.ageing,
        "ageing the end": lambda log, _: wb.ageing(log),
        "bottlenecks": lambda log, _: wb.bottlenecks(log),
        "bottlenecks since": lambda log, t: wb.bottlenecks(log, since=t),
        "bottlenecks before": lambda log, t: wb.bottlenecks(log, before=t),
        "time_limits": lambda log, _: wb.time_limits(log, machines=machines),
        "time_limits since": lambda log, t: wb.time_limits(log, machines=machines, since=t),
        "late_stays": lambda log, t: wb.late_stays(log, machines=machines, at=t),
        "weighted_time": lambda log, _: wb.weighted_time(log, machines, "effort"),
        "survival": lambda log, _: wb.survival(log),
        "survival before": lambda log, t: wb.survival(log, before=t),
        "variants": lambda log, _: wb.variants(log),
        "eventually_follows": lambda log, _: wb.eventually_follows(log),
        "eventually_follows since": lambda log, t: wb.eventually_follows(log, since=t),
        "variants before": lambda log, t: wb.variants(log, before=t),
        "life_durations since": lambda log, t: wb.life_durations(log, since=t),
        "variants told once": lambda log, _: wb.variants(log, machines, loops="collapse"),
        "event_types": lambda log, _: wb.event_types(log),
        "attributes_at": wb.attributes_at,
        "blame": wb.blame,
        "compare": wb.compare,
        "compare back": lambda log, t: wb.compare(log, log.last, t),
        "drift": lambda log, _: wb.drift(log),
        "snapshot_check": lambda log, _: wb.snapshot_check(log),
        "field_history": lambda log, _: wb.field_history(log, "status"),
        "audit_trail": lambda log, _: wb.audit_trail(log),
        **{f"related to {full} 1": _related(full) for full in FULL_TYPES},
        "find": lambda log, _: wb.find(log, "a"),
        "find an id": lambda log, _: wb.find(log, "1"),
        "off_machine": lambda log, _: wb.off_machine(log, machines),
        "off_machine since": lambda log, t: wb.off_machine(log, machines, since=t),
        "conformance": lambda log, _: wb.conformance(log, machines),
        "conformance before": lambda log, t: wb.conformance(log, machines, before=t, by="created:hour"),
        "holds": lambda log, _: wb.holds(log, machines),
        "holds by day": lambda log, _: wb.holds(log, machines, by="created:day", zone="Asia/Kolkata"),
        "alignments": lambda log, _: wb.alignments(log, machines),
        "alignments by hour": lambda log, _: wb.alignments(log, machines, by="created:hour"),
        "repairs": lambda log, _: wb.repairs(log, machines),
        "repairs by hour": lambda log, _: wb.repairs(log, machines, by="created:hour"),
        "unused": lambda log, _: wb.unused(log, machines),
        "unused since": lambda log, t: wb.unused(log, machines, since=t),
        "unused before": lambda log, t: wb.unused(log, machines, before=t),
        "violations": lambda log, _: wb.violations(log, machines),
        "violations since": lambda log, t: wb.violations(log, machines, since=t),
        "violations by hour": lambda log, _: wb.violations(log, machines, by="created:hour"),
        "quality": lambda log, _: wb.quality(log).filter("\"check\" NOT LIKE 'rejected: %'"),
        "quality_events": lambda log, _: wb.quality_events(log),
        **{f"funnel of {full}": _funnel(full, ["a", "b"]) for full in FULL_TYPES},
        **{f"funnel within, of {full}": _funnel(full, ["a", "c", "a"], "2 minutes") for full in FULL_TYPES},
        "funnel of linked": lambda log, _: wb.funnel(log, [f"{FULL_TYPES[1]}:a", f"{FULL_TYPES[0]}:b"]),
        "funnel_lives of linked": lambda log, t: wb.funnel_lives(
            log, [f"{FULL_TYPES[0]}:a", f"{FULL_TYPES[1]}:b"], since=t
        ),
        **{f"funnel_lost of {full}": _lost(full, ["b", "c", "a"]) for full in FULL_TYPES},
        "actor_transitions": lambda log, t: wb.actor_transitions(log, since=t),
        "handovers": lambda log, t: wb.handovers(log, before=t),
        "busy_hours": lambda log, _: wb.busy_hours(log, zone="Europe/Paris"),
        "dotted_chart": lambda log, _: wb.dotted_chart(log, cells=9),
        "bursts": lambda log, _: wb.bursts(log, span="2 minutes", factor=1),
        "four_eyes": lambda log, _: wb.four_eyes(log.of(FULL_TYPES[0]), "a", "b"),
        "distinguish": lambda log, _: wb.distinguish(log, "moves > 2", support=1),
        "compare_transitions": lambda log, _: wb.compare_transitions(log, "moves > 2"),
        "compare_transitions split": lambda log, t: wb.compare_transitions(log, split=t),
        "funnel_lives": lambda log, t: wb.funnel_lives(log.of(FULL_TYPES[0]), ["a", "b"], since=t),
    }


FULL_TYPES = ("App\\Models\\Order", "App\\Models\\Payment")


def _funnel(full: str, steps: list[str], within: str | None = None) -> Callable[[wb.EventLog, Any], Any]:
    return lambda log, _: wb.funnel(log.of(full), steps, within)


def _related(full: str) -> Callable[[wb.EventLog, Any], Any]:
    return lambda log, _: wb.related(log, full, "1")


def _throughput(full: str) -> Callable[[wb.EventLog, Any], Any]:
    return lambda log, _: wb.throughput(log.of(full), "a", "b")


def _lost(full: str, steps: list[str]) -> Callable[[wb.EventLog, Any], Any]:
    return lambda log, _: wb.funnel_lost(log.of(full), steps, order="strict")


def answer(question: Callable[[wb.EventLog, Any], Any], log: wb.EventLog, t: Any) -> tuple[list[str], Rows]:
    """Return the columns and sorted rows of an answer, full types in place of short ones; or how it refuses."""
    try:
        relation = question(log, t)
        columns, rows = relation.columns, relation.fetchall()
    except WorkbenchError as error:
        return [type(error).__name__], []
    full = dict(
        log.sql("SELECT type, aggregate_type FROM lives UNION SELECT type, aggregate_type FROM rosters").fetchall()
    )
    return columns, _sorted([_with_full(columns, row, full) for row in rows])


def _with_full(columns: list[str], row: tuple[Any, ...], full: dict[str, str]) -> tuple[Any, ...]:
    told = dict(zip(columns, row, strict=True))
    short = told.get("type")
    if short is not None:
        told["type"] = full[short]
        if "example" in told:
            told["example"] = told["example"].removeprefix(short)
    return tuple(told.values())


def _sorted(rows: Iterable[tuple[Any, ...]]) -> Rows:
    return sorted(rows, key=repr)
