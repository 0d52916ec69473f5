"""How far is a long piece of work? A bar on a terminal, a line at a time elsewhere; always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

_QUIET_SECONDS = 5.0


@contextmanager
def progress_bar() -> Iterator[Callable[[str, float], None]]:
    """Give a function that takes what is being done and the share of it that is done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda stage, share: bar.update(task, description=stage, completed=share)


def _lines(console: Console) -> Callable[[str, float], None]:
    # A log file wants a line now and then, and none for what is soon over.
    last = time.monotonic()

    def tell(stage: str, share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _QUIET_SECONDS:
            last = time.monotonic()
            console.print(f"{stage} {share:.0%}", markup=False, highlight=False, soft_wrap=True)

    return tell
