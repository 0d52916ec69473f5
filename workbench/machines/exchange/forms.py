"""Which forms of machine files are there, and how are machines written in one?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType

from workbench.errors import MachineError, UnknownNameError
from workbench.machines.collection import Machines
from workbench.machines.exchange.losses import no_bindings, not_drawn
from workbench.machines.exchange.pictures import dot_text, markdown_text
from workbench.machines.exchange.statecraft import flat_text, package_text
from workbench.machines.exchange.xstate_out import xstate_text
from workbench.machines.findings import listed
from workbench.machines.model import Machine

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
_UNSAFE = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 80
BOUND = ("flat", "package")
ONE_A_FILE = ("package", "mermaid", "svg")


@dataclass(frozen=True)
class Written:
    """A text in some form, and a sentence for each thing the form cannot say."""

    text: str
    losses: tuple[str, ...] = ()


def form_of(path: Path) -> str:
    """Return the form that a file's suffix stands for.

    Raises
    ------
    MachineError
        When it stands for none.
    """
    if path.suffix.lower() not in SUFFIXES:
        what = f"the suffix {path.suffix!r}" if path.suffix else "a name without a suffix"
        known = ", ".join(SUFFIXES)
        raise MachineError(f"{what} says no form: name the form ({', '.join(WRITABLE)}) or end the file in {known}")
    return SUFFIXES[path.suffix.lower()]


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
    if form in ONE_A_FILE and len(several) > 1:
        raise MachineError(f"{form} holds one machine, and here are {len(several)}: name one of {listed([*several])}")
    if not several and not (several.bindings and form in BOUND):
        raise MachineError("there is no machine to write")
    return Written(*_WRITERS[form](several))


def files_as(machines: Machines, form: str) -> Mapping[str, Written]:
    """Return a file name and its text for each machine, and one for their bindings where the form has a place."""
    found: dict[str, Written] = {}
    for machine in machines.values():
        found[_file_name(machine.name, form, found)] = write_as(machine, form)
    if machines.bindings and form in BOUND:
        found[_file_name("event_bindings", form, found)] = write_as(Machines((), machines.bindings), form)
    elif machines.bindings and found:
        first = next(iter(found))
        found[first] = replace(found[first], losses=(*found[first].losses, *no_bindings(machines)))
    return found


def _file_name(name: str, form: str, taken: Iterable[str]) -> str:
    suffix = next(suffix for suffix, one in SUFFIXES.items() if one == form) if form != "package" else ".yaml"
    stem = _UNSAFE.sub("_", name).strip("._")[:_LONGEST_NAME] or "machine"
    used = {one.casefold() for one in taken}
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in count(1))
    return next(f"{one}{suffix}" for one in numbered if f"{one}{suffix}".casefold() not in used)


def _mermaid(machines: Machines) -> tuple[str, tuple[str, ...]]:
    return "".join(machine.mermaid() + "\n" for machine in machines.values()), not_drawn(machines)


def _svg(machines: Machines) -> tuple[str, tuple[str, ...]]:
    return "".join(machine.svg() + "\n" for machine in machines.values()), not_drawn(machines)


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
