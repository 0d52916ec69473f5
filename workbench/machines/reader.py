"""Which machines do these files declare, and what is wrong with their text?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.errors import MachineError
from workbench.machines.collection import Machines
from workbench.machines.documents import compose_documents
from workbench.machines.files import MachinePath, machine_files
from workbench.machines.findings import Complaint, Finding, Place, in_reading_order
from workbench.machines.machine_nodes import read_document
from workbench.machines.model import Binding, Machine
from workbench.machines.nodes import Nodes
from workbench.machines.rules import RULES

MAX_BYTES = 5_000_000
_MOST_LINES = 20


def read_machines(path: MachinePath | Iterable[MachinePath], *, strict: bool = True) -> Machines:
    """Return the machines of a file, a folder (not its subfolders), a glob, or several of these.

    Parameters
    ----------
    path
        Files in either Statecraft dialect, and files of `event_bindings`.
    strict
        Raise when anything is wrong with the text; `strict=False` returns what could be read.

    Returns
    -------
    Machines
        A mapping of names to machines; `.bindings`, and `.findings` with every complaint of the reading.

    Raises
    ------
    MachineError
        When there is no such file, or, if strict, when there is an error in any: `.findings` holds all of them.

    Examples
    --------
    >>> read_machines("machines/order.yaml")["OrderStateMachine"].initial
    'pending'
    """
    reading = _Reading()
    for file in machine_files(path):
        reading.add_file(file)
    found = reading.machines()
    if strict:
        raise_on_errors(found.findings)
    return found


def read_text(text: str, file: str = "<text>") -> Machines:
    """Return the machines a YAML text declares, with what is wrong with it in `.findings`."""
    return read_texts({file: text})


def read_texts(texts: Mapping[str, str]) -> Machines:
    """Return the machines that YAML texts declare, by the file of each, with what is wrong with them in `.findings`."""
    reading = _Reading()
    for file, text in texts.items():
        reading.add_text(text, file)
    return reading.machines()


class _Reading:
    """What was read of some files so far."""

    def __init__(self) -> None:
        self.found: list[Machine] = []
        self.bindings: list[Binding] = []
        self.findings: list[Finding] = []

    def machines(self) -> Machines:
        return Machines(self.found, self.bindings, in_reading_order([*self.findings, *_namesakes(self.found)]))

    def add_file(self, file: Path) -> None:
        try:
            with file.open("rb") as stream:
                raw = stream.read(MAX_BYTES + 1)
            text = raw.decode("utf-8-sig")
        except OSError as error:
            self.findings.append(_unreadable(str(file), 1, 1, f"the file cannot be read: {error.strerror}"))
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            column = error.start - raw[: error.start].rfind(b"\n")
            utf_16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
            what = "UTF-16, not UTF-8" if utf_16 else f"not UTF-8: byte 0x{raw[error.start]:02X}"
            self.findings.append(_unreadable(str(file), line, column, f"the file is {what}; save it as UTF-8"))
        else:
            if len(raw) > MAX_BYTES:
                message = f"the file is larger than {MAX_BYTES // 1_000_000} MB; a machine of that size is refused"
                self.findings.append(_unreadable(str(file), 1, 1, message))
            else:
                self.add_text(text, str(file))

    def add_text(self, text: str, file: str) -> None:
        documents, broken = compose_documents(text)
        if broken:
            self.findings.append(_unreadable(file, *broken))
        elif not documents:
            self.findings.append(_unreadable(file, 1, 1, "the file is empty: it declares no machine"))
        nodes = Nodes(file)
        for document in documents:
            machine, bound = read_document(nodes, document)
            self.found.extend([machine] if machine else [])
            self.bindings.extend(bound)
        self.findings.extend(nodes.findings)


def _unreadable(file: str, line: int, column: int, message: str) -> Finding:
    return RULES["SM001"].finding(Complaint(Place(file, line, column), message))


def _namesakes(machines: list[Machine]) -> list[Finding]:
    first: dict[str, Machine] = {}
    found = []
    for machine in machines:
        other = first.setdefault(machine.name, machine)
        if other is not machine:
            message = f"a machine named {machine.name!r} is already declared at {other.place}"
            found.append(RULES["SM006"].finding(Complaint(machine.place, message, (machine.name,)), machine.name))
    return found


def raise_on_errors(findings: tuple[Finding, ...]) -> None:
    """Raise what is wrong with machine files, if any of it is an error; the error carries every finding."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return
    lines = [str(error) for error in errors[:_MOST_LINES]]
    if len(errors) > _MOST_LINES:
        lines.append(f"... and {len(errors) - _MOST_LINES} more")
    message = lines[0] if len(errors) == 1 else "\n".join([f"{len(errors)} errors in the machine files:", *lines])
    raise MachineError(message, findings)
