"""What a person may hand to a view by mistake: each is one sentence, and nothing is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import workbench as wb
from workbench.errors import WorkbenchError

VIEWS: dict[str, Callable[..., Any]] = {
    "audit": lambda log, _, **more: wb.widgets.audit_explorer(log, **more),
    "funnel": lambda log, machines, **more: wb.widgets.funnel_builder(log, "Order", machines, **more),
    "life": lambda log, machines, **more: wb.widgets.life(log, "Order", 1, machines, **more),
    "live": wb.widgets.live,
    "travel": wb.widgets.time_travel,
    "variants": lambda log, machines, **more: wb.widgets.variants_explorer(log, "Order", machines, **more),
}


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "live"])
def test_a_path_is_no_log(name: str):
    with pytest.raises(WorkbenchError, match=r"as wb.read_events or wb.open_log returns it, not str"):
        VIEWS[name]("export.ndjson", None)


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "audit"])
def test_one_machine_is_not_machines(name: str, log: wb.EventLog, machines: wb.Machines):
    with pytest.raises(WorkbenchError, match=r"machines= takes what wb.read_machines returns, not Machine"):
        VIEWS[name](log, machines["OrderMachine"])


@pytest.mark.parametrize("name", VIEWS)
def test_a_log_is_no_selection(name: str, log: wb.EventLog):
    with pytest.raises(WorkbenchError, match=r"selection= takes what wb.widgets.selection\(log\) returns"):
        VIEWS[name](log, None, selection=log)


def test_a_machine_is_drawn_with_a_log_of_events(machines: wb.Machines):
    with pytest.raises(WorkbenchError, match="a view shows a log"):
        wb.widgets.machine(machines, "export.ndjson")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"steps": "pending"}, "a funnel needs a list of states"),
        ({"steps": ["pending"], "by": ["created:month", "actor"]}, "by= of a funnel builder is one key"),
        ({"steps": ["pending"], "order": "lose"}, "order= is 'loose' or 'strict'"),
    ],
)
def test_a_setting_of_another_form_is_a_sentence(log: wb.EventLog, settings: dict[str, Any], says: str):
    with pytest.raises(WorkbenchError, match=says):
        wb.widgets.funnel_builder(log, "Order", **settings)


def test_loops_are_kept_or_collapsed(log: wb.EventLog):
    with pytest.raises(WorkbenchError, match="loops= is 'keep' or 'collapse', not 'colapse'"):
        wb.widgets.variants_explorer(log, "Order", loops="colapse")


def test_a_list_of_states_is_no_state(log: wb.EventLog):
    with pytest.raises(WorkbenchError, match="no state named"):
        wb.widgets.audit_explorer(log, state=["pending"])


def test_a_length_of_time_is_shown_as_a_person_writes_it(log: wb.EventLog):
    assert wb.widgets.live(log, span=timedelta(days=30)).span == "30 days"
    shown = wb.widgets.funnel_builder(log, "Order", steps=["pending", "paid"], within=timedelta(minutes=5))
    assert (shown.within, shown.data()["aggregates"].tolist()) == ("5 minutes", [6, 0])


def test_one_critical_state_may_be_named_by_itself(log: wb.EventLog):
    shown = wb.widgets.live(log, critical="paid", span="1 day").data()["states"]
    assert shown.loc[shown.critical, "state"].tolist() == ["paid"]
