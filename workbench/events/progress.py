"""How far is a long import? A line on stderr once it takes longer than a moment, in a terminal and in a notebook."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Progress = Callable[[int, int], None]
_QUIET_SECONDS = 2.0


def on_stderr(what: str) -> Progress:
    """Return a function of (done, whole) that keeps one line on stderr up to date, and clears it at the end."""
    started = time.monotonic()
    watched = sys.stderr.isatty() or "ipykernel" in sys.modules
    shown = ""

    def tell(done: int, whole: int) -> None:
        nonlocal shown
        finished = done >= whole
        if not watched or (not shown and (finished or time.monotonic() - started < _QUIET_SECONDS)):
            return
        line = "" if finished else f"{what}: {done / whole:.0%}"
        sys.stderr.write("\r" + line.ljust(len(shown)) + ("\r" if finished else ""))
        sys.stderr.flush()
        shown = line

    return tell
