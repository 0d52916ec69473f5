"""How do the orders of the shop go, from the cart to the parcel, and which of them go wrong?"""

from __future__ import annotations

from random import Random
from typing import Any

from workbench.simulation.shop_book import (
    DAY,
    HOUR,
    Book,
    Life,
    Row,
    chance,
    code,
    long_wait,
    office,
    seconds,
    spread_evenly,
    stamp,
)

OPENED = seconds("2026-01-05 00:00:00")
ORDERS = 900
REFUSED = 42
WITHOUT_CONFIRMATION = (317, 588, 731)
SET_BY_HAND, BY_USER = 588, 3
RELEASE_BEGAN, RELEASE_ENDED = seconds("2026-02-09 00:00:00"), seconds("2026-02-16 00:00:00")

_PENDING_SECONDS, _SLOWER = 2 * HOUR, 2
_CANCELLED_UNPAID, _NEVER_PAID, _CANCELLED_PAID, _HURRIED = 0.09, 0.11, 0.15, 0.08
_COUNTRIES = ("FR", "FR", "FR", "BE", "DE", "DE", "NL", "ES", "IT")
_METHODS = ("card", "card", "card", "paypal", "bank_transfer")


def orders(book: Book, seed: int) -> None:
    """Write the lives of all orders, and of the stock and the parcels that belong to them."""
    rng = chance(seed, "orders")
    slot = (book.end - OPENED) / ORDERS
    for number in range(1, ORDERS + 1):
        arrival = OPENED + int(slot * (number - 1 + rng.random()))
        _order(book, number, _by_day(arrival, book.end), chance(seed, "order", number))


def _by_day(at: int, end: int) -> int:
    """Return the instant moved out of the night, the order of instants kept."""
    return min(end - 1, at // DAY * DAY + 6 * HOUR + at % DAY * 17 // 24)


def _order(book: Book, number: int, at: int, rng: Random) -> None:
    order = Life(book, "Order", number, code("order", number), _attributes(at, rng))
    created = order.create(at, "pending")
    if rng.random() < _HURRIED:
        order.update(at + 30 + int(rng.random() * 300), {"priority": "high"}, created, 1 + int(rng.random() * 9))
    slower = _SLOWER if RELEASE_BEGAN <= at < RELEASE_ENDED else 1
    paid = at + slower * max(400, long_wait(_PENDING_SECONDS, 0.7, spread_evenly(number)))
    fate = rng.random()
    if number in WITHOUT_CONFIRMATION:
        _fulfill_unconfirmed(order, paid, created)
    elif number == REFUSED:
        _refuse(order, paid, created, rng)
    elif fate < _CANCELLED_UNPAID:
        order.move(paid, "cancelled", cause=created, reason="customer's wish")
    elif fate >= _NEVER_PAID:
        _deliver(order, paid, created, rng, cancelled=fate < _CANCELLED_PAID)


def _attributes(at: int, rng: Random) -> dict[str, Any]:
    items = [
        {"product_id": 1 + int(rng.random() * 180), "quantity": 1 + int(rng.random() ** 2 * 4)}
        for _ in range(1 + int(rng.random() ** 2 * 3))
    ]
    release = "2.3" if at < RELEASE_BEGAN else "2.4" if at < RELEASE_ENDED else "2.4.1"
    return {
        "customer_id": 1 + int(rng.random() * 700),
        "total_amount": round(long_wait(4500, 0.7, rng.random()) / 100, 2),
        "country": _COUNTRIES[int(rng.random() * len(_COUNTRIES))],
        "payment_method": _METHODS[int(rng.random() * len(_METHODS))],
        "items": items,
        "priority": "normal",
        "release": release,
    }


def _confirm(order: Life, at: int, cause: Row) -> Row:
    payment, amount = f"pi_3Nx{code('payment', order.id)[:10]}", order.attributes["total_amount"]
    trigger = {"paymentId": payment, "amount": amount, "status": "succeeded", "orderId": order.id}
    return order.move(
        at, "confirmed", ("PaymentProcessed", trigger), cause, payment_intent_id=payment, amount_received=amount
    )


def _reserve(order: Life, confirmed: Row, rng: Random) -> tuple[Life, Row]:
    item = order.attributes["items"][0]
    stock = Life(order.book, "InventoryItem", 5000 + order.id, order.matter, {"order_id": order.id, **item})
    lot = stock.create(confirmed.at + 1, "available", confirmed)
    trigger = ("OrderConfirmed", {"orderId": order.id})
    return stock, stock.move(lot.at + 1 + int(rng.random() * 4), "reserved", trigger, confirmed)


def _request(order: Life, reserved: Row, rng: Random) -> tuple[Life, Row]:
    carrier = ("colissimo", "dhl", "dpd")[int(rng.random() * 3)]
    parcel = Life(order.book, "Fulfillment", order.id, order.matter, {"order_id": order.id, "carrier": carrier})
    return parcel, parcel.create(reserved.at + 1, "pending", reserved)


def _deliver(order: Life, paid: int, created: Row, rng: Random, *, cancelled: bool) -> None:
    confirmed = _confirm(order, paid, created)
    stock, reserved = _reserve(order, confirmed, rng)
    parcel, requested = _request(order, reserved, rng)
    trigger = ("InventoryReserved", {"orderId": order.id})
    started = parcel.move(requested.at + 5 + int(rng.random() * 90), "in_progress", trigger, reserved)
    packed = office(started.at + long_wait(20 * HOUR, 0.8, rng.random()), rng)
    staff = 1 + int(rng.random() * 9)
    if cancelled:
        given_up = order.move(packed, "cancelled", cause=confirmed, user=staff, reason="customer's wish")
        stock.move(packed + 2, "available", ("OrderCancelled", {"orderId": order.id}), given_up)
        parcel.move(packed + 4, "cancelled", ("OrderCancelled", {"orderId": order.id}), given_up, staff)
        return
    shipment = {"shipmentId": 70000 + order.id, "orderId": order.id, "trackingNumber": code("parcel", order.id).upper()}
    shipped = parcel.move(packed, "shipped", ("ShipmentCreated", shipment), started, staff)
    stock.move(packed + 2, "shipped", ("ShipmentCreated", shipment), shipped)
    order.move(packed + 3 + int(rng.random() * 5), "fulfilled", trigger, shipped, staff)


def _refuse(order: Life, paid: int, created: Row, rng: Random) -> None:
    """Charge the card when the parcel is asked for; the bank refuses, and all is undone in reverse."""
    confirmed = _confirm(order, paid, created)
    stock, reserved = _reserve(order, confirmed, rng)
    parcel, _ = _request(order, reserved, rng)
    payment = confirmed.data["context"]["payment_intent_id"]
    refused = order.update(
        paid + 190,
        {
            "payment_status": "refused",
            "payment_error": "card_declined: insufficient_funds",
            "payment_intent_id": payment,
        },
        confirmed,
    )
    trigger = ("PaymentFailed", {"paymentId": payment, "orderId": order.id, "failedAt": stamp(refused.at)})
    released = stock.move(refused.at + 2, "available", trigger, refused)
    cancelled = order.move(released.at + 1, "cancelled", trigger, released, reason="card refused")
    parcel.move(cancelled.at + 2, "cancelled", ("OrderCancelled", {"orderId": order.id}), cancelled)


def _fulfill_unconfirmed(order: Life, at: int, created: Row) -> None:
    if order.id == SET_BY_HAND:
        order.update(at, {"status": "fulfilled"}, created, BY_USER)
    else:
        order.move(at, "fulfilled", ("OrdersImported", {"orderId": order.id}), created, 5)
