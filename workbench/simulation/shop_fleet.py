"""How do the shop's devices and subscriptions go, and where does a batch of devices stand still?"""

from __future__ import annotations

from random import Random
from typing import Any

from workbench.simulation.shop_book import DAY, HOUR, Book, Life, Row, chance, code, long_wait, seconds
from workbench.simulation.shop_orders import OPENED

DEVICES, STUCK, BATCH = 48, 17, "B7"
ROLLOUT = seconds("2026-03-03 02:00:00")
SUBSCRIPTIONS = 80
_MONTH = 30 * DAY

_Way = tuple[float, str, str]  # up to which share, to which state, by which event
_WAYS: dict[str, tuple[float, tuple[_Way, ...]]] = {
    "offline": (50 * HOUR, ((0.8, "connecting", "ReconnectionAttempt"), (1.0, "online", "DeviceHeartbeat"))),
    "connecting": (12, ((0.96, "online", "DeviceHeartbeat"), (1.0, "error", "ErrorDetected"))),
    "online": (
        64 * HOUR,
        (
            (0.6, "active", "TaskAssigned"),
            (0.7, "maintenance", "MaintenanceScheduled"),
            (0.78, "error", "ErrorDetected"),
            (1.0, "offline", "ConnectionLost"),
        ),
    ),
    "active": (
        34 * HOUR,
        (
            (0.8, "online", "TaskCompleted"),
            (0.86, "maintenance", "MaintenanceScheduled"),
            (0.92, "error", "ErrorDetected"),
            (1.0, "offline", "ConnectionLost"),
        ),
    ),
    "maintenance": (40 * HOUR, ((1.0, "offline", "ConnectionLost"),)),
    "error": (5 * HOUR, ((0.7, "online", "ErrorResolved"), (1.0, "offline", "ConnectionLost"))),
}


def devices(book: Book, seed: int) -> None:
    """Write the lives of all devices; one batch waits from the rollout on for a heartbeat that never comes."""
    for number in range(1, DEVICES + 1):
        rng = chance(seed, "device", number)
        batch = BATCH if number % 3 == 1 or number == DEVICES else ("B5", "B6")[number % 2]
        born = OPENED + int(rng.random() * 4 * DAY)
        device = Life(
            book, "SmartDevice", number, code("device", number), {"device_id": f"dev-{number:04d}", "batch": batch}
        )
        last = device.create(born, "offline")
        if batch == BATCH:
            last = _live(device, last, ROLLOUT - 2 * HOUR, rng)
            _stall(device, last, rng)
        else:
            _live(device, last, book.end, rng)


def _live(device: Life, last: Row, end: int, rng: Random) -> Row:
    while True:
        median, ways = _WAYS[device.state]
        at = last.at + long_wait(median, 0.9, rng.random())
        share = rng.random()
        state, event = next((state, event) for upto, state, event in ways if share < upto)
        # No device is caught between two states when the time is up.
        if at > end - (60 if state == "connecting" else 0):
            return last
        last = device.move(at, state, (event, _news(device, event, rng)), last)


def _news(device: Life, event: str, rng: Random) -> dict[str, Any]:
    news: dict[str, Any] = {"deviceId": device.attributes["device_id"]}
    if event == "DeviceHeartbeat":
        news |= {"status": "healthy", "batteryLevel": 30 + int(rng.random() * 70)}
    elif event == "ErrorDetected":
        news |= {"errorCode": ("SENSOR_FAILURE", "OVERHEAT", "LOW_BATTERY")[int(rng.random() * 3)]}
    return news


def _stall(device: Life, last: Row, rng: Random) -> None:
    if device.state != "offline":
        if device.state == "connecting":
            last = device.move(
                ROLLOUT - HOUR, "online", ("DeviceHeartbeat", _news(device, "DeviceHeartbeat", rng)), last
            )
        last = device.move(
            ROLLOUT + int(rng.random() * 300), "offline", ("ConnectionLost", _news(device, "", rng)), last
        )
    device.move(
        max(ROLLOUT + 600, last.at + 60) + int(rng.random() * 240),
        "connecting",
        ("ReconnectionAttempt", _news(device, "", rng)),
        last,
        rollout="firmware 2.7",
    )


def subscriptions(book: Book, seed: int) -> None:
    """Write the lives of all subscriptions: paid each month, suspended now and then, ended by some."""
    for number in range(1, SUBSCRIPTIONS + 1):
        rng = chance(seed, "subscription", number)
        plan = {"customer_id": 1 + int(rng.random() * 700), "plan": ("basic", "plus", "pro")[int(rng.random() * 3)]}
        life = Life(book, "Subscription", number, code("subscription", number), plan)
        last = life.create(OPENED + int((number - 1 + rng.random()) * 60 * DAY / SUBSCRIPTIONS), "pending")
        if rng.random() < 0.9:  # noqa: PLR2004  the others never pay
            _pay(life, last, rng)


def _pay(life: Life, last: Row, rng: Random) -> None:
    paid = {"subscriptionId": life.id, "status": "succeeded"}
    failed = {"subscriptionId": life.id, "status": "failed", "reason": "card_expired"}
    last = life.move(last.at + long_wait(900, 1.2, rng.random()), "active", ("PaymentConfirmed", paid), last)
    due = last.at
    while due < life.book.end:
        due += _MONTH
        fate = rng.random()
        if fate < 0.15:  # noqa: PLR2004  the customer leaves
            life.move(due - int(rng.random() * 20 * DAY), "cancelled", cause=last, user=1 + int(rng.random() * 9))
            return
        if fate < 0.4:  # noqa: PLR2004  the payment fails
            last = life.move(due, "suspended", ("PaymentFailed", failed), last)
            again = due + long_wait(2 * DAY, 0.8, rng.random())
            if fate < 0.2:  # noqa: PLR2004  for good
                life.move(again, "cancelled", cause=last, user=1 + int(rng.random() * 9))
                return
            last = life.move(again, "active", ("PaymentConfirmed", paid), last)
