"""How do numbered walks become an export, and an export a log?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import SourceError, WorkbenchError
from workbench.instants import Instant, instant
from workbench.simulation.labels import Fault, SimulationReport, wanted_faults, write_labels
from workbench.simulation.plans import Plan, plan
from workbench.sql import connect, literal, place_to_copy, render, run
from workbench.writing import check_writable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from workbench.events import EventLog
    from workbench.machines.collection import Machines
    from workbench.machines.model import Machine

    Walkable = Machines | Machine | Iterable[Machine]

_STEPS = 40
_UPDATE_PERCENT = 8
_LIVES_A_CHUNK = 200_000
_BEARERS_A_FAULT = 200
_ARRIVING = 0.8
_FORMATS = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".ndjson.gz": "ndjson",
    ".jsonl.gz": "ndjson",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".parquet": "parquet",
}


def simulate(
    machines: Walkable,
    lives: int = 1000,
    seed: int = 7,
    *,
    start: Instant = "2026-01-05",
    days: float = 90,
    only_transitions: bool = False,
    faults: bool | str | Iterable[str] | Mapping[str, int] = (),
    ties: bool = False,
    snapshots: bool = True,
) -> EventLog:
    """Return a log in memory of that many lives of each machine, as an application would have written it.

    Parameters are those of `write_export`, and so are the rows; the same arguments give the same log.

    Returns
    -------
    EventLog
        Read from an export in the `event_store` shape, through the same checks as any export.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> simulate(read_machines("machines/order.yaml"), lives=20).types
    ('Order',)
    """
    from workbench.events import read_events
    from workbench.sql.connection import scratch_folder

    with scratch_folder() as folder:
        path = folder / "simulated.ndjson"
        options: dict[str, Any] = {"only_transitions": only_transitions, "faults": faults, "ties": ties}
        write_export(machines, path, lives, seed, start=start, days=days, snapshots=snapshots, **options)
        fields = plan(machines).state_fields
        plain = set(fields.values()) == {"status"}
        return read_events(path, mapping="event_store", state_field=None if plain else fields)


def write_export(
    machines: Walkable,
    path: str | Path,
    lives: int = 1000,
    seed: int = 7,
    *,
    start: Instant = "2026-01-05",
    days: float = 90,
    only_transitions: bool = False,
    faults: bool | str | Iterable[str] | Mapping[str, int] = (),
    ties: bool = False,
    snapshots: bool = True,
) -> SimulationReport:
    """Write an `event_store` export of that many lives of each machine, and say what it holds.

    Each life begins in the machine's initial state and takes steps by chance, more often towards a final
    state; some stop on the way. Steps that people take wait for office hours (UTC); all waits have long tails.
    Machines that the bindings join to an order carry its `order_id`. The same arguments write the same bytes.

    Parameters
    ----------
    machines
        Machines as `read_machines` gives them, or one or several of them.
    path
        File to write; its ending says the format: .ndjson, .csv (either with .gz) or .parquet.
    lives
        Lives of each machine.
    seed
        Source of all chance.
    start, days
        When the first life begins, and after how many days the export was taken; lives arrive in the first 80 %.
    only_transitions
        Write `state_transitioned` rows and nothing else, as the application's own code does.
    faults
        True for all kinds, names of kinds, or a mapping kind to count: gap, duplicate, illegal_move,
        hand_set_state, swapped_times, unknown_state, broken_json. A life bears at most one. The labels are in the
        report and beside the export, in `<path>.faults.csv`.
    ties
        Let every eighth step fall into the same second as the one before.
    snapshots
        Leave the `model_snapshot` out when False.

    Raises
    ------
    WorkbenchError
        Without a machine, when two machines speak for one model, or for a number that makes no sense.
    SourceError
        When the file cannot be written, or its ending is not known.
    """
    target = Path(path)
    form = _form(target)
    _complain(lives, days, target)
    numbered = plan(machines)
    wanted = wanted_faults(faults, lives, only_transitions=only_transitions)
    database = connect(memory_limit="1200MB")
    try:
        values = _values(numbered, lives, seed, start, days, only_transitions=only_transitions, ties=ties)
        _walk(database.connection, numbered, values, lives)
        _plant(database.connection, wanted, values)
        run(database.connection, render(_text("order"), **values))
        _write(database.connection, numbered, {**values, "snapshots": snapshots}, target, form)
        planted = _labels(database.connection, numbered) if wanted else ()
        written, lived, first, last = run(database.connection, _text("summary"))[0]
    finally:
        database.close()
    beside = target.with_name(target.name + ".faults.csv") if wanted else None
    if beside:
        write_labels(planted, beside)
    return SimulationReport(target, written, lived, first, last, planted, beside)


def _form(path: Path) -> str:
    for ending in ("".join(path.suffixes[-2:]).lower(), path.suffix.lower()):
        if ending in _FORMATS:
            return _FORMATS[ending]
    raise SourceError(
        f"{path} does not say what to write: end the name in .ndjson, .csv, .ndjson.gz, .csv.gz or .parquet"
    )


def _complain(lives: int, days: float, path: Path) -> None:
    if lives < 1:
        raise WorkbenchError(f"lives must be at least 1, not {lives}")
    if days < 1:
        raise WorkbenchError(f"days must be at least 1, not {days}")
    check_writable(path)


def _text(name: str) -> str:
    return files("workbench.simulation").joinpath(f"{name}.sql").read_text(encoding="utf-8")


def _values(
    numbered: Plan, lives: int, seed: int, start: Instant, days: float, *, only_transitions: bool, ties: bool
) -> dict[str, Any]:
    begin = int(instant(start).replace(tzinfo=UTC).timestamp())
    return {
        "seed": str(seed),
        "lives": lives,
        "begin": begin,
        "span": int(days * 86400 * _ARRIVING),
        "finish": begin + int(days * 86400),
        "steps": _STEPS,
        "update_percent": _UPDATE_PERCENT,
        "only_transitions": only_transitions,
        "ties": ties,
        "cases": list(numbered.cases),
        "limbo": numbered.limbo,
    }


def _walk(connection: DuckDBPyConnection, numbered: Plan, values: Mapping[str, Any], lives: int) -> None:
    run(connection, _text("tables"))
    for table in ("walkers", "edges", "forbidden"):
        rows = getattr(numbered, table)
        for at in range(0, len(rows), 500):
            tuples = ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows[at : at + 500])
            run(connection, f"INSERT INTO {table} VALUES {tuples}")
    step = max(1, _LIVES_A_CHUNK // len(numbered.walkers))
    for first in range(1, lives + 1, step):
        run(connection, render(_text("walk"), **values, first=first, last=min(lives, first + step - 1)))


def _plant(connection: DuckDBPyConnection, wanted: Mapping[str, int], values: Mapping[str, Any]) -> None:
    if not wanted:
        return
    pool = _BEARERS_A_FAULT * sum(wanted.values())
    run(connection, render(_text("faults"), **values, pool=pool))
    for kind, count in wanted.items():
        run(connection, render(_text("victim"), **values, kind=kind, count=count))
    run(connection, _text("plant"))


def _write(connection: DuckDBPyConnection, numbered: Plan, values: Mapping[str, Any], path: Path, form: str) -> None:
    lists = {
        "states": list(numbered.states),
        "keys": list(numbered.keys),
        "types": list(numbered.types),
        "profiles": list(numbered.profiles),
        "triggers": list(numbered.triggers) or ["null"],
    }
    rows = render(_text("rows"), **values, **lists)
    copy = _text(f"copy_{form}").replace("FROM told_rows", f"FROM ({rows})")
    options = ", COMPRESSION gzip" if path.suffix.lower() == ".gz" else ""
    with place_to_copy(path) as place:
        run(connection, copy.replace("TO 'path'", f"TO {place}").replace("/* more */", options))


def _labels(connection: DuckDBPyConnection, numbered: Plan) -> tuple[Fault, ...]:
    return tuple(
        Fault(kind, numbered.types[machine - 1], str(life), position, str(event_id))
        for kind, machine, life, position, event_id in run(connection, _text("labels"))
    )
