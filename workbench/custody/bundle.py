"""How does an answer become a file that a third party checks with `sha256sum -c` and any DuckDB?"""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import file_digest, sha256
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from workbench.cards import amount, card, table
from workbench.custody.asking import Answered, again, answered, checked, narrowed
from workbench.custody.masked import copied_masked, told_of_values, typed_texts, values_under
from workbench.custody.masking import Mask, read_mask
from workbench.custody.provenance import MachineFile, Provenance, asked, machine_paths
from workbench.custody.recomputing import what_is_recomputed
from workbench.custody.statement import statement
from workbench.custody.tables import copied, opened, saved, script, table_of
from workbench.errors import SourceError
from workbench.sql import scratch_folder
from workbench.writing import check_writable, whole_file

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines

_EVENTS = """SELECT i.source, e.position AS row, e.type, e.aggregate_type, e.aggregate_id, e.place, e.version,
    e.event_id, e.event_type, e.schema_version, e.occurred_at, e.effective_at, e.recorded_at, e.actor,
    e.correlation_id, e.causation_id, e.field, e.from_recorded AS from_state, e.to_state, e.transition,
    e.data, e.metadata
FROM events AS e LEFT JOIN imports AS i USING (import_id) ORDER BY e.life, e.place"""
_IMPORTS = """SELECT source, sha256, system, mapping, zone, zone_assumed, read, loaded, duplicate, rejected,
    ambiguous_hours FROM imports ORDER BY import_id"""
_CSV, _NDJSON = "FORMAT csv, HEADER", "FORMAT json"
_BUNDLE, _SUMS = "bundle", "SHA256SUMS"
_LINE = 110


@dataclass(frozen=True, repr=False)
class Evidence:
    """A bundle as it was written: where, its hash, how much stands in it, and where that comes from."""

    path: Path
    sha256: str
    rows: int
    events: int
    files: tuple[str, ...]
    provenance: Provenance

    @property
    def extent(self) -> str:
        """How many rows it holds, and how many events are behind them."""
        return f"{amount(self.rows, 'row')}, {amount(self.events, 'event')} behind {'it' if self.rows == 1 else 'them'}"

    def __repr__(self) -> str:
        return f"<Evidence {self.path}: {self.extent}, sha256 {self.sha256}>"

    def _repr_html_(self) -> str:
        question = self.provenance.question
        said = f"{self.extent}; sha256 {self.sha256}"
        listed = table(("in it",), [[name] for name in self.files])
        return card(str(self.path), question.python if question else "", listed, note=said)


def evidence(
    log: EventLog,
    question: str,
    out: str | Path,
    *,
    mask: Mask | Mapping[str, Any] | str | Path | None = None,
    machines: Machines | None = None,
    **values: Any,
) -> Evidence:
    """Write an answer with all that it rests on into a zip file that a third party can check; return what it holds.

    The zip holds result.csv; question.sql, which any DuckDB runs on the tables beside it; events.ndjson, every event
    behind the answer with its source and row; tables/, the same as Parquet, from which all else follows; machines/;
    imports.csv; statement.html, what was asked, found and cannot be known; provenance.json; SHA256SUMS. The same
    question of the same log gives the same bytes. Payloads of the events are in it unless a mask redacts them.

    Parameters
    ----------
    log
        A log, or the part of one that is to be handed on.
    question
        The Python name of any question, or "why" or "why_not".
    out
        The file to write, which must not be there yet.
    mask
        What is not to be seen: a YAML file or a mapping of `key`, `pseudonym` and `redact`, lists of
        paths such as "actor", "aggregate_id", "attributes.email", "data.context.ip", "metadata".
    machines
        As `read_machines` returns them, where the question takes them.
    values
        What the question takes.

    Returns
    -------
    Evidence
        `.path`, `.sha256` of the zip, `.rows` of the answer, `.events`, `.files`, `.provenance`.

    Raises
    ------
    UnknownNameError
        For a question, a value or a path of the mask that is not there; says the nearest.
    LogError, MappingError, SourceError
        When a value is missing, the mask cannot be understood, or the file cannot be written.

    Examples
    --------
    >>> import tempfile, workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson").of("Order", 42)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = evidence(log, "audit_trail", f"{folder}/order_42.zip")
    >>> found.rows, found.events, found.files[0]
    (4, 4, 'events.ndjson')
    """
    target = Path(out)
    if target.exists():
        raise SourceError(f"{target} is there already: evidence is never written over, name another file")
    check_writable(target)
    given = checked(question, values | ({"machines": machines} if machines is not None else {}))
    rules = None if mask is None else read_mask(mask)
    with scratch_folder() as scratch, _rested(log, question, given, rules, scratch) as told:
        origin = Provenance.of(log, question, given, machines)
        if rules:
            shown = values_under(rules, given)
            lines = [*rules.told(), *told_of_values(given, shown)]
            origin = origin.told_masked(lines, asked(question, "log", shown))
        folder = scratch / _BUNDLE
        rows = _write(folder, told, origin, machines)
        files = _zipped(folder, target)
        events = int(told.log.sql("SELECT count(*) FROM events").fetchall()[0][0])
    return Evidence(target, _hash(target), rows, events, files, origin)


@contextmanager
def _rested(
    log: EventLog, question: str, given: Mapping[str, Any], rules: Mask | None, scratch: Path
) -> Iterator[Answered]:
    """Give the answer of a question, asked of tables that are what it rests on and nothing else."""
    tables, of_case = scratch / _BUNDLE / "tables", {"type", "id"} <= set(given)
    with ExitStack() as kept:
        files = copied(log, scratch / "read" if rules or of_case else tables)
        if rules:
            rules.typed = dict.fromkeys(typed_texts(given))
            read = kept.enter_context(opened(files, scratch / "reading", log, whole=False))
            files = copied_masked(read, scratch / "masked" if of_case else tables, rules)
            rules.refuse_unmet(log)
        values = values_under(rules, given)
        part = kept.enter_context(opened(files, scratch / "asking", log))
        answer = answered(part, question, values)
        if of_case:
            lives = copied(narrowed(answer, values), tables)
            answer = again(kept.enter_context(opened(lives, scratch / "again", log)), answer, question, values)
        yield answer


def _write(folder: Path, told: Answered, origin: Provenance, machines: Machines | None) -> int:
    """Write every file but the sums; return how many rows the answer has."""
    connection, question = told.log.connection, origin.question
    assert question is not None  # noqa: S101  for the type checker: evidence is always of a question
    rests = what_is_recomputed(question.name, told.table)
    heading = [question.about, question.python, "", "Where this was unpacked, any DuckDB answers: .read question.sql"]
    (folder / "question.sql").write_text(script(told.table, [*heading, *wrap(rests, _LINE)]), encoding="utf-8")
    told = replace(told, table=table_of(told.table, connection))
    saved(connection, told.table, folder / "result.csv", _CSV)
    saved(connection, told.log.sql(_EVENTS), folder / "events.ndjson", _NDJSON)
    saved(connection, told.log.sql(_IMPORTS), folder / "imports.csv", _CSV)
    origin = replace(origin, machines=_machines(folder / "machines", machines))
    (folder / "provenance.json").write_text(origin.json(), encoding="utf-8")
    page = statement(told, origin, machines, rests)
    (folder / "statement.html").write_text(page, encoding="utf-8", errors="replace")
    return len(told.table)


def _machines(folder: Path, machines: Machines | None) -> tuple[MachineFile, ...]:
    """Write the files of the machines as they are; one that was never a file as YAML. Return what they are called."""
    from workbench.machines.exchange import write_as

    kept = []
    for number, (path, of) in enumerate(machine_paths(machines or {}).items(), 1):
        folder.mkdir(exist_ok=True)
        source = Path(path)
        if path and not source.is_file():
            raise SourceError(f"{path} is not there any more: the evidence holds the files of its machines")
        name = f"{number:02}_{source.name}" if path else f"{number:02}_{of[0].name}.yaml"
        raw = source.read_bytes() if path else write_as(of[0], "flat").text.encode()
        (folder / _safe(name)).write_bytes(raw)
        kept.append(MachineFile(f"machines/{_safe(name)}", sha256(raw).hexdigest(), tuple(one.name for one in of)))
    return tuple(kept)


def _safe(name: str) -> str:
    """Return a name that is one on every system, and none of a folder."""
    return re.sub(r"[^\w.-]", "_", name, flags=re.ASCII)


def _zipped(folder: Path, target: Path) -> tuple[str, ...]:
    """Write a folder as a zip file, whole or not at all; its bytes depend on nothing but what is in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = [path.relative_to(folder).as_posix() for path in files]
    sums = "".join(f"{_hash(path)}  {name}\n" for path, name in zip(files, names, strict=True))
    with whole_file(target) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in zip(files, names, strict=True):
            with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as entry:
                shutil.copyfileobj(source, entry, 1 << 20)
        archive.writestr(_entry(_SUMS), sums)
    return (*names, _SUMS)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
    entry.external_attr, entry.create_system = 0o644 << 16, 3  # a file of a Unix system, which others may read
    return entry


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
