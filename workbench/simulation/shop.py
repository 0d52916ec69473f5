"""Which files make up the sample shop? `python -m workbench.simulation.shop sample_events/` writes them again."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.simulation.shop_book import DAY, HOUR, Book, Row, chance, clock, code, long_wait, seconds
from workbench.simulation.shop_carrier import parcels
from workbench.simulation.shop_fleet import devices, subscriptions
from workbench.simulation.shop_orders import OPENED, orders
from workbench.sql import connect, literal, run

SEED = 42
EXPORTED = seconds("2026-03-15 23:59:59")
HOLE_AT, HOLE = 5000, 40
_WEEK = 7 * DAY
_TUSK_ORDERS = 120
_COLUMNS = ("id", "aggregate_type", "aggregate_id", "event_type", "event_data", "occurred_at")


def write_shop(folder: str | Path) -> tuple[Path, ...]:
    """Write the sample shop's files into a folder, and return their paths."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    book = Book(EXPORTED, HOLE_AT, HOLE)
    orders(book, SEED)
    devices(book, SEED)
    subscriptions(book, SEED)
    rows = book.close()
    of_orders = [row for row in rows if row.life.type == "Order"]
    first_week = OPENED + _WEEK
    texts = {
        "shop.ndjson": _ndjson(rows),
        "orders.csv": _csv(_COLUMNS, (row.columns() for row in _born(of_orders, EXPORTED - _WEEK, EXPORTED))),
        "shop_dump.sql": _dump([row for row in rows if row.at < OPENED + 4 * DAY]),
        "history.csv": _history(_born(of_orders, OPENED, first_week)),
        "roster_orders.csv": _roster(of_orders),
        "tusk_events.ndjson": _tusk(),
        "parcels.csv": parcels(rows, SEED, EXPORTED),
    }
    for name, text in texts.items():
        (target / name).write_bytes(text.encode())
    _parquet([row for row in rows if row.life.type == "SmartDevice"], target / "devices.parquet")
    return (*(target / name for name in texts), target / "devices.parquet")


def _line(values: Mapping[str, Any]) -> str:
    return json.dumps(values, separators=(",", ":"))


def _ndjson(rows: Iterable[Row]) -> str:
    return "".join(_line({**row.columns(), "event_data": json.loads(row.text())}) + "\n" for row in rows)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _born(rows: Sequence[Row], since: int, before: int) -> list[Row]:
    """Return all rows of the lives that begin within the window."""
    born = {row.life.id for row in rows if row.event_type == "model_created" and since <= row.at < before}
    return [row for row in rows if row.life.id in born]


def _roster(rows: Sequence[Row]) -> str:
    last = {row.life.id: row for row in rows}
    created = {row.life.id: row for row in rows if row.event_type == "model_created"}
    columns = ("id", "customer_id", "status", "created_at", "updated_at")
    return _csv(columns, (_current(created[number].at, last[number]) for number in sorted(last)))


def _current(created: int, last: Row) -> dict[str, Any]:
    data = last.data
    said = data.get("model_snapshot") or data.get("attributes") or data["new_attributes"]
    # An order is only ever updated while it is pending, but for the one that was set by hand.
    state = data.get("to_state") or said.get("status", "pending")
    customer = last.life.attributes["customer_id"]
    return {
        "id": last.life.id,
        "customer_id": customer,
        "status": state,
        "created_at": clock(created),
        "updated_at": clock(last.at),
    }


def _history(rows: Iterable[Row]) -> str:
    columns = ("id", "model_type", "model_id", "from_state", "to_state", "transition", "context", "user_id")
    names = {"confirmed": "confirm_payment", "fulfilled": "fulfill_order", "cancelled": "cancel_order"}
    moves = [row for row in rows if row.event_type == "state_transitioned"]
    return _csv(
        (*columns, "transitioned_at", "created_at", "updated_at"),
        (
            {
                "id": number,
                "model_type": row.life.aggregate_type,
                "model_id": row.life.id,
                "from_state": row.data["from_state"],
                "to_state": row.data["to_state"],
                "transition": names[row.data["to_state"]],
                "context": _line({"correlation_id": row.life.matter}),
                "user_id": row.data["user_id"] or "",
                "transitioned_at": clock(row.at),
                "created_at": clock(row.at),
                "updated_at": clock(row.at),
            }
            for number, row in enumerate(moves, 1)
        ),
    )


def _dump(rows: Sequence[Row]) -> str:
    tuples = ",\n".join(
        f"({row.number},{_quoted(row.life.aggregate_type)},{row.life.id},'{row.event_type}',{_quoted(row.text())},"
        f"'{clock(row.at)}','{clock(row.at)}','{clock(row.at)}')"
        for row in rows
    )
    return _DUMP_HEAD + tuples + _DUMP_TAIL


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\'")
    return f"'{escaped}'"


def _parquet(rows: Iterable[Row], path: Path) -> None:
    lines = path.with_suffix(".lines")
    lines.write_text(_csv(_COLUMNS, (row.columns() for row in rows)), encoding="utf-8", newline="\n")
    database = connect()
    try:
        run(
            database.connection,
            "COPY (SELECT * REPLACE (strptime(occurred_at, '%Y-%m-%d %H:%M:%S') AS occurred_at) "
            f"FROM read_csv({literal(str(lines))}, all_varchar = true, header = true) ORDER BY id::BIGINT) "
            f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)",
        )
    finally:
        database.close()
        lines.unlink()


def _tusk() -> str:
    """Return the other guide's `events` table: a version for each event, and the type in both envelopes."""
    lines: list[tuple[int, str]] = []
    for number in range(1, _TUSK_ORDERS + 1):
        rng = chance(SEED, "tusk", number)
        name, saga = f"order_{code('tusk', number)[:13]}", f"saga_{code('saga', number)[:13]}"
        at = OPENED + int((number - 1 + rng.random()) * 5 * _WEEK / _TUSK_ORDERS)
        items = [{"product_id": 1 + int(rng.random() * 180), "quantity": 1 + int(rng.random() * 3)}]
        total = round(long_wait(4500, 0.7, rng.random()) / 100, 2)
        customer = 1 + int(rng.random() * 700)
        order = {"order_id": name, "customer_id": customer, "items": items, "total": total, "status": "pending"}
        story: list[tuple[str, dict[str, Any], int]] = [("OrderCreated", order, at)]
        at += 1 + int(rng.random() * 20)
        story.append(("InventoryReserved", {"order_id": name, "items": items}, at))
        at += long_wait(HOUR, 1.0, rng.random())
        fate = rng.random()
        if fate < 0.85:  # noqa: PLR2004  most pay
            story.append(("PaymentProcessed", {"order_id": name, "amount": total}, at))
        if fate > 0.8:  # noqa: PLR2004  some who paid are among those who cancel
            at += long_wait(5 * HOUR, 0.8, rng.random())
            story.append(("OrderCancelled", {"order_id": name, "reason": "customer's wish"}, at))
        for version, (event, data, when) in enumerate(story, 1):
            envelope = {"event_type": event, "data": data, "metadata": {"correlation_id": saga}}
            columns = {"aggregate_id": name, "aggregate_type": "Order", "event_type": event, "event_data": envelope}
            lines.append((when, _line({**columns, "version": version, "occurred_on": clock(when)})))
    return "".join(line + "\n" for _, line in sorted(lines, key=lambda pair: pair[0]))


_DUMP_HEAD = """-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: shop
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
DROP TABLE IF EXISTS `event_store`;
CREATE TABLE `event_store` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `aggregate_type` varchar(255) NOT NULL,
  `aggregate_id` bigint unsigned NOT NULL,
  `event_type` varchar(255) NOT NULL,
  `event_data` json NOT NULL,
  `occurred_at` timestamp NOT NULL,
  `created_at` timestamp NULL DEFAULT NULL,
  `updated_at` timestamp NULL DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

LOCK TABLES `event_store` WRITE;
INSERT INTO `event_store` VALUES
"""
_DUMP_TAIL = """;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
"""

if __name__ == "__main__":
    write_shop(sys.argv[1] if len(sys.argv) > 1 else "sample_events")
