"""How does Ctrl-C stop a question at once?

Python sees a signal only between two of its own steps, and a query is one step: DuckDB would go on to its end.
The C-level handler writes to a socket in any case; a thread reads it and tells DuckDB to stop.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def stoppable(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let Ctrl-C interrupt whatever runs on the connection."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    here, there = socket.socketpair()
    there.setblocking(False)  # noqa: FBT003  its only form
    before = signal.set_wakeup_fd(there.fileno(), warn_on_full_buffer=False)

    def watch() -> None:
        while signal.SIGINT in here.recv(1):
            connection.interrupt()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        there.close()
        watcher.join()
        here.close()
