"""The log that these tests kill, fill up and interrupt."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workbench.events import import_into

sys.path.append(str(Path(__file__).parent))  # for what these tests share

from stored_shop import Shop, child, contents, write_export


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Half of some orders' events are there; the export adds the other half, and many more orders."""
    folder = tmp_path_factory.mktemp("shop")
    log, first, export, whole = (folder / name for name in ("shop.duckdb", "1.ndjson", "2.ndjson", "whole.duckdb"))
    write_export(first, 1, 4_003)
    write_export(export, 3_001, 60_000)
    import_into(log, [first])
    whole.write_bytes(log.read_bytes())
    process = child(whole, export)
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 0
    return Shop(log, export, contents(log), contents(whole), int(said.split()[-1]))


@pytest.fixture
def log(shop: Shop, tmp_path: Path) -> Path:
    path = tmp_path / "shop.duckdb"
    path.write_bytes(shop.log.read_bytes())
    return path
