"""Which forms of machine files are there, which is a file in, and how is one written?"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbench.errors import MachineError, UnknownNameError
from workbench.machines.collection import Machines
from workbench.machines.exchange.pictures import dot_text, markdown_text
from workbench.machines.exchange.statecraft import flat_text, package_text
from workbench.machines.exchange.symfony import is_symfony, read_symfony
from workbench.machines.exchange.xstate_in import read_xstate
from workbench.machines.exchange.xstate_out import xstate_text
from workbench.machines.files import MachinePath
from workbench.machines.model import Machine
from workbench.machines.reader import read_machines, read_text

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "flat": "Statecraft YAML as its wiki has it",
        "package": "Statecraft YAML as its package loads it",
        "statecraft-json": "what statecraft:export writes as JSON",
        "symfony": "Symfony's workflows of type state_machine",
        "xstate": "XState JSON",
        "mermaid": "Mermaid's stateDiagram-v2",
        "dot": "Graphviz",
        "markdown": "a page with a diagram and tables",
        "svg": "a drawing",
    }
)
READABLE = ("flat", "package", "statecraft-json", "symfony", "xstate")
WRITABLE = ("flat", "package", "xstate", "mermaid", "dot", "markdown", "svg")
SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        ".yaml": "flat", ".yml": "flat", ".json": "xstate", ".mmd": "mermaid", ".mermaid": "mermaid",
        ".dot": "dot", ".gv": "dot", ".md": "markdown", ".svg": "svg",
    }
)  # fmt: skip
_ONE_ONLY = ("mermaid", "svg")
_RAW = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd\n]|[\u2028\u2029]")
_MOST_BYTES = 10_000_000


@dataclass(frozen=True)
class Written:
    """A text in some form, and a sentence for each thing the form cannot say."""

    text: str
    losses: tuple[str, ...] = ()


def read_any(path: MachinePath, form: str | None = None) -> Machines:
    """Return the machines of a file in any form that can be read; a folder or pattern holds Statecraft YAML.

    Parameters
    ----------
    form
        One of `READABLE`; left out, the file itself tells.

    Raises
    ------
    MachineError
        When the file cannot be read in that form.
    """
    if form is not None and form not in READABLE:
        raise UnknownNameError.of("form of machine files that can be read", form, READABLE)
    file = Path(path)
    if not file.is_file() or (form is None and file.suffix.lower() != ".json" and not is_symfony(_text(file))):
        return read_machines(path)
    if form in {"flat", "package"}:
        return read_machines(path)
    return read_any_text(_text(file), str(path), form)


def read_any_text(text: str, file: str, form: str | None = None) -> Machines:
    """Return the machines of a text in any form that can be read; what is wrong with Statecraft YAML is in findings."""
    if form == "symfony" or (form is None and not _is_json(text) and is_symfony(text)):
        return read_symfony(text, file)
    if form in {"flat", "package"} or not _is_json(text):
        return read_text(text, file)
    value = _json(text, file)
    values = value if isinstance(value, list) else [value]
    return Machines([_from_json(one, file, form) for one in values])


def write_as(machines: Machine | Machines, form: str) -> Written:
    """Return machines in a form, with what it cannot say of them.

    Parameters
    ----------
    form
        One of `WRITABLE`.

    Examples
    --------
    >>> from workbench.machines import Machine, State, Transition
    >>> door = Machine("Door", "open", (State("open"), State("shut")), (Transition("close", ("open",), "shut"),))
    >>> print(write_as(door, "flat").text)
    name: Door
    initial_state: open
    states:
      - name: open
      - name: shut
    transitions:
      - name: close
        from: [open]
        to: shut
    """
    if form not in WRITABLE:
        raise UnknownNameError.of("form of machine files that can be written", form, WRITABLE)
    several = Machines([machines]) if isinstance(machines, Machine) else machines
    if form in _ONE_ONLY and len(several) != 1:
        names = ", ".join(several)
        raise MachineError(f"{form} holds one machine, and here are {len(several)}: name one of {names}")
    if not several:
        raise MachineError("there is no machine to write")
    return Written(*_WRITERS[form](several))


def _mermaid(machines: Machines) -> tuple[str, tuple[str, ...]]:
    return "".join(machine.mermaid() + "\n" for machine in machines.values()), ()


def _svg(machines: Machines) -> tuple[str, tuple[str, ...]]:
    return "".join(machine.svg() + "\n" for machine in machines.values()), ()


_WRITERS: Mapping[str, Callable[[Machines], tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "flat": flat_text,
        "package": package_text,
        "xstate": xstate_text,
        "mermaid": _mermaid,
        "dot": dot_text,
        "markdown": markdown_text,
        "svg": _svg,
    }
)


def _from_json(value: Any, file: str, form: str | None) -> Machine:
    if not isinstance(value, dict):
        raise MachineError(f"{file}: expected a machine as a JSON object, with states")
    if form == "xstate" or (form is None and not isinstance(value.get("states"), list)):
        return read_xstate(value, file)
    from dataclasses import replace

    known = {key: value[key] for key in ("name", "model", "field", "initial", "states", "transitions") if key in value}
    text = _RAW.sub(lambda found: _escaped(found[0]), json.dumps(known, ensure_ascii=False, indent=4))
    read = read_text(text, file)
    errors = [finding for finding in read.findings if finding.severity == "error"]
    if errors or not read:
        what = f"{errors[0].code} {errors[0].message}" if errors else "it declares no machine"
        raise MachineError(f"{file}: {what}", read.findings)
    return replace(next(iter(read.values())), dialect="package")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  the width of the short escape


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}


def _json(text: str, file: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise MachineError(f"{file}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise MachineError(f"{file}: this JSON is refused: {error}") from error


def _refused(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise MachineError(f"{file} cannot be read: {error.strerror}") from error
    if len(raw) > _MOST_BYTES:
        raise MachineError(f"{file} is larger than {_MOST_BYTES // 1_000_000} MB; a machine of that size is refused")
    return raw.decode("utf-8-sig", "replace")
