"""The attributes of every aggregate at an instant, as the workbench asks them of a stored log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbench as wb

Rows = list[list[Any]]
NAME = "status"


def load(log: Path) -> wb.EventLog:
    """Return the stored log with its changes of attributes told once, as the first question about them leaves it."""
    opened = wb.open_log(log / "shop.duckdb", write=True)
    opened.sql("SELECT count(*) FROM changes").fetchall()
    return opened


def attributes_at(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return the number of aggregates whose attributes are known at an instant; all of them are read."""
    rows = wb.attributes_at(log, at=settings["at"]).project("attributes").fetchall()
    return [["aggregates", len(rows)]]


def one_attribute_at(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return the number of aggregates that have one attribute at an instant."""
    rows = wb.attributes_at(log, at=settings["at"], names=[NAME]).project("attributes").fetchall()
    return [["aggregates", len(rows)]]


QUESTIONS = {f.__name__: f for f in (attributes_at, one_attribute_at)}
