"""`convert`: what is a machine in the form of another tool, and what can that form not say of it?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cards import visible
from workbench.cli.options import Told
from workbench.cli.output import document, note, say
from workbench.cli.source import present_pattern
from workbench.errors import MachineError
from workbench.writing import check_writable, write_text

if TYPE_CHECKING:
    from workbench.machines import Machines
    from workbench.machines.exchange import Written

_PIPE = "-"


def convert_machines(
    source: Annotated[str, typer.Argument(metavar="IN", help="Machine files, a folder, a glob, or - for stdin.")],
    target: Annotated[str, typer.Argument(metavar="OUT", help="A file, a folder for one file each, or - for stdout.")],
    *,
    to: Annotated[
        str | None,
        typer.Option(
            metavar="FORM",
            help="flat, package, xstate, mermaid, dot, markdown or svg; else the suffix of OUT says it.",
        ),
    ] = None,
    come_from: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FORM",
            help="flat, package, statecraft-json, symfony or xstate; else each file says it itself.",
        ),
    ] = None,
    machine: Annotated[str | None, typer.Option(metavar="NAME", help="Only the machine of this name.")] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Write nothing if anything would be left out; exit 1.")
    ] = False,
    shape: Told = "text",
) -> None:
    """Write machines in the form of another tool.

    What the form cannot say is listed on stderr. Mermaid, SVG and the package's form hold one machine a file: name a
    folder as OUT for several.
    """
    found = _read(source, come_from)
    if machine is not None:
        found = _only(found, machine)
    written = _written(found, target, to)
    lost = list(dict.fromkeys(sentence for one in written.values() for sentence in one.losses))
    kept = {} if strict and lost else written
    for path, one in kept.items():
        if path != _PIPE:
            _write(Path(path), one.text, found)
        elif shape == "text":
            typer.echo(one.text, nl=False)
    _tell(found, kept, lost, shape)
    if lost and strict:
        raise typer.Exit(1)


def _read(source: str, form: str | None) -> Machines:
    from workbench.machines.exchange import read_any, read_any_text

    if source != _PIPE:
        return read_any(present_pattern(source), form)
    try:
        return read_any_text(sys.stdin.buffer.read().decode("utf-8-sig"), "stdin", form)
    except UnicodeDecodeError as error:
        raise MachineError(f"stdin is not UTF-8: byte 0x{error.object[error.start]:02X} at {error.start}") from error


def _only(machines: Machines, name: str) -> Machines:
    from workbench.machines import Machines

    return Machines([machines[name]], machines.bindings)


def _written(machines: Machines, target: str, to: str | None) -> dict[str, Written]:
    """Return the text of each file, or of stdout, that OUT means."""
    from workbench.machines.exchange import WRITABLE, files_as, form_of, write_as

    folder = target != _PIPE and (target.endswith("/") or Path(target).is_dir())
    if to is None and (folder or target == _PIPE):
        where = f"the folder {target}" if folder else "stdout"
        raise typer.BadParameter(f"{where} says no form: write --to with one of {', '.join(WRITABLE)}")
    form = to or form_of(Path(target))
    if not folder:
        return {target: write_as(machines, form)}
    return {str(Path(target) / name): one for name, one in files_as(machines, form).items()}


def _write(file: Path, text: str, machines: Machines) -> None:
    if not file.parent.exists():
        file.parent.mkdir()
    check_writable(file, *(machine.path for machine in machines.values()))
    write_text(file, text)


def _tell(machines: Machines, written: dict[str, Written], lost: list[str], shape: str) -> None:
    if shape == "json":
        told = {"machines": [*machines], "written": [*written], "lost": lost}
        document(told | ({"text": written[_PIPE].text} if _PIPE in written else {}))
        return
    for path in written:
        if path != _PIPE:
            say(visible(path))
    for sentence in lost:
        note(sentence)
    if lost and not written:
        note("nothing was written: --strict")
