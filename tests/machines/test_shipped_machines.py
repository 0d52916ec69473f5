"""The machines of the project declare what the two documents it started from declare, and pass its own rules."""

from pathlib import Path

import pytest

from workbench.machines import check, read_machines

MACHINES = Path(__file__).resolve().parents[2] / "machines"

# name: (model, initial, {transition: (from, to, guard, actions)}) as the documents declare it
DECLARED = {
    "OrderStateMachine": (
        "App\\Models\\Order",
        "pending",
        {
            "confirm_payment": (
                ["pending"],
                "confirmed",
                "PaymentConfirmedEvent",
                ["ReserveInventoryAction", "NotifyFulfillmentAction"],
            ),
            "fulfill_order": (["confirmed"], "fulfilled", "InventoryReservedEvent", ["CreateShipmentAction"]),
        },
    ),
    "InventoryStateMachine": (
        "App\\Models\\InventoryItem",
        "available",
        {
            "reserve_stock": (["available"], "reserved", "OrderConfirmedEvent", ["ReserveStockAction"]),
            "confirm_shipment": (["reserved"], "shipped", "ShipmentCreatedEvent", ["UpdateStockLevelsAction"]),
        },
    ),
    "SmartDeviceStateMachine": (
        "App\\Models\\SmartDevice",
        "offline",
        {
            "device_connected": (["offline", "connecting"], "online", "DeviceHeartbeatEvent", ["RegisterDeviceAction"]),
            "start_task": (["online"], "active", "TaskAssignedEvent", ["BeginTaskAction"]),
            "complete_task": (["active"], "online", "TaskCompletedEvent", ["ReportCompletionAction"]),
            "enter_maintenance": (
                ["online", "active"],
                "maintenance",
                "MaintenanceScheduledEvent",
                ["PrepareMaintenanceAction"],
            ),
            "handle_error": (["online", "active", "connecting"], "error", "ErrorDetectedEvent", ["LogErrorAction"]),
            "recover_from_error": (["error"], "online", "ErrorResolvedEvent", ["ClearErrorStateAction"]),
            "disconnect": (
                ["online", "active", "maintenance", "error"],
                "offline",
                "ConnectionLostEvent",
                ["CleanupConnectionAction"],
            ),
            "reconnect": (["offline"], "connecting", "ReconnectionAttemptEvent", ["InitiateConnectionAction"]),
        },
    ),
}
OURS = {"OrderStateMachine": {"cancel_order"}, "InventoryStateMachine": {"release_stock"}}
DERIVED = ["fulfillment", "subscription", "invoice", "tusk_order", "order_saga"]


@pytest.fixture(scope="module")
def machines():
    return read_machines(MACHINES)


@pytest.mark.parametrize("name", DECLARED)
def test_declared_machine_is_as_the_document_has_it(machines, name):
    model, initial, transitions = DECLARED[name]
    machine = machines[name]
    assert (machine.model, machine.initial, machine.field) == (model, initial, "status")
    found = {
        t.name: (list(t.from_states), t.to_state, t.guard.text() if t.guard else None, list(t.actions))
        for t in machine.transitions
    }
    added = set(found) - set(transitions)
    assert added == OURS.get(name, set())
    assert {name: found[name] for name in transitions} == transitions


def test_device_states_carry_the_metadata_of_the_document(machines):
    device = machines["SmartDeviceStateMachine"]
    assert {s.name: dict(s.metadata) for s in device.states} == {
        "offline": {"color": "#DC2626", "power_consumption": 0},
        "connecting": {"color": "#F59E0B", "timeout_seconds": 30},
        "online": {"color": "#10B981", "power_consumption": 5},
        "active": {"color": "#3B82F6", "power_consumption": 15},
        "maintenance": {"color": "#8B5CF6", "power_consumption": 2},
        "error": {"color": "#EF4444", "power_consumption": 1},
    }
    assert dict(device.config) == {"enable_events": True, "enable_real_time": True, "event_timeout": 30}


def test_bindings_are_those_of_the_document(machines):
    short = [
        (b.event.rsplit("\\")[-1], [m.rsplit("\\")[-1] for m in b.target_models], list(b.conditions), b.parallel)
        for b in machines.bindings
    ]
    assert short == [
        ("OrderConfirmed", ["InventoryItem"], ["order.items.contains(inventory_item.product_id)"], False),
        ("InventoryReserved", ["Fulfillment"], ["inventory.order_id == fulfillment.order_id"], False),
        ("PaymentProcessed", ["Order", "Subscription", "Invoice"], [], True),
    ]


@pytest.mark.parametrize("file", DERIVED)
def test_derived_machine_says_so_in_a_comment_and_in_its_description(file):
    path = MACHINES / f"{file}.yaml"
    (machine,) = read_machines(path).values()
    assert path.read_text().startswith("# Derived: ")
    assert machine.description.startswith("Derived from ")


def test_all_bound_models_have_a_machine(machines):
    for binding in machines.bindings:
        for model in binding.target_models:
            assert len(machines.for_type(model.rsplit("\\")[-1], model)) == 1


def test_machines_have_no_error_and_one_warning_that_is_true_of_the_document(machines):
    found = [(Path(f.file).name, f.line, f.code, f.subjects) for f in check(machines) if f.severity != "info"]
    assert found == [("bindings.yaml", 13, "SM511", ("inventory",))]


def test_every_state_has_a_colour_of_its_own(machines):
    for machine in machines.values():
        colors = [state.color for state in machine.states]
        assert None not in colors
        assert len(set(colors)) == len(colors)


def test_draft_has_an_unreachable_state_a_dead_end_and_a_renamed_state(machines):
    drafts = read_machines(MACHINES / "drafts")
    draft = drafts["OrderStateMachine"]
    found = {(finding.code, finding.subjects[0]) for finding in check(drafts)}
    assert found == {("SM301", "backordered"), ("SM303", "on_hold"), ("SM302", "stock_arrived")}
    assert check(drafts).errors
    current = set(machines["OrderStateMachine"].state_names)
    assert current - set(draft.state_names) == {"fulfilled"}
    assert set(draft.state_names) - current == {"shipped", "on_hold", "backordered"}


def test_two_drafts_are_sound_alone_but_get_stuck_together_until_a_cancelled_order_says_so(tmp_path):
    file = MACHINES / "drafts" / "together" / "order_and_parcel.yaml"
    pair = read_machines(file)
    assert [len(check(machine)) for machine in pair.values()] == [0, 0]
    assert {finding.code: finding.witness for finding in check(pair)} == {
        "SM509": ("OrderStateMachine.cancel",),
        "SM508": (
            "OrderStateMachine.pay",
            "OrderPaid → ParcelStateMachine.pack",
            "OrderStateMachine.cancel",
            "ParcelStateMachine.collect",
        ),
    }
    text = file.read_text(encoding="utf-8")
    text = text.replace("to: cancelled}", "to: cancelled, emits: OrderCancelled}")
    text = text.replace(
        "  - {name: pack,", "  - {name: call_off, from: [announced, packed], to: dropped}\n  - {name: pack,"
    )
    text = text.replace("  - packed\n", "  - packed\n  - {name: dropped, final: true}\n")
    text += "  - {event: OrderCancelled, target_models: [App\\Models\\Parcel], transition: call_off}\n"
    (tmp_path / "told.yaml").write_text(text, encoding="utf-8")
    assert list(check(read_machines(tmp_path / "told.yaml"))) == []
