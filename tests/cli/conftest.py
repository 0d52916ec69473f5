"""A shop of three orders: one went the declared way, one was cancelled, one was set to fulfilled by hand.

order  10:00 pending   11:00 confirmed (user 3)   12:00 fulfilled        5 January, order 1
       10:30 pending   11:30 cancelled                                   5 January, order 2
       09:00 pending   09:30 fulfilled (user 7, by model_updated)        6 January, order 3
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cli import main

MACHINE = """\
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states:
  - {name: pending, metadata: {cost: 2}}
  - {name: confirmed}
  - {name: fulfilled}
  - {name: cancelled}
transitions:
  - {name: confirm, from: [pending], to: confirmed}
  - {name: fulfill, from: [confirmed], to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
"""


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run one command line in this process, 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")

    def command(*words: object) -> Said:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return command


def row(id: int, order: int, kind: str, at: str, **data: Any) -> str:
    told = {"id": id, "aggregate_type": "App\\Models\\Order", "aggregate_id": order, "event_type": kind}
    return json.dumps(told | {"event_data": data, "occurred_at": at})


def shop_rows() -> list[str]:
    def created(id: int, order: int, at: str) -> str:
        return row(id, order, "model_created", at, attributes={"status": "pending", "total": 10 * order})

    def moved(id: int, order: int, at: str, before: str, after: str, **more: Any) -> str:
        return row(id, order, "state_transitioned", at, from_state=before, to_state=after, **more)

    return [
        created(1, 1, "2026-01-05 10:00:00"),
        created(2, 2, "2026-01-05 10:30:00"),
        moved(3, 1, "2026-01-05 11:00:00", "pending", "confirmed", user_id=3, context={"causation_id": "1"}),
        moved(4, 2, "2026-01-05 11:30:00", "pending", "cancelled", context={"causation_id": "3"}),
        moved(5, 1, "2026-01-05 12:00:00", "confirmed", "fulfilled"),
        created(6, 3, "2026-01-06 09:00:00"),
        row(7, 3, "model_updated", "2026-01-06 09:30:00", new_attributes={"status": "fulfilled"}, user_id=7),
    ]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "shop.ndjson"
    path.write_text("\n".join(shop_rows()) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def machines(tmp_path: Path) -> Path:
    folder = tmp_path / "machines"
    folder.mkdir()
    (folder / "order.yaml").write_text(MACHINE, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def stored_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    export = folder / "shop.ndjson"
    export.write_text("\n".join(shop_rows()) + "\n", encoding="utf-8")
    path = folder / "shop.duckdb"
    assert main(["import", str(export), "--into", str(path), "--timezone", "UTC"]) == 0
    return path


@pytest.fixture
def stored(stored_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(stored_once, tmp_path / "shop.duckdb"))
