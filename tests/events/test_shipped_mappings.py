"""Each mapping that comes with the workbench, on rows as that table would export them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import workbench as wb
from workbench.events.choice import choose
from workbench.events.mapping import mappings

ORDER = "App\\Models\\Order"


def asked(log: wb.EventLog, columns: str) -> list[Any]:
    return log.sql(f"SELECT {columns} FROM events ORDER BY life, place").fetchall()


def stays(log: wb.EventLog) -> list[tuple[Any, ...]]:
    return log.sql("SELECT from_state, to_state, entered_at::VARCHAR FROM moves ORDER BY life, move").fetchall()


def chosen(log: wb.EventLog) -> str:
    return str(log.imports.project("mapping").fetchall()[0][0])


def text(value: object) -> str:
    """JSON as MySQL exports it: text within the row."""
    return json.dumps(value)


def test_each_mapping_with_a_header_chooses_itself() -> None:
    for mapping in mappings().values():
        if mapping.header:
            assert choose("auto", mapping.header, source="export.csv")[0].name == mapping.name


def activity(id: int, at: str, event: str | None, description: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "log_name": "default", "description": description, "subject_type": ORDER, "subject_id": 42,
        "event": event, "causer_type": "App\\Models\\User", "causer_id": 3, "properties": "[]",
        "created_at": f"2026-01-05 {at}", "updated_at": f"2026-01-05 {at}", **more,
    }  # fmt: skip


def test_activity_log_of_version_4_has_the_change_in_its_properties() -> None:
    created = {"attributes": {"status": "pending", "total": "19.90", "created_at": "2026-01-05T09:59:59.000000Z"}}
    rows = [
        activity(1, "10:00:00", "created", "created", properties=text(created), batch_uuid=None),
        activity(
            2, "11:00:00", "updated", "updated", batch_uuid="b-1",
            properties=text({"attributes": {"status": "paid"}, "old": {"status": "pending"}, "ip": "10.0.0.1"}),
        ),
        activity(3, "11:30:00", None, "looked at it", batch_uuid=None),
        activity(4, "12:00:00", "deleted", "deleted", properties=text({"old": {"status": "paid"}}), batch_uuid=None),
        activity(5, "12:30:00", None, "logged in", subject_type=None, subject_id=None, batch_uuid=None),
    ]  # fmt: skip
    with wb.read_events(rows) as log:
        assert chosen(log) == "activity_log"
        assert stays(log) == [(None, "pending", "2026-01-05 10:00:00"), ("pending", "paid", "2026-01-05 11:00:00")]
        assert asked(log, "event_type, actor, correlation_id, from_recorded") == [
            ("created", "3", None, None),
            ("updated", "3", "b-1", "pending"),
            ("looked at it", "3", None, None),
            ("deleted", "3", None, "paid"),
        ]
        assert log.rejected.project("position, reason").fetchall() == [(5, "no value for aggregate_type")]


def test_activity_log_of_version_5_has_the_change_in_a_column_of_its_own() -> None:
    rows = [
        activity(1, "10:00:00", "created", "created", attribute_changes=text({"attributes": {"status": "pending"}})),
        activity(
            2, "11:00:00", "updated", "updated", properties=text({"ip": "10.0.0.1"}),
            attribute_changes=text({"attributes": {"status": "paid"}, "old": {"status": "pending"}}),
        ),
        activity(3, "11:10:00", "updated", "updated", attribute_changes=None, properties=None),
    ]  # fmt: skip
    with wb.read_events(rows) as log:
        assert chosen(log) == "activity_log"
        assert stays(log) == [(None, "pending", "2026-01-05 10:00:00"), ("pending", "paid", "2026-01-05 11:00:00")]
        assert asked(log, "data ->> '$.attributes.status', metadata ->> '$.ip'") == [
            ("pending", None),
            ("paid", "10.0.0.1"),
            (None, None),
        ]


def stored(id: int, name: str, version: int | None, at: str, properties: object, **meta: Any) -> dict[str, Any]:
    uuid = None if version is None else "0198-aa"
    return {
        "id": id, "aggregate_uuid": uuid, "aggregate_version": version, "event_version": 1,
        "event_class": f"App\\Domain\\Order\\Events\\{name}", "event_properties": text(properties),
        "meta_data": text(meta), "created_at": f"2026-01-05 {at}",
    }  # fmt: skip


STORED = [
    stored(1, "OrderPlaced", 1, "10:00:00", {"total": "19.90"}, **{"created-at": "2026-01-05T10:00:00.123456Z"}),
    stored(2, "OrderNoted", 2, "10:30:00", {"note": "hi"}),
    stored(3, "OrderPaid", 3, "11:00:00", {"paymentId": "pi_1"}, user_id=3, correlation_id="c-1", causation_id="2"),
    stored(4, "NewsletterSent", None, "11:30:00", {}),
]


def test_stored_events_by_a_mapping_that_says_which_class_means_which_state(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "name: mine\nextends: stored_events\nstates:\n"
        "  'App\\Domain\\Order\\Events\\OrderPlaced': placed\n"
        "  'App\\Domain\\Order\\Events\\OrderPaid': paid\n"
    )
    with wb.read_events(STORED, mapping=mine) as log:
        assert stays(log) == [(None, "placed", "2026-01-05 10:00:00.123456"), ("placed", "paid", "2026-01-05 11:00:00")]
        assert asked(
            log, "type, aggregate_id, place, version, schema_version, actor, correlation_id, causation_id"
        ) == [
            ("Order", "0198-aa", 1, 1, "1", None, None, None),
            ("Order", "0198-aa", 2, 2, "1", None, None, None),
            ("Order", "0198-aa", 3, 3, "1", "3", "c-1", "2"),
        ]
        assert log.rejected.project("position, reason").fetchall() == [(4, "no value for aggregate_id")]


def test_stored_events_by_themselves_are_events_without_states() -> None:
    with wb.read_events(STORED) as log:
        assert chosen(log) == "stored_events"
        assert log.sql("SELECT count(*) FROM events").fetchall() == [(3,)]
        assert stays(log) == []


def test_the_type_of_stored_events_is_the_name_before_events_in_their_class() -> None:
    classes = {
        "App\\Domain\\Order\\Events\\OrderPlaced": "Order",
        "App\\Domain\\Order\\Events\\Payment\\OrderPaid": "Order",
        "App\\Billing\\Invoice\\InvoiceSent": "Invoice",
        "order_placed": "Aggregate",
    }
    rows = [
        {**stored(n, "", 1, "10:00:00", {}), "aggregate_uuid": f"u{n}", "event_class": name}
        for n, name in enumerate(classes)
    ]
    with wb.read_events(rows) as log:
        found = log.sql("SELECT event_type, aggregate_type FROM events").fetchall()
    assert dict(found) == classes


def history(id: int, left: str | None, entered: str, at: str, **more: Any) -> dict[str, Any]:
    return {
        "id": id, "model_type": ORDER, "model_id": 42, "from_state": left, "to_state": entered,
        "created_at": f"2026-01-05 {at}", "updated_at": f"2026-01-05 {at}", **more,
    }  # fmt: skip


def packaged(id: int, left: str, entered: str, at: str, **more: Any) -> dict[str, Any]:
    said = {"state_machine": "OrderStateMachine", "transition": None, "guard": None, "action": None, "metadata": "[]"}
    return history(id, left, entered, at, **(said | more))


def test_the_history_of_the_package_starts_in_the_state_its_first_row_left() -> None:
    """Its `transition` is the class of the action, and no row tells of a creation."""
    mail = "App\\StateMachines\\Actions\\SendMail"
    rows = [
        packaged(1, "pending", "confirmed", "10:00:00", transition=mail, action=mail),
        # As the package's docs call it: the machine's name lands in `guard`, the verb in `action`.
        packaged(
            2, "confirmed", "fulfilled", "11:00:00", guard="order_workflow", action="fulfill", metadata='{"by":3}'
        ),
        # As they advise, a guard that writes history: a row for each question, at the same second.
        packaged(3, "fulfilled", "returned", "12:00:00", metadata='{"by":3}'),
        packaged(4, "fulfilled", "returned", "12:00:00"),
    ]
    with wb.read_events(rows) as log:
        assert chosen(log) == "state_machine_history"
        assert stays(log) == [
            (None, "pending", None),
            ("pending", "confirmed", "2026-01-05 10:00:00"),
            ("confirmed", "fulfilled", "2026-01-05 11:00:00"),
            ("fulfilled", "returned", "2026-01-05 12:00:00"),
            ("returned", "returned", "2026-01-05 12:00:00"),
        ]
        assert asked(log, "transition, from_recorded") == [
            (None, "pending"),
            (None, "confirmed"),
            (None, "fulfilled"),
            (None, "fulfilled"),
        ]
        assert asked(log, "metadata ->> '$.by'")[1] == ("3",)


def test_the_history_of_the_wiki_names_transition_user_and_time() -> None:
    rows = [
        history(
            1, None, "pending", "10:00:01", transition=None, context=None, user_id=None,
            transitioned_at="2026-01-05 10:00:00",
        ),
        history(
            2, "pending", "confirmed", "11:00:01", transition="confirm", user_id=3,
            context=text({"correlation_id": "c-1", "causation_id": "1"}), transitioned_at="2026-01-05 11:00:00",
        ),
    ]  # fmt: skip
    with wb.read_events(rows) as log:
        assert chosen(log) == "state_machine_histories"
        assert stays(log) == [(None, "pending", "2026-01-05 10:00:00"), ("pending", "confirmed", "2026-01-05 11:00:00")]
        assert asked(log, "transition, actor, correlation_id, causation_id, recorded_at::VARCHAR")[1] == (
            "confirm", "3", "c-1", "1", "2026-01-05 11:00:01",
        )  # fmt: skip


def enveloped(version: int, name: str, at: str, data: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return {
        "aggregate_id": "o-1", "aggregate_type": "Order", "event_type": name,
        "event_data": text({"event_type": name, "data": data, "metadata": meta}),
        "version": version, "occurred_on": f"2026-01-05 {at}",
    }  # fmt: skip


def test_the_double_envelope_is_opened() -> None:
    rows: Sequence[dict[str, Any]] = [
        enveloped(3, "OrderCancelled", "10:02:00", {"reason": "out of stock"}),
        enveloped(1, "OrderCreated", "10:00:00", {"status": "pending", "total": 19.9}, user_id=3, correlation_id="c-1"),
        enveloped(2, "PaymentProcessed", "10:01:00", {"amount": 19.9}, saga_id="s-1"),
        enveloped(4, "OrderNoted", "10:03:00", {"status": "lost"}),
    ]
    with wb.read_events(rows) as log:
        assert chosen(log) == "tusk_events"
        assert [stay[:2] for stay in stays(log)] == [(None, "pending"), ("pending", "paid"), ("paid", "cancelled")]
        assert asked(log, "version, actor, correlation_id, data::VARCHAR") == [
            (1, "3", "c-1", '{"status":"pending","total":19.9}'),
            (2, None, "s-1", '{"amount":19.9}'),
            (3, None, None, '{"reason":"out of stock"}'),
            (4, None, None, '{"status":"lost"}'),
        ]
