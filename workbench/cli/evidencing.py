"""`evidence`: an answer and all that it rests on, in a file that a third party can check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.options import Told
from workbench.cli.output import document, say
from workbench.cli.questioning import Asking, takes_question
from workbench.cli.source import Source, takes_log
from workbench.writing import check_writable


@takes_log
@takes_question
def write_evidence(
    *,
    source: Source,
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="A question of ask --list, why or why_not.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The file to write; it must not be there.")],
    mask: Annotated[
        Path | None, typer.Option("--mask", metavar="RULES", help="A YAML file: key, pseudonym: [...], redact: [...].")
    ] = None,
    context: typer.Context,
    asking: Asking,
    shape: Told = "text",
) -> None:
    """Write an answer and all that it rests on.

    A zip file that is checked with sha256sum -c and any DuckDB: the answer, its SQL, every event behind it, the
    machines, the imports, a statement of what was asked, found and cannot be known. Options that only some
    questions have are written as for ask. Payloads are in it unless --mask redacts them.
    """
    import workbench as wb
    from workbench import metrics
    from workbench.custody.asking import takes

    name = question.replace("-", "_")
    takes(name)
    check_writable(out)
    function = getattr(metrics, name)
    values = asking.values(name, function, context.args)
    with source.open() as log:
        made = wb.evidence(asking.part(log, function), name, out, mask=mask, **values)
    if shape == "json":
        told = {"out": str(made.path), "sha256": made.sha256, "rows": made.rows, "events": made.events}
        document(told | {"files": list(made.files), "provenance": made.provenance.to_dict()})
        return
    say(f"{made.path}: {made.extent}; unzip it, then sha256sum -c SHA256SUMS")
    say(f"sha256 {made.sha256}")
