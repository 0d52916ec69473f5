"""A log, and a source to follow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import workbench as wb

sys.path.append(str(Path(__file__).parent))  # for what these tests share


@pytest.fixture
def log(tmp_path: Path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "shop.ndjson"
