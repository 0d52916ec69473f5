"""The orders in a file, and what follows it into a log that holds them already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from orders import orders

import workbench as wb
from workbench.events.following import Follower


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "shop.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in orders()))
    return path


@pytest.fixture
def follower(source: Path) -> Iterator[Follower]:
    with wb.read_events(orders()) as log:
        yield log.follow(source)
