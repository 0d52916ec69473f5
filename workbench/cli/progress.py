"""How far is a long piece of work? A bar on a terminal, a line at a time elsewhere; always on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

_QUIET_SECONDS = 5.0


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that takes how much is done and how much there is in all."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(console, what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def tell(done: int, whole: int) -> None:
            # The bytes are through long before the lives are in order; a full bar would look stuck.
            if done >= whole:
                bar.update(task, description=f"{what} done, putting lives in order", total=None)
            else:
                bar.update(task, description=what, completed=done, total=whole)

        yield tell


def _lines(console: Console, what: str) -> Callable[[int, int], None]:
    # A log file wants a line now and then, and none for what is soon over.
    last = time.monotonic()

    def tell(done: int, whole: int) -> None:
        nonlocal last
        if whole and time.monotonic() - last >= _QUIET_SECONDS:
            last = time.monotonic()
            console.print(f"{what} {done / whole:.0%}", markup=False, highlight=False, soft_wrap=True)

    return tell
