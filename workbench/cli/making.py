"""`simulate`, `report`, `lab`: a synthetic export, a page for a manager, notebooks in the browser."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from workbench.cards import amount
from workbench.cli.options import MachinesPath, Match, Out, Told
from workbench.cli.output import document, note, say
from workbench.cli.source import Source, paired, present, present_pattern, takes_log
from workbench.errors import SourceError, WorkbenchError
from workbench.writing import check_writable

Lives = Annotated[int, typer.Option(metavar="N", min=1, help="Lives of each machine.")]
Seed = Annotated[int, typer.Option(metavar="S", help="The same seed gives the same file.")]
EveryFault = Annotated[bool, typer.Option("--faults", help="Plant faults of every kind; FILE.faults.csv names them.")]
Faults = Annotated[list[str] | None, typer.Option(metavar="KIND[=N]", help="Plant N faults of one kind.")]
OnlyTransitions = Annotated[
    bool, typer.Option("--only-transitions", help="Write state_transitioned rows and nothing else.")
]


def simulate_lives(
    machines: Annotated[str, typer.Argument(metavar="MACHINES", help="Machine files, a folder or a glob.")],
    out: Out,
    *,
    lives: Lives = 1000,
    seed: Seed = 7,
    faults: EveryFault = False,
    fault: Faults = None,
    only_transitions: OnlyTransitions = False,
    shape: Told = "text",
) -> None:
    """Write a synthetic export of machines.

    It is what an application driven by them would have written; the same seed gives the same file.
    """
    from workbench.machines import read_machines
    from workbench.simulation import write_export

    declared = read_machines(present_pattern(machines))
    check_writable(out, *(machine.path for machine in declared.values()))
    planted = _planted(fault) or faults
    made = write_export(declared, out, lives=lives, seed=seed, faults=planted, only_transitions=only_transitions)
    if shape == "json":
        shown = {name: getattr(made, name) for name in ("events", "lives", "first", "last")}
        document({"out": str(made.path), "seed": seed, **shown, "faults": [asdict(one) for one in made.faults]})
        return
    say(f"{made.path}: {amount(made.events, 'event')} of {amount(made.lives, 'life', 'lives')}, seed {seed}")
    if made.faults:
        say(f"{made.faults_path}: {len(made.faults):,} planted faults")


@takes_log
def make_report(
    source: Source,
    *,
    machines: MachinesPath,
    out: Out,
    match: Match = None,
    type: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="With --id: one aggregate's trail.")
    ] = None,
    id: Annotated[str | None, typer.Option("--id", metavar="ID")] = None,
    shape: Told = "text",
) -> None:
    """Write one HTML page: findings, then figures.

    It holds all it needs and opens without network.
    """
    from workbench.machines import read_machines
    from workbench.report import write_page

    if (type is None) != (id is None):
        raise typer.BadParameter("--type and --id go together")
    declared = read_machines(present_pattern(machines), strict=False)
    check_writable(out, source.path, *(machine.path for machine in declared.values()))
    trail = (type, id) if type is not None and id is not None else None
    with source.open() as log:
        size = write_page(log, declared, out, match=paired(match, "--match"), trail=trail, name=source.path.name)
    if shape == "json":
        document({"out": str(out), "bytes": size})
    else:
        say(f"{out}: {size / 1e6:.1f} MB, opens in any browser without network")


def start_lab(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to open.")] = Path("notebooks"),
    *,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    shape: Told = "text",
) -> None:
    """Start JupyterLab on the notebooks."""
    if not present(folder).is_dir():
        raise SourceError(f"{folder} is not a folder: name the one that holds the notebooks")
    if importlib.util.find_spec("jupyterlab") is None:
        raise WorkbenchError(
            "JupyterLab is not installed: pip install 'statecraft-workbench[lab]' (in the clone: make lab)"
        )
    command = [sys.executable, "-m", "jupyterlab", str(folder)] + ([] if browser else ["--no-browser"])
    if shape == "json":
        document({"directory": str(folder), "command": command})
    else:
        note(f"JupyterLab on {folder}; Ctrl-C twice stops it")
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606  our own interpreter; JupyterLab takes over this terminal


def _planted(given: Sequence[str] | None) -> dict[str, int]:
    planted = {}
    for text in given or ():
        kind, _, number = text.partition("=")
        if number and not number.isdecimal():
            raise typer.BadParameter(f"--fault {text}: write it as KIND=N")
        planted[kind] = int(number or 1)
    return planted
