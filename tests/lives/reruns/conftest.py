"""Five orders, and two versions of their machine, read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import workbench as wb

sys.path.append(str(Path(__file__).parent))  # for what these tests share

from five_orders import NEW, OLD, ORDERS


@pytest.fixture(scope="module")
def versions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("machines")

    def read_one(name: str, text: str) -> wb.Machine:
        (folder / name).write_text(text, encoding="utf-8")
        return next(iter(wb.read_machines(folder / name).values()))

    return read_one("old.yaml", OLD), read_one("new.yaml", NEW)


@pytest.fixture(scope="module")
def orders(read):
    return read(ORDERS)
