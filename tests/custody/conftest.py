"""A small shop, its log and its machines."""

import sys
from pathlib import Path

import pytest

import workbench as wb

sys.path.append(str(Path(__file__).parent))  # for what these tests share

from bundles import MACHINE, ROWS


@pytest.fixture
def export(tmp_path):
    path = tmp_path / "shop.ndjson"
    path.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def log(export):
    with wb.read_events(export) as opened:
        yield opened


@pytest.fixture
def machines(tmp_path):
    path = tmp_path / "order.yaml"
    path.write_text(MACHINE, encoding="utf-8")
    return wb.read_machines(path)
