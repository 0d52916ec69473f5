"""From what do all contestants answer? One simulated export, as a stored log and as raw events of the same moves."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

import workbench as wb
from workbench.simulation import write_export
from workbench.sql import install_changes, keeps_changes
from workbench.sql.connection import MEMORY_LIMIT

MACHINE = Path(__file__).with_name("order.yaml")
STEPS = ["pending", "confirmed", "paid", "delivered"]
STATE = """coalesce(
    event_data ->> '$.to_state', event_data ->> '$.attributes.status', event_data ->> '$.new_attributes.status'
)"""
COLUMNS = {
    "id": "BIGINT",
    "aggregate_type": "VARCHAR",
    "aggregate_id": "BIGINT",
    "event_type": "VARCHAR",
    "event_data": "JSON",
    "occurred_at": "TIMESTAMP",
}


def make_log(events: int, folder: Path) -> Path:
    """Return the folder that holds the log of about so many events in every shape; made once, then kept."""
    home = folder / f"{events}"
    if (home / "settings.json").exists() and _is_of_today(home / "shop.duckdb"):
        return home
    home.mkdir(parents=True, exist_ok=True)
    export = home / "export.ndjson"
    machines = wb.read_machines(MACHINE)
    tried = write_export(machines, export, lives=2000, seed=7)
    report = write_export(machines, export, lives=round(events * tried.lives / tried.events), seed=7)
    _raw(home, export)
    for name in ("shop.duckdb", "shop.duckdb.wal"):
        (home / name).unlink(missing_ok=True)
    with wb.open_log(home / "shop.duckdb", write=True) as log:
        log.add(export, mapping="event_store")
    settings = {"events": report.events, "lives": report.lives, "row_bytes": export.stat().st_size // report.events}
    (home / "settings.json").write_text(
        json.dumps({**settings, **_instants(home), "pairs": _pairs()}), encoding="utf-8"
    )
    return home


def _is_of_today(log: Path) -> bool:
    """Tell whether a log has the tables that this version reads."""
    try:
        with wb.open_log(log) as opened:
            return opened.lives.columns != []
    except wb.LogError:
        return False


def grown(home: Path, times: int) -> Path:
    """Return the folder of a log many times as long: the lives of another, again and again as lives of their own."""
    larger = home.with_name(f"{home.name}x{times}")
    if (larger / "settings.json").exists() and _is_of_today(larger / "shop.duckdb"):
        return larger
    larger.mkdir(exist_ok=True)
    copy = larger / "shop.duckdb"
    shutil.copy(home / "shop.duckdb", copy)
    with duckdb.connect(
        str(copy), config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(larger / "spill")}
    ) as con:
        if keeps_changes(con):
            install_changes(con)  # of the first lives alone they would be wrong
        step = con.execute("SELECT max(life) + 1 FROM lives").fetchall()[0][0]
        for table in ("events", "moves", "lives"):
            for number in range(1, times):
                again = f"life + {number * step} AS life, aggregate_id || '-{number}' AS aggregate_id"
                con.execute(f"INSERT INTO {table} SELECT * REPLACE ({again}) FROM {table} WHERE life < {step}")
    settings = json.loads((home / "settings.json").read_text(encoding="utf-8"))
    more = {name: settings[name] * times for name in ("events", "lives", "moves")}
    (larger / "settings.json").write_text(json.dumps({**settings, **more}), encoding="utf-8")
    return larger


def _pairs() -> list[tuple[str | None, str]]:
    """Return what the machine allows: each state and the one after it, None before the first."""
    (machine,) = wb.read_machines(MACHINE).values()
    return [(None, machine.initial), *machine.pairs]


def _raw(home: Path, export: Path) -> None:
    """Write the moves as raw events, taken from the export without the workbench."""
    (home / "raw.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(home / "raw.duckdb"), config={"memory_limit": "4GB"}) as con:
        con.execute(
            f"""CREATE TABLE raw AS
            SELECT id, aggregate_id::VARCHAR AS "case", {STATE} AS state, occurred_at AS "time"
            FROM read_json(?, format = 'nd', columns = {COLUMNS}) WHERE {STATE} IS NOT NULL
            ORDER BY "case", id""",
            [str(export)],
        )
        con.execute(f"COPY (FROM raw ORDER BY id) TO '{home / 'raw.parquet'}' (FORMAT parquet, COMPRESSION zstd)")


def _instants(home: Path) -> dict[str, Any]:
    """Return the instant in the middle of the events, the days from first to last, and the steps of the funnel."""
    with duckdb.connect(str(home / "raw.duckdb"), read_only=True) as con:
        found = con.execute('SELECT min("time"), quantile_disc("time", 0.5), max("time"), count(*) FROM raw').fetchall()
    first, middle, last, moves = found[0]
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [str(midnight + timedelta(days=n)) for n in range((last - midnight).days + 2)]
    return {"at": str(middle), "days": days, "steps": STEPS, "moves": moves}
