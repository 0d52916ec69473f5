"""Which arguments and options do several verbs share?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Told = Annotated[Literal["text", "json"], typer.Option("--format")]
Shape = Annotated[Literal["table", "csv", "json"], typer.Option("--format")]
Limit = Annotated[int, typer.Option(metavar="N", min=1, help="Rows of the table; csv and json have all.")]
Type = Annotated[str, typer.Argument(metavar="TYPE", help="The aggregate's type, e.g. Order.")]
Id = Annotated[str, typer.Argument(metavar="ID")]
OneType = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only aggregates of this type.")]
MachinesPath = Annotated[str, typer.Option("--machines", metavar="PATH", help="Machine files, a folder or a glob.")]
Match = Annotated[list[str] | None, typer.Option("--match", metavar="T=M", help="The machine that speaks for a type.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE")]
