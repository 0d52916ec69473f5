"""What does the command line say of itself? `python docs/cli_page.py > docs/cli.md`; a house test compares them."""

from __future__ import annotations

import sys

from typer.main import get_command
from typer.testing import CliRunner

from workbench.cli.app import app

HEAD = """# Command line

Written by `python docs/cli_page.py > docs/cli.md`; do not edit.
"""


def commands() -> list[str]:
    """Return the names of the commands in the order of the help."""
    return list(get_command(app).commands)  # type: ignore[attr-defined]  # a typer app of several commands is a group


def page() -> str:
    """Return the help of every command as one Markdown page."""
    sections = [HEAD]
    for words in ([], *([name] for name in commands())):
        shown = CliRunner().invoke(app, [*words, "--help"], prog_name="workbench", env={"COLUMNS": "100"})
        title = " ".join(["workbench", *words])
        text = "\n".join(line.rstrip() for line in shown.output.strip().splitlines())
        sections.append(f"## `{title}`\n\n```text\n{text}\n```\n")
    return "\n".join(sections)


if __name__ == "__main__":
    sys.stdout.write(page())
