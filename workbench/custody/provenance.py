"""Where does an answer come from? One shape for evidence, reports and whatever a view exports.

Nothing in it depends on when it is made: the same question of the same log has the same provenance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from workbench.events import EventLog

if TYPE_CHECKING:
    from workbench.machines import Machine, Machines

_IMPORTS = "import_id, source, sha256, system, mapping, zone, zone_assumed, read, loaded, duplicate, rejected"
WITHHELD = "withheld: it might undo the mask"


@dataclass(frozen=True)
class Imported:
    """One import of the log: read = loaded + duplicate + rejected."""

    import_id: int
    source: str
    sha256: str | None
    system: str
    mapping: str
    zone: str
    zone_assumed: bool
    read: int
    loaded: int
    duplicate: int
    rejected: int


@dataclass(frozen=True)
class Part:
    """The part of the log that was asked, as Python and as SQL over the whole log ("" for the whole)."""

    python: str
    sql: str
    events: int
    aggregates: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Asked:
    """A question: its name, what it answers, its values, and the call."""

    name: str
    about: str
    values: Mapping[str, Any]
    python: str


@dataclass(frozen=True)
class MachineFile:
    """A file of machines, and the machines that stand in it."""

    file: str
    sha256: str | None
    machines: tuple[str, ...]


@dataclass(frozen=True)
class Provenance:
    """Where an answer comes from.

    Attributes
    ----------
    workbench, duckdb
        The versions that answered.
    log_format, log_written_by
        The layout of the log's tables, and the version that made them.
    imports
        Every source the log was made of, with its sha256, zone and counts; never sliced.
    part
        Which part of the log was asked.
    question
        What was asked; None for a view of the part itself.
    machines
        The files of the machines that were asked.
    instant
        The instant of the answer (UTC): the one asked for, else the part's last event; never the time it was made.
    masked
        What was masked, a line a rule.
    """

    workbench: str
    duckdb: str
    log_format: int
    log_written_by: str
    imports: tuple[Imported, ...]
    part: Part
    question: Asked | None = None
    machines: tuple[MachineFile, ...] = ()
    instant: str | None = None
    masked: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, log: EventLog, question: str | None = None, values: Mapping[str, Any] | None = None,
        machines: Machines | None = None,
    ) -> Provenance:  # fmt: skip
        """Return the provenance of a log or a part of one, and of a question asked of it with these values.

        Examples
        --------
        >>> import workbench as wb
        >>> log = wb.read_events("sample_events/shop.ndjson").of("Order").until("2026-02-01")
        >>> told = Provenance.of(log, "state_distribution")
        >>> told.question.python, told.instant
        ("wb.state_distribution(log.of('Order').until('2026-02-01 00:00:00'))", '2026-01-31 23:56:17')
        """
        given = dict(values or {})
        layout, writer = log.sql("SELECT format, written_by FROM about").fetchall()[0]
        at = log.instant(given["at"]) if given.get("at") is not None else log.last
        return cls(
            version("statecraft-workbench"), duckdb.__version__, layout, writer,
            tuple(Imported(*row) for row in log.imports.project(_IMPORTS).fetchall()),
            _part(log), None if question is None else asked(question, log.python, given),
            tuple(machine_files(machines or {})), None if at is None else str(at),
        )  # fmt: skip

    def told_masked(self, rules: Iterable[str], question: Asked) -> Provenance:
        """Return it without what might undo a mask."""
        part = replace(self.part, python=WITHHELD, sql=WITHHELD) if self.part.sql else self.part
        return replace(self, part=part, question=question, masked=tuple(rules))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, ready for JSON."""
        return asdict(self)

    def json(self) -> str:
        """Return it as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"


def asked(name: str, part: str, values: Mapping[str, Any]) -> Asked:
    """Return a question with its values; machines are told by their files."""
    from workbench import metrics
    from workbench.metrics.named import summary

    given = {option: _plain(value) for option, value in values.items() if value is not None}
    told = [f"{option}={value!r}" for option, value in given.items() if option != "machines"]
    told += ["machines=machines"] if "machines" in given else []
    return Asked(name, summary(getattr(metrics, name)), given, f"wb.{name}({', '.join([part, *told])})")


def machine_files(machines: Mapping[str, Machine]) -> list[MachineFile]:
    """Return the files that machines were read from, each once, with the hash of what stands in it now."""
    return [
        MachineFile(Path(path).name, _hash(path), tuple(machine.name for machine in of))
        for path, of in machine_paths(machines).items()
    ]


def machine_paths(machines: Mapping[str, Machine]) -> dict[str, list[Machine]]:
    """Return the machines by the file they were read from; one that was not read is alone under its name."""
    found: dict[str, list[Machine]] = {}
    for machine in machines.values():
        found.setdefault(machine.path, []).append(machine)
    return found


def _hash(path: str) -> str | None:
    return sha256(Path(path).read_bytes()).hexdigest() if path and Path(path).is_file() else None


def _part(log: EventLog) -> Part:
    events, aggregates, first, last = log.sql(
        "SELECT count(*), count(DISTINCT life), min(effective_at)::VARCHAR, max(effective_at)::VARCHAR FROM events"
    ).fetchall()[0]
    return Part(log.python, log.part_sql, events, aggregates, first, last)


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it; machines by their names, a part of a log by the code that takes it."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return list(value) if hasattr(value, "for_type") else {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, EventLog):
        return value.python
    return f"{value.total_seconds():.15g} seconds" if isinstance(value, timedelta) else str(value)
