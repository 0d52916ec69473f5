"""Which machines do the files of any tool declare, and which tool's are they?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.errors import MachineError, UnknownNameError
from workbench.machines.collection import Machines
from workbench.machines.exchange.forms import READABLE
from workbench.machines.exchange.symfony import is_symfony, read_symfony
from workbench.machines.exchange.xstate_in import read_xstate
from workbench.machines.files import YAML, MachinePath, machine_files
from workbench.machines.model import Machine
from workbench.machines.reader import MAX_BYTES, raise_on_errors, read_machines, read_text

_OF_JSON = ("statecraft-json", "xstate")
_OF_STATECRAFT = ("flat", "package")
_BEGINS_AS_JSON = re.compile(r"[\ufeff\s]*(\[|\{\s*[\"}])")
_EXPORTED = ("name", "model", "field", "initial", "states", "transitions")
_RAW = re.compile(r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010fffd\n]|[\u2028\u2029]")


def read_any(path: MachinePath, form: str | None = None) -> Machines:
    """Return the machines of a file, folder or pattern in any form that can be read.

    Parameters
    ----------
    path
        Of a folder its own YAML files are read; its .json files, where `form` is one of JSON.
    form
        One of `READABLE`; left out, each file tells by itself.

    Raises
    ------
    MachineError
        When there is no such file, or one cannot be read in that form, or two machines bear one name.
    """
    _known(form)
    ours: list[Path] = []
    parts: list[Machines] = []
    for file in machine_files(path, (".json",) if form in _OF_JSON else YAML):
        text = _text(file)
        undecided = form is None and file.suffix.lower() != ".json"
        if text is None or form in _OF_STATECRAFT or (undecided and not is_symfony(text)):
            ours.append(file)
        else:
            parts.append(read_any_text(text, str(file), form))
    if ours:
        parts.insert(0, read_machines(ours))
    return _joined(parts)


def read_any_text(text: str, file: str, form: str | None = None) -> Machines:
    """Return the machines of a text in any form that can be read.

    Raises
    ------
    MachineError
        When it cannot be read in that form, or has errors.
    """
    _known(form)
    if form == "symfony" or (form is None and not _BEGINS_AS_JSON.match(text) and is_symfony(text)):
        found = read_symfony(text, file)
    elif form in _OF_STATECRAFT or (form is None and not _BEGINS_AS_JSON.match(text)):
        found = read_text(text, file)
    else:
        value = _json(text, file)
        values = value if isinstance(value, list) else [value]
        try:
            found = _joined([Machines([_from_json(one, file, form)]) for one in values])
        except RecursionError as error:
            raise MachineError(f"{file}: this is nested too deep to be a machine") from error
    raise_on_errors(found.findings)
    return found


def _known(form: str | None) -> None:
    if form is not None and form not in READABLE:
        raise UnknownNameError.of("form of machine files that can be read", form, READABLE)


def _joined(parts: Iterable[Machines]) -> Machines:
    several = list(parts)
    found: dict[str, Machine] = {}
    for machine in (machine for part in several for machine in part.values()):
        other = found.setdefault(machine.name, machine)
        if other is not machine:
            raise MachineError(f"{machine.path}: a machine named {machine.name!r} is already declared in {other.path}")
    bindings = [binding for part in several for binding in part.bindings]
    return Machines(found.values(), bindings, [finding for part in several for finding in part.findings])


def _from_json(value: Any, file: str, form: str | None) -> Machine:
    if not isinstance(value, dict):
        raise MachineError(f"{file}: expected a machine as a JSON object, with states")
    if form == "xstate" or (form is None and not isinstance(value.get("states"), list)):
        return read_xstate(value, file)
    known = {key: value[key] for key in _EXPORTED if key in value}
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


def _json(text: str, file: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise MachineError(f"{file}:{error.lineno}:{error.colno}: this is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise MachineError(f"{file}: this JSON is refused: {error}") from error


def _refused(text: str) -> None:
    raise ValueError(f"{text} is no number of JSON")


def _text(file: Path) -> str | None:
    """Return a file's text, or None where it has none: then the reader of machine files says why."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
        return raw.decode("utf-8-sig") if len(raw) <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None
