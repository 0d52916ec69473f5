"""The same verbs on the command line: `workbench --help`."""

from workbench.cli.entry import main

__all__ = ["main"]
