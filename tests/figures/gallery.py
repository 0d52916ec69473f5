"""Every figure, drawn from the sample shop: what the pictures are taken of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from drawn_tables import EYES

import workbench as wb
from workbench import figures

ROOT = Path(__file__).resolve().parents[2]
STEPS = ["pending", "confirmed", "fulfilled"]
COUNTERS = {"live_metrics:Order:states": {"pending": 12, "fulfilled": 700, "cancelled": 3}}

Draw = Callable[..., Any]


def gallery() -> dict[str, Draw]:
    """Return name -> a function of `dark` that draws one figure of the sample shop."""
    machines = wb.read_machines(ROOT / "machines")
    log = wb.read_events(ROOT / "sample_events" / "shop.ndjson")
    orders, devices = log.of("Order"), log.of("SmartDevice")
    order, device = machines["OrderStateMachine"], machines["SmartDeviceStateMachine"]
    week: dict[str, Any] = {"by": "created:week"}
    country: dict[str, Any] = {"by": "attributes.country"}
    edited = wb.what_if(orders, machine=wb.read_machines(ROOT / "machines" / "drafts" / "order_v2.yaml"))
    tables: dict[str, tuple[Draw, Any, Any]] = {
        "state_distribution": (figures.state_distribution, wb.state_distribution(orders), order),
        "state_distribution all": (figures.state_distribution, wb.state_distribution(log), machines),
        "state_distribution by": (figures.state_distribution, wb.state_distribution(orders, **country), order),
        "states_over_time": (figures.states_over_time, wb.states_over_time(devices, "1 hour"), device),
        "states_over_time all": (figures.states_over_time, wb.states_over_time(log, "1 day"), None),
        "transition_counts": (figures.transition_counts, wb.transition_counts(orders), order),
        "transition_counts all": (figures.transition_counts, wb.transition_counts(log), machines),
        "eventually_follows": (figures.eventually_follows, wb.eventually_follows(devices), device),
        "transition_rates": (figures.transition_rates, wb.transition_rates(orders, "1 week"), order),
        "time_in_state": (figures.time_in_state, wb.time_in_state(orders), order),
        "time_in_state all": (figures.time_in_state, wb.time_in_state(log), machines),
        "time_in_state by": (figures.time_in_state, wb.time_in_state(orders, **week), order),
        "survival": (figures.survival, wb.survival(orders), order),
        "survival ended": (lambda *a, **k: figures.survival(*a, ended=True, **k), wb.survival(devices), device),
        "life_durations": (figures.life_durations, wb.life_durations(orders, machines=machines), order),
        "throughput": (figures.throughput, wb.throughput(orders, "pending", "fulfilled", **country), order),
        "event_types": (figures.event_types, wb.event_types(log), machines),
        "four_eyes": (figures.four_eyes, EYES, order),
        "four_eyes by": (figures.four_eyes, wb.four_eyes(orders, "confirmed", "fulfilled", **country), order),
        "quality": (figures.quality, wb.quality(log), machines),
        "unused": (figures.unused, wb.unused(log, machines), machines),
        "unused since": (figures.unused, wb.unused(log, machines, since="2026-03-10"), machines),
        "violations": (figures.violations, wb.violations(log, machines), machines),
        "funnel": (figures.funnel, wb.funnel(orders, STEPS), order),
        "funnel by": (figures.funnel, wb.funnel(orders, STEPS, **week), order),
        "funnel_lost": (figures.funnel_lost, wb.funnel_lost(orders, STEPS), order),
        "variants": (figures.variants, wb.variants(devices), device),
        "variants by": (figures.variants, wb.variants(orders, machines, **country), order),
        "sankey": (figures.sankey, wb.variants(devices), device),
        "alignments": (figures.alignments, wb.alignments(log, machines), machines),
        "ageing": (figures.ageing, wb.ageing(devices), device),
        "bottlenecks": (figures.bottlenecks, wb.bottlenecks(log), machines),
        "time_limits": (
            figures.time_limits,
            wb.time_limits(orders, {"pending": "1 hour", "confirmed": "1 day"}),
            order,
        ),
        "late_stays": (figures.late_stays, wb.late_stays(orders, {"pending": "2 hours", "confirmed": "2 days"}), order),
        "weighted_time": (figures.weighted_time, wb.weighted_time(devices, machines, "power_consumption"), device),
        "rework": (figures.rework, wb.rework(devices), device),
        "flow": (figures.flow, wb.flow(orders), order),
        "flow by": (figures.flow, wb.flow(orders, **country), order),
        "busy_hours": (figures.busy_hours, wb.busy_hours(orders), order),
        "handovers": (figures.handovers, wb.handovers(orders), order),
        "actor_transitions": (figures.actor_transitions, wb.actor_transitions(orders), order),
        "bursts": (figures.bursts, wb.bursts(log, factor=4), order),
        "distinguish": (figures.distinguish, wb.distinguish(orders, orders.where(ended_in="cancelled")), order),
        "compare_transitions": (
            figures.compare_transitions,
            wb.compare_transitions(devices, split="2026-02-01"),
            device,
        ),
        "conformance": (figures.conformance, wb.conformance(log, machines), machines),
        "off_machine": (figures.off_machine, wb.off_machine(log, machines), machines),
        "holds": (figures.holds, wb.holds(log, machines), machines),
        "drift": (figures.drift, wb.drift(log, COUNTERS), machines),
        "snapshot_check": (figures.snapshot_check, wb.snapshot_check(log), machines),
        "what_if": (figures.what_if, edited, order),
        "what_if over time": (figures.what_if, edited.over_time("1 day"), order),
        "dotted_chart": (figures.dotted_chart, wb.dotted_chart(orders), order),
        "dotted_chart all": (figures.dotted_chart, wb.dotted_chart(log), machines),
    }
    drawn = {name: _drawn(draw, table, machine) for name, (draw, table, machine) in tables.items()}
    life = wb.replay(log.of("SmartDevice", devices.sql("SELECT min(aggregate_id) FROM lives").fetchall()[0][0]))
    drawn["replay"] = lambda *, dark: figures.replay(life, device, dark=dark)
    counts = wb.transition_counts(orders)
    drawn["machine"] = lambda *, dark: figures.machine(order, counts, dark=dark)
    return drawn


def odd_gallery() -> dict[str, Draw]:
    """Return name -> a function that draws one figure of a log of many states with long names, or of a single life."""
    chance = Random(7)
    steps = [f"step {number:02} of the long procedure, looked at by somebody" for number in range(26)]
    ways = {
        f"case-{life}": [steps[0], *chance.sample(steps[1:], chance.randint(2, 14)), chance.choice(steps)]
        for life in range(120)
    }
    logs = {"many": _walked(ways, chance), "one": _walked({"case-1": steps[:5]}, chance)}
    drawn: dict[str, Draw] = {}
    for name, log in logs.items():
        some = [state for (state,) in log.sql("FROM moves SELECT to_state GROUP BY 1 ORDER BY count(*), 1").fetchall()]
        tables: dict[str, tuple[Draw, Any]] = {
            "states_over_time": (figures.states_over_time, wb.states_over_time(log, "1 day")),
            "transition_counts": (figures.transition_counts, wb.transition_counts(log)),
            "transition_rates": (figures.transition_rates, wb.transition_rates(log, "1 week")),
            "time_in_state": (figures.time_in_state, wb.time_in_state(log)),
            "survival": (figures.survival, wb.survival(log)),
            "life_durations": (figures.life_durations, wb.life_durations(log)),
            "funnel": (figures.funnel, wb.funnel(log, some[-4:])),
            "funnel_lost": (figures.funnel_lost, wb.funnel_lost(log, some[-4:])),
            "variants": (figures.variants, wb.variants(log)),
            "sankey": (figures.sankey, wb.variants(log)),
            "ageing": (figures.ageing, wb.ageing(log)),
            "flow": (figures.flow, wb.flow(log)),
            "dotted_chart": (figures.dotted_chart, wb.dotted_chart(log)),
            "bottlenecks": (figures.bottlenecks, wb.bottlenecks(log)),
        }
        drawn |= {f"{name} {question}": _drawn(draw, table, None) for question, (draw, table) in tables.items()}
        life = wb.replay(log.of("Case", "case-1"))
        drawn[f"{name} replay"] = partial(figures.replay, life, None)
    return drawn


def _walked(ways: dict[str, list[str]], chance: Random) -> Any:
    """Return the log of lives that go these ways, each beginning some hours after the one before."""
    rows = []
    for nth, (life, states) in enumerate(ways.items()):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=7 * nth)
        for state in states:
            rows.append({"case": life, "activity": state, "time": at.isoformat(), "resource": chance.choice("abc")})
            at += timedelta(seconds=min(chance.lognormvariate(9, 3) // 1, 200_000))
    return wb.read_events(rows, mapping="case=case,activity=activity,time=time,actor=resource", timezone="UTC")


def _drawn(draw: Draw, table: Any, machine: Any) -> Draw:
    whole = table if not hasattr(table, "fetchall") else table.df()
    return lambda *, dark: draw(whole, machine, dark=dark)
