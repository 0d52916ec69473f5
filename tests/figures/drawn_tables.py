"""One small table a figure, every number in a title counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from workbench import figures
from workbench.instants import instant

DAY = instant("2026-03-01")
SPREAD = {"p10_seconds": 600.0, "p25_seconds": 1800.0, "median_seconds": 3600.0, "p75_seconds": 5400.0}
SPREAD |= {"p90_seconds": 9000.0}
NEVER = dict.fromkeys(SPREAD)

DISTRIBUTION = [
    {"type": "Order", "state": "fulfilled", "aggregates": 6, "share": 0.6, "instant": DAY},
    {"type": "Order", "state": "pending", "aggregates": 4, "share": 0.4, "instant": DAY},
]
OVER_TIME = [
    {"type": "Order", "instant": DAY, "state": "pending", "aggregates": 3},
    {"type": "Order", "instant": DAY + timedelta(days=1), "state": "pending", "aggregates": 1},
    {"type": "Order", "instant": DAY + timedelta(days=1), "state": "paid", "aggregates": 4},
]
COUNTS = [
    {"type": "Order", "from_state": "pending", "to_state": "paid", "times": 7, "aggregates": 7, "median_seconds": 60.0},
    {"type": "Order", "from_state": "paid", "to_state": "pending", "times": 2, "aggregates": 1, "median_seconds": None},
]
STAYS = [
    {"type": "Order", "state": "pending", "stays": 9, "open": 2, "unknown_start": 1, "mean_seconds": 4000.0, **SPREAD},
    {"type": "Order", "state": "paid", "stays": 3, "open": 3, "unknown_start": 0, "mean_seconds": None, **NEVER},
]
STEPS = [
    {"type": "Order", "step": 1, "state": "pending", "aggregates": 10, "median_seconds": None},
    {"type": "Order", "step": 2, "state": "paid", "aggregates": 8, "median_seconds": 120.0},
    {"type": "Order", "step": 3, "state": "fulfilled", "aggregates": 5, "median_seconds": 86_400.0},
]
LOST = [
    {"type": "Order", "step": 1, "state": "pending", "reached": 10, "lost": 2, "next_state": "void",
     "current_state": "void", "aggregates": 2, "share": 1.0},
    {"type": "Order", "step": 2, "state": "paid", "reached": 8, "lost": 3, "next_state": None,
     "current_state": "paid", "aggregates": 3, "share": 1.0},
]  # fmt: skip
WAYS = [
    {"type": "Order", "variant": 1, "states": ["pending", "paid"], "aggregates": 6, "median_seconds": 90.0},
    {"type": "Order", "variant": 2, "states": ["pending"], "aggregates": 2, "median_seconds": 0.0},
]
AGES = [
    {"type": "Order", "state": "pending", "aggregates": 5, "unknown_start": 1, "median_seconds": 180_000.0,
     "hour": 0, "day": 1, "week": 3, "month": 0, "longer": 0, "instant": DAY},
    {"type": "Order", "state": "paid", "aggregates": 2, "unknown_start": 0, "median_seconds": 600.0,
     "hour": 2, "day": 0, "week": 0, "month": 0, "longer": 0, "instant": DAY},
]  # fmt: skip
LIMITS = [
    {"type": "Order", "state": "pending", "limit_seconds": 7200.0, "within": 6, "late": 2, "waiting": 3, "overdue": 1},
    {"type": "Order", "state": "paid", "limit_seconds": 60.0, "within": 9, "late": 1, "waiting": 0, "overdue": 0},
]
LATE = [
    {"type": "Order", "aggregate_id": "7", "state": "pending", "since": DAY, "exited_at": None, "seconds": 9000.0,
     "limit_seconds": 3600.0, "over_seconds": 5400.0},
    {"type": "Order", "aggregate_id": "8", "state": "paid", "since": DAY, "exited_at": DAY, "seconds": 4200.0,
     "limit_seconds": 3600.0, "over_seconds": 600.0},
]  # fmt: skip
CURVES = [
    {"type": "Order", "state": "pending", "seconds": 60.0, "exits": 1, "surviving": 0.75, "lower": 0.5, "upper": 0.9},
    {"type": "Order", "state": "pending", "seconds": 3600.0, "exits": 3, "surviving": 0.5, "lower": 0.3, "upper": 0.7},
    {"type": "Order", "state": "paid", "seconds": 120.0, "exits": 2, "surviving": 0.0, "lower": None, "upper": None},
]
FLOW = [
    {"type": "Order", "period": DAY, "began_so_far": 4, "ended_so_far": 1, "under_way": 3},
    {"type": "Order", "period": DAY + timedelta(days=1), "began_so_far": 6, "ended_so_far": 5, "under_way": 1},
]
FOLLOWS = [
    {"type": "Order", "from_state": "pending", "to_state": "paid", "times": 9, "aggregates": 8, "share": 0.8},
    {"type": "Order", "from_state": "pending", "to_state": "void", "times": 1, "aggregates": 1, "share": 0.1},
]
RATES = [
    {"type": "Order", "from_state": "pending", "to_state": "paid", "period": DAY + timedelta(days=7 * week),
     "times": times, "days": 7.0, "per_day": times / 7, "low": times / 8, "high": times / 6, "trend": 2.0,
     "trend_low": 1.5, "trend_high": 2.7}
    for week, times in enumerate((14, 28))
]  # fmt: skip
LIVES = [
    {"type": "Order", "state": "done", "ended": True, "aggregates": 6, "mean_seconds": 4000.0, **SPREAD,
     "max_seconds": 9999.0, "instant": DAY},
    {"type": "Order", "state": "pending", "ended": False, "aggregates": 2, "mean_seconds": 4000.0, **SPREAD,
     "max_seconds": 9999.0, "instant": DAY},
]  # fmt: skip
WAY = [
    {"type": "Order", "from_state": "pending", "to_state": "paid", "aggregates": 8, "times": 9, "open": 1,
     "unknown_start": 0, "mean_seconds": 4000.0, **SPREAD},
]  # fmt: skip
TIGHT = [
    {"type": "Order", "rank": 1, "state": "pending", "stays": 9, "mean_inside": 3.5, "mean_stay_seconds": 7200.0,
     "total_seconds": 64_800.0, "share": 0.9},
    {"type": "Order", "rank": None, "state": "done", "stays": 8, "mean_inside": 2.0, "mean_stay_seconds": 60.0,
     "total_seconds": 480.0, "share": None},
]  # fmt: skip
WEIGHED = [
    {"type": "Device", "state": "active", "weight": 15.0, "aggregates": 2, "hours": 10.0, "weighted_hours": 150.0,
     "share": 0.75, "instant": DAY},
    {"type": "Device", "state": "online", "weight": 5.0, "aggregates": 2, "hours": 10.0, "weighted_hours": 50.0,
     "share": 0.25, "instant": DAY},
]  # fmt: skip
AGAIN = [
    {"type": "Order", "state": "pending", "aggregates": 2, "share": 0.2, "times": 4, "self_loops": 1, "returns": 3,
     "repeats": 2, "redos": 1, "unknown_actor": 1},
]  # fmt: skip
HOURS = [
    {"type": "Order", "weekday": 1, "hour": 9, "events": 6, "aggregates": 5, "share": 0.75},
    {"type": "Order", "weekday": 7, "hour": 23, "events": 2, "aggregates": 2, "share": 0.25},
]
HANDED = [
    {"type": "Order", "actor": "ann", "next_actor": "bob", "times": 3, "aggregates": 3, "median_seconds": 60.0},
    {"type": "Order", "actor": "bob", "next_actor": "bob", "times": 1, "aggregates": 1, "median_seconds": 5.0},
]
ACTORS = [
    {"type": "Order", "actor": "ann", "from_state": "pending", "to_state": "paid", "times": 3, "aggregates": 3,
     "of_actor": 0.75, "of_transition": 0.5},
    {"type": "Order", "actor": "ann", "from_state": None, "to_state": "pending", "times": 1, "aggregates": 1,
     "of_actor": 0.25, "of_transition": 1.0},
    {"type": "Order", "actor": None, "from_state": "pending", "to_state": "paid", "times": 3, "aggregates": 3,
     "of_actor": 1.0, "of_transition": 0.5},
]  # fmt: skip
BURSTS = [
    {"type": "Order", "kind": "actor", "name": "ann", "began_at": DAY, "events": 40, "aggregates": 30,
     "usual_events": 2.0, "ratio": 20.0, "windows": 9},
    {"type": "Order", "kind": "event_type", "name": "paid", "began_at": DAY, "events": 30, "aggregates": 30,
     "usual_events": 3.0, "ratio": 10.0, "windows": 9},
]  # fmt: skip
TESTED = {"in_a": 8, "of_a": 10, "in_b": 2, "of_b": 20, "share_a": 0.8, "share_b": 0.1, "difference": 0.7}
TESTED |= {"low": 0.4, "high": 0.85, "q_value": 0.001}
APART = [
    {"type": "Order", "kind": "attribute", "name": "country", "value": "NL", **TESTED},
    {"type": "Order", "kind": "actor", "name": "actor", "value": "ann", **TESTED, "difference": 0.1, "q_value": 0.6},
]
COMPARED = [
    {"type": "Order", "from_state": "pending", "to_state": "void", **TESTED},
    {"type": "Order", "from_state": "pending", "to_state": "paid", **TESTED, "difference": None, "q_value": None},
]
FITS = [
    {"type": "Order", "machine": "Orders", "lives": 9, "moves": 30, "off_machine": 2, "lives_fitting": 8},
    {"type": "Payment", "machine": None, "lives": 4, "moves": 8, "off_machine": None, "lives_fitting": None},
    {"type": None, "machine": "Idle", "lives": 0, "moves": 0, "off_machine": 0, "lives_fitting": 0},
]
OFF = [
    {"type": "Order", "aggregate_id": id, "from_state": source, "to_state": "paid", "why": why}
    for id, source, why in (
        ("4", "void", "event after a final state"), ("4", "void", "event after a final state"),
        ("5", None, "starts off the initial state"),
    )
]  # fmt: skip
RULES = [
    {"type": "Order", "machine": "Orders", "property": "pay first", "asked_of": "log", "verdict": "violated",
     "satisfied": 5, "violated": 2, "pending": 1, "unknowable": 1},
    {"type": "Order", "machine": "Orders", "property": "pay first", "asked_of": "machine", "verdict": "holds",
     "satisfied": None, "violated": None, "pending": None, "unknowable": None},
    {"type": "Order", "machine": "Orders", "property": "never void", "asked_of": "log", "verdict": "vacuous",
     "satisfied": 0, "violated": 0, "pending": 0, "unknowable": 0},
]  # fmt: skip
BROKEN = [
    {"type": "Order", "aggregate_id": id, "machine": "Orders", "property": rule, "occurred_at": DAY,
     "event_type": "state_transitioned", "to_state": state}
    for id, rule, state in (("4", "pay first", "sent"), ("4", "pay first", "sent"), ("5", "once", None))
]  # fmt: skip
EYES = [
    {"type": "Order", "aggregate_id": id, "verdict": verdict, "actors": actors}
    for id, verdict, actors in (
        ("1", "same", ["ann"]), ("2", "same", ["ann", "bob"]), ("3", "unknown", []), ("4", "different", []),
    )
]  # fmt: skip
NEVER_USED = [
    {"type": "Order", "machine": "Orders", "element": element, "name": name, "from_state": source, "times": times}
    for element, name, source, times in (
        ("state", "held", None, 0), ("transition", "hold", None, 0), ("transition", "void", None, 4),
        ("from-state", "pay", "held", 0),
    )
]  # fmt: skip
KINDS = [
    {"type": "Order", "event_type": kind, "schema_version": version, "events": events, "aggregates": 4,
     "changes_state": states, "replayed": replayed}
    for kind, version, events, states, replayed in (
        ("paid", "1", 5, True, 5), ("paid", "2", 2, True, 2), ("noted", None, 3, False, 3), ("seen", None, 1, False, 0),
    )
]  # fmt: skip
DOUBTS = [
    {"type": type, "check": check, "count": count, "example": f"{type} 4, place 2", "explanation": "rows are missing"}
    for type, check, count in (("Order", "version gap", 3), ("Order", "time running back", 1), (None, "hole", 2))
]
PARTED = [
    {"type": "Order", "aggregate_id": "4", "what": "state"},
    {"type": "Order", "aggregate_id": "5", "what": "state"},
    {"type": "Order", "aggregate_id": "5", "what": "total"},
]
SNAPSHOTS = [
    {"type": "Order", "aggregate_id": "4", "snapshots": 3, "differing": 1, "what": ["total", "note"]},
    {"type": "Order", "aggregate_id": "5", "snapshots": 2, "differing": 0, "what": []},
]
SYNC, LOG, MODEL = (
    {"move": move, "state": state} for move, state in (("sync", "new"), ("log", "odd"), ("model", "due"))
)
ALIGNED = [
    {"type": "Order", "machine": "Orders", "states": ["new"], "aggregates": 7, "cost": 0, "fitness": 1.0,
     "moves": [SYNC]},
    {"type": "Order", "machine": "Orders", "states": ["new", "odd"], "aggregates": 2, "cost": 2, "fitness": 0.5,
     "moves": [SYNC, LOG, MODEL]},
]  # fmt: skip
EDITED = [
    {"type": "Order", "state": "pending", "before": 7, "after": 4, "difference": -3},
    {"type": "Order", "state": "held", "before": 0, "after": 3, "difference": 3},
]
DOTS = [
    {"type": "Order", "first_life": life, "last_life": life, "since": DAY + timedelta(days=life),
     "before": DAY + timedelta(days=life + 1), "state": state, "moves": 2}
    for life, state in ((1, "pending"), (2, "paid"))
]  # fmt: skip

DRAWN: dict[Callable[..., Any], list[dict[str, Any]]] = {
    figures.actor_transitions: ACTORS,
    figures.ageing: AGES,
    figures.alignments: ALIGNED,
    figures.bottlenecks: TIGHT,
    figures.bursts: BURSTS,
    figures.busy_hours: HOURS,
    figures.compare_transitions: COMPARED,
    figures.conformance: FITS,
    figures.distinguish: APART,
    figures.dotted_chart: DOTS,
    figures.drift: PARTED,
    figures.event_types: KINDS,
    figures.eventually_follows: FOLLOWS,
    figures.flow: FLOW,
    figures.four_eyes: EYES,
    figures.funnel: STEPS,
    figures.funnel_lost: LOST,
    figures.handovers: HANDED,
    figures.holds: RULES,
    figures.late_stays: LATE,
    figures.life_durations: LIVES,
    figures.off_machine: OFF,
    figures.quality: DOUBTS,
    figures.rework: AGAIN,
    figures.sankey: WAYS,
    figures.snapshot_check: SNAPSHOTS,
    figures.state_distribution: DISTRIBUTION,
    figures.states_over_time: OVER_TIME,
    figures.survival: CURVES,
    figures.throughput: WAY,
    figures.time_in_state: STAYS,
    figures.time_limits: LIMITS,
    figures.transition_counts: COUNTS,
    figures.transition_rates: RATES,
    figures.unused: NEVER_USED,
    figures.variants: WAYS,
    figures.violations: BROKEN,
    figures.weighted_time: WEIGHED,
    figures.what_if: EDITED,
}
TITLES = {
    "actor_transitions": "Actor ann moves orders most, 4 of 7 times, and most often pending → paid (3)",
    "ageing": "Half of the 4 orders in pending have been there for more than 2 d 2 h",
    "alignments": (
        "2 of 9 orders part from the machine; the commonest way, 2 times, leaves out due and enters odd "
        "where the machine does not"
    ),
    "bottlenecks": "Orders spend most of their time in pending: 90 % of it; on average 3.5 are there at once",
    "bursts": "2 bursts; the greatest: actor ann, 40 events from 2026-03-01 UTC, 20 times as many as usual",
    "busy_hours": "Orders are busiest on Mondays from 9 to 10 h: 6 of 8 events",
    "compare_transitions": "1 of 1 move is more than noise, first of all pending → void: 80 % of a go there, 10 % of b",
    "conformance": "2 of 30 moves are off their machine; 8 of 9 lives keep to it (89 %)",
    "distinguish": "1 of 2 candidates is more than noise, first of all country = NL: 80 % of a have it, 10 % of b",
    "dotted_chart": "4 moves of 2 orders between 2026-03-02 UTC and 2026-03-04 UTC",
    "drift": "The replay and the application part in 2 orders, most often in state (2)",
    "event_types": "7 of 11 events of orders are paid; 1 of 3 kinds of event changes the state",
    "eventually_follows": (
        "Of the orders once in pending, 80 % came to paid sooner or later: the most frequent of all pairs"
    ),
    "flow": "6 orders began, 5 have ended, 1 is under way",
    "four_eyes": "The same actor brought 2 of 4 orders into both states, most often ann (2); of 1 it is not known",
    "funnel": "5 of 10 orders went from pending to fulfilled (50 %); most are lost between paid and fulfilled (3)",
    "funnel_lost": "Most are lost after paid: 3 of 8 orders, 3 of them now in paid",
    "handovers": (
        "Most often actor ann hands orders over to actor bob: 3 times; in 25 % of 4 pairs the same actor goes on"
    ),
    "holds": "1 of 2 properties is broken, pay first by most lives: 2 of 9",
    "late_stays": (
        "2 stays too long, 1 of them still open; the longest over its limit is order 7 in pending, by 1 h 30 min"
    ),
    "life_durations": "Half of the 6 orders that ended in done took longer than 1 h",
    "off_machine": "3 moves of 2 orders no transition allows, most often void → paid (2): event after a final state",
    "quality": "3 kinds of doubt about this log, most often version gap of orders: 3 times",
    "rework": "2 orders came back to pending, 4 times in all: 20 % of those ever there",
    "sankey": "After pending most of 8 orders go to paid (75 %)",
    "snapshot_check": "Snapshots part from the events in 1 of 2 orders, most often in total (1)",
    "state_distribution": "6 of 10 orders are fulfilled at 2026-03-01 UTC",
    "states_over_time": "5 orders on 2026-03-02 UTC, 4 of them paid",
    "survival": "Of the stays in pending, half are over after 1 h",
    "throughput": "From pending to paid half of 9 ways take more than 1 h, one in ten more than 2 h 30 min",
    "time_in_state": "Orders stay longest in pending: half of the stays there take more than 1 h",
    "time_limits": "Orders keep least to the limit of pending: 3 of 9 stays were longer than 2 h (33 %)",
    "transition_counts": "Orders moved 9 times, most often from pending to paid (7)",
    "transition_rates": (
        "pending → paid became 2 times as frequent from the first half to the second (95 %: 1.5 to 2.7)"
    ),
    "unused": (
        "1 state, 1 transition and 1 from-state of Orders were never used: held, hold, pay from held; 1 was used "
        "before, but no more"
    ),
    "variants": "75 % of 8 orders go the commonest of 2 ways: pending → paid",
    "violations": ("3 events of 2 orders broke a rule, most often pay first (2), last on 2026-03-01 UTC"),
    "weighted_time": "active makes up 75 % of the weighted hours of devices: 150 of 200",
    "what_if": "Of 7 orders 3 fewer would be in pending, 3 more in held",
}
