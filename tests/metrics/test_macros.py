"""Each question also runs as a table macro: no value bears the name of a column, which DuckDB would take for it."""

from __future__ import annotations

import re

import pytest

import workbench as wb
from workbench.errors import LogError
from workbench.sql import text

FUNNEL = {
    "steps": "['pending', 'confirmed']", "span": "INTERVAL 2 HOURS", "since": "NULL", "before": "NULL",
    "strict": "NULL",
}  # fmt: skip
VALUES = {
    "state_at": {"instant": "TIMESTAMP '2026-01-05 10:00'"},
    "state_distribution": {"instant": "TIMESTAMP '2026-01-05 10:00'"},
    "states_over_time": {
        "step": "'1 day'",
        "grain": "86400000000",
        "zone": "'Asia/Kolkata'",
        "since": "NULL",
        "before": "NULL",
    },
    "transition_counts": {"since": "TIMESTAMP '2026-01-05 10:00'", "before": "NULL", "by_move": "NULL"},
    "time_in_state": {"since": "NULL", "before": "TIMESTAMP '2026-01-06'"},
    "ageing": {"instant": "TIMESTAMP '2026-01-05 10:00'"},
    "bottlenecks": {"since": "TIMESTAMP '2026-01-05 10:00'", "before": "NULL"},
    "survival": {"since": "NULL", "before": "NULL"},
    "funnel": FUNNEL,
    "funnel_lost": FUNNEL,
    "funnel_lives": FUNNEL | {"lost_after": "1"},
    "actor_transitions": {"since": "NULL", "before": "NULL"},
    "handovers": {"since": "NULL", "before": "NULL"},
    "busy_hours": {"zone": "NULL", "since": "NULL", "before": "NULL"},
    "bursts": {"span": "INTERVAL 1 HOUR", "factor": "0.5", "since": "NULL", "before": "NULL"},
    "four_eyes": {"first": "'confirmed'", "second": "'fulfilled'", "since": "NULL", "before": "NULL"},
    "variants": {"collapse": "true", "machines": "[]", "since": "TIMESTAMP '2026-01-05 08:00'", "before": "NULL"},
    "eventually_follows": {"since": "TIMESTAMP '2026-01-05 08:00'", "before": "NULL"},
    "event_types": {},
    "find": {"needle": "'42'"},
    "audit_trail": dict.fromkeys(("who", "kind", "thread", "since", "before", "needle", "mark"), "NULL")
    | {"entered": "'confirmed'", "size": "2"},
    "quality": {},
    "related": {"fulltype": "'App\\Models\\Order'", "whose": "'42'"},
    "attributes_at": {"instant": "TIMESTAMP '2026-01-05 10:00'", "names": "['total']", "folded": "NULL"},
    "drift": {"counters": "[{kind: 'states', model: 'Order', name: 'pending', number: 9}]", "ignored": "NULL"},
    "snapshot_check": {"ignored": "['updated_at']"},
    "compare": {"was": "TIMESTAMP '2026-01-05 10:00'", "instant": "TIMESTAMP '2026-01-07'"},
    "blame": {"instant": "TIMESTAMP '2026-01-05 10:00'"},
    "field_history": {"attribute": "'total'", "pointer": "''"},
    "off_machine": {
        "machines": "[{type: 'Order', field: 'status', machine: 'M', states: ['pending'], finals: [], "
        "pairs: [{from_state: NULL, to_state: 'pending'}]}]",
        "since": "NULL",
        "before": "NULL",
    },
}
VALUES["throughput"] = {
    "origin": "'pending'", "target": "'confirmed'", "once": "TRUE", "since": "NULL", "before": "NULL",
}  # fmt: skip
VALUES["rework"] = {"since": "NULL", "before": "NULL", "by_move": "NULL"}
ENDINGS = "[{type: 'Order', field: 'status', state: 'fulfilled'}]"
VALUES["life_durations"] = {
    "endings": ENDINGS,
    "instant": "TIMESTAMP '2026-01-07'",
    "since": "TIMESTAMP '2026-01-05 08:00'",
    "before": "NULL",
}
VALUES["flow"] = {
    "endings": ENDINGS, "step": "'1 day'", "zone": "'UTC'", "since": "NULL", "before": "NULL",
}  # fmt: skip
BOUNDS = "[{type: 'Order', field: 'status', state: 'pending', microseconds: 7200000000, source: 'given'}]"
VALUES["time_limits"] = VALUES["late_stays"] = {
    "bounds": BOUNDS, "instant": "TIMESTAMP '2026-01-07'", "since": "NULL", "before": "NULL",
}  # fmt: skip
VALUES["weighted_time"] = {
    "weights": "[{type: 'Order', field: 'status', state: 'pending', weight: 2.5}]",
    "instant": "TIMESTAMP '2026-01-07'", "since": "NULL",
}  # fmt: skip
VALUES["transition_rates"] = {"every": "'1 day'", "zone": "'UTC'", "since": "NULL", "before": "NULL"}
VALUES["conformance"] = VALUES["off_machine"]


@pytest.mark.parametrize("question", VALUES)
def test_a_question_answers_the_same_as_a_macro(orders, question):
    values = VALUES[question]
    body = re.sub(r"\$([a-z_]+)", r"\1", text(question))
    plain = re.sub(r"\$([a-z_]+)", lambda hole: values[hole[1]], text(question))
    connection = orders.fork().connection
    connection.execute(f"CREATE OR REPLACE TEMP MACRO asked({', '.join(values)}) AS TABLE {body}")
    said = connection.sql(f"FROM asked({', '.join(f'{name} := {value}' for name, value in values.items())})").fetchall()
    assert said == connection.sql(plain).fetchall()
    assert said or question in {"quality", "snapshot_check"}


@pytest.mark.parametrize("whole", [True, False])
def test_a_log_in_memory_takes_questions_as_macros_from_the_first_call_on(whole):
    moves = [("1", "2026-01-05"), ("1", "2026-01-06"), ("2", "2026-01-07")]
    with wb.read_events([{"case_id": case, "activity": "a", "timestamp": at} for case, at in moves]) as log:
        part = log if whole else log.until("2026-01-06")
        assert part.sql("FROM event_types()").fetchall() == wb.event_types(part).fetchall()
        with part.fork() as other:
            assert other.where("life IN (SELECT life FROM quality_events())").types == ()
        with pytest.raises(LogError, match="nonsense does not exist"):
            part.sql("FROM nonsense()")
