"""A small shop whose answers are handed on, and what can be read in a bundle."""

import json
import os
import subprocess
import sys
import zipfile

MACHINE = """\
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states: [pending, confirmed, {name: fulfilled, final: true}, {name: cancelled, final: true}]
transitions:
  - {name: confirm, from: [pending], to: confirmed, guard: IsPaid}
  - {name: fulfill, from: [confirmed], to: fulfilled}
  - {name: cancel, from: [pending, confirmed], to: cancelled}
properties:
  - {name: confirmed before fulfilled, state: fulfilled, needs_before: confirmed}
"""
BARE = """
import sys, duckdb
con = duckdb.connect()
con.execute(open("question.sql", encoding="utf-8").read())
assert "workbench" not in sys.modules
con.execute("COPY answer TO '/dev/stdout' (HEADER)")
"""


def row(id, order, kind, at, **data):
    whose = {"id": id, "aggregate_type": "App\\Models\\Order", "aggregate_id": order, "event_type": kind}
    return json.dumps(whose | {"event_data": data, "occurred_at": at})


ROWS = [
    row(1, "A-1", "model_created", "2026-01-05 10:00:00", attributes={"status": "pending", "email": "ann@x.example"}),
    row(2, "B-2", "model_created", "2026-01-05 10:30:00", attributes={"status": "pending", "email": "bob@x.example"}),
    row(3, "A-1", "state_transitioned", "2026-01-05 11:00:00", from_state="pending", to_state="confirmed",
        user_id="u-3", context={"ip": "10.0.0.1", "causation_id": "1"}, big=12345678901234567890123),
    row(4, "B-2", "state_transitioned", "2026-01-05 11:30:00", from_state="pending", to_state="cancelled",
        user_id="u-7", context={"ip": "10.0.0.2", "causation_id": "3", "tags": [{"email": "ann@x.example"}]}),
    row(5, "A-1", "state_transitioned", "2026-01-05 12:00:00", from_state="confirmed", to_state="fulfilled"),
    row(6, "C-3", "model_created", "2026-01-06 09:00:00", attributes={"status": "pending", "email": "ann@x.example"}),
    row(7, "C-3", "model_updated", "2026-01-06 09:30:00", new_attributes={"status": "fulfilled"}, user_id="u-7"),
    row(8, "D-4", "model_created", "no time at all", attributes={"status": "pending"}),
]  # fmt: skip


def unpacked(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


def bare(folder):
    """Return what became of question.sql in a process that knows nothing of us."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run([sys.executable, "-c", BARE], cwd=folder, capture_output=True, env=clean, check=False)
