"""`check --suggest`: what do the machines probably lack, as a patch to look at and apply?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from workbench.cli.output import document, note
from workbench.cli.source import present_pattern


def suggest_completions(paths: Sequence[Path], shape: str) -> None:
    """Write one patch over all files to stdout and a sentence for each suggestion to stderr; exit code 1 if any."""
    from workbench.machines import read_machines
    from workbench.machines.completing import completed, patch
    from workbench.machines.files import machine_files
    from workbench.machines.reader import raise_on_errors

    if shape not in {"text", "json"}:
        raise typer.BadParameter(f"--suggest has no format {shape}: text or json")
    rows = []
    for file in machine_files([present_pattern(str(path)) for path in paths]):
        unread = [finding for finding in read_machines(file, strict=False).findings if finding.code == "SM001"]
        raise_on_errors(tuple(unread))
        text = file.read_bytes().decode("utf-8-sig")
        _, found = completed(text, str(file))
        rows += [{"file": str(file), "line": c.line, "code": c.code, "suggestion": c.sentence} for c in found]
        if shape == "text" and found:
            for one in found:
                note(f"{file}:{one.line}: {one.code} {one.sentence}")
            typer.echo(patch(text, file.as_posix()), nl=False)
    if shape == "json":
        document(rows)
    if rows:
        raise typer.Exit(1)
