"""How does a log keep up with a source that grows, while the notebook goes on?

A follower works on a connection of its own: by `tick()`, when somebody asks, or in a thread, more than once a second.
What goes wrong is a sentence in `trouble`, and the next tick tries again.
"""

from __future__ import annotations

import atexit
import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, Self

import duckdb

from workbench.cards import amount
from workbench.errors import LogError, WorkbenchError
from workbench.events.adding import Options
from workbench.events.following.folders import followed
from workbench.events.mapping import read_mapping
from workbench.instants import zone_name
from workbench.sql import complaint

if TYPE_CHECKING:
    from types import TracebackType

    from workbench.events.imports import ImportReport
    from workbench.events.log import EventLog

_PATIENCE = 5  # seconds that a tick may still take when it is to stop
_HURRY = 1 << 20  # bytes behind at which the next tick does not wait
_MOST_UNFOLDED = "1GB"  # of the .wal; folding it in holds up a tick
_UNFOLDED = 16 << 20  # bytes of it that are folded in between two ticks


@dataclass(frozen=True)
class Tick:
    """What one look at the source brought: `read = loaded + duplicate + rejected`, always."""

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    rejected: int = 0
    seconds: float = 0.0
    trouble: str | None = None
    notes: tuple[str, ...] = ()


class Follower:
    """A log that grows with its source; made by `log.follow(...)`.

    Attributes
    ----------
    log
        The log that grows.
    read, loaded, duplicate, rejected
        Rows since the follower began.
    ticks
        How often it has looked.
    trouble
        Why the last tick could not read the source, in a sentence; None when all is well.
    notes
        What happened to the source on the way (truncated, replaced), the last twenty.
    last
        The last tick.
    """

    def __init__(self, log: EventLog, source: Any, options: Options, every: float) -> None:
        if every <= 0:
            raise LogError(f"a follower looks every so many seconds, more than 0: got every={every}")
        self.log, self.source, self.every = log, str(source), every
        self.read = self.loaded = self.duplicate = self.rejected = self.ticks = 0
        self.trouble: str | None = None
        self.notes: tuple[str, ...] = ()
        self.last = Tick()
        self._growing = followed(source, _checked(options))
        self._parent = parent = log._database  # noqa: SLF001  the log's own floor
        self._database = log.fork()._database  # noqa: SLF001  as above
        self._lock = threading.RLock()
        self._ending = threading.Event()
        self._paused = self._stopped = False
        self._thread: threading.Thread | None = None
        self._watchers: list[Callable[[Tick], object]] = []
        if parent.path is not None:
            self._database.connection.execute(f"SET GLOBAL checkpoint_threshold = '{_MOST_UNFOLDED}'")
        parent.at_close.append(self.stop)

    @property
    def state(self) -> str:
        """Where it stands: ready, following, waiting (see `trouble`), paused or stopped."""
        if self._ending.is_set():
            return "stopped"
        if self._paused:
            return "paused"
        if self.trouble:
            return "waiting"
        return "ready" if self._thread is None and not self.ticks else "following"

    @property
    def behind(self) -> int:
        """How many bytes of the source are known to wait, an unfinished last line included."""
        return self._growing.behind

    def tick(self) -> Tick:
        """Look once: import what is new, 32 MB (50,000 rows of a table) at most; return what it brought.

        What goes wrong is said in the tick, not raised.
        """
        return self._tick()

    def _tick(self, *, last: bool = False, unasked: bool = False) -> Tick:
        with self._lock:
            if unasked and self._paused:
                return self.last
            if self._ending.is_set():
                raise LogError(f"the follower of {self.source} has been stopped: follow the source anew")
            started, report, trouble = time.monotonic(), None, None
            try:
                report = self._growing.take(self._database, last=last)
            except (WorkbenchError, duckdb.Error, OSError) as error:
                said = complaint(error) if isinstance(error, duckdb.Error) else str(error)
                trouble = " ".join(said.split())
            notes = tuple(self._growing.notes)
            self._growing.notes.clear()
            tick = replace(_tick_of(report), seconds=time.monotonic() - started, trouble=trouble, notes=notes)
            self._count(tick)
        self._tell(tick)
        return tick

    def _tell(self, tick: Tick) -> None:
        for watcher in [*self._watchers]:
            watcher(tick)

    def _count(self, tick: Tick) -> None:
        self.read += tick.read
        self.loaded += tick.loaded
        self.duplicate += tick.duplicate
        self.rejected += tick.rejected
        self.ticks += 1
        self.trouble, self.last = tick.trouble, tick
        self.notes = (*self.notes, *tick.notes)[-20:]

    def watch(self, watcher: Callable[[Tick], object]) -> None:
        """Call a function after each tick, in the thread that ticked, and once it has stopped."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[Tick], object]) -> None:
        """Call a function no more."""
        if watcher in self._watchers:
            self._watchers.remove(watcher)

    def start(self) -> Self:
        """Tick from now on in a thread of its own, which ends with the kernel."""
        if self._ending.is_set():
            raise LogError(f"the follower of {self.source} has been stopped: follow the source anew")
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="workbench-follower", daemon=True)
            self._thread.start()
            atexit.register(self._end)
        return self

    def _run(self) -> None:
        pause = 0.0
        while not self._ending.wait(pause):
            started = time.monotonic()
            try:
                self._tick(unasked=True)
            except Exception as error:  # noqa: BLE001  a thread has nobody to raise to
                self.trouble = f"{type(error).__name__}: {' '.join(str(error).split())}"
            hurry = self.last.read and self.behind > _HURRY and not self._paused
            if not hurry:
                self._fold()
            pause = 0.0 if hurry else max(0.0, self.every - (time.monotonic() - started))

    def _fold(self) -> None:
        """Bring what was written into the log's one file, while nothing waits to be read."""
        with self._lock:
            waiting = self._parent.unfolded
            if self._ending.is_set() or waiting < _UNFOLDED or self._parent.room < 2 * waiting:
                return  # where the disk is full as it folds, DuckDB lets nobody ask this log any more
            with contextlib.suppress(duckdb.Error):  # somebody reads in a transaction: after another tick
                self._database.connection.execute("CHECKPOINT")

    def pause(self) -> None:
        """Look no more until resumed; the source may grow on."""
        with self._lock:
            self._paused = True

    def resume(self) -> None:
        """Look again, and read what came meanwhile."""
        self._paused = False

    def finish(self) -> Tick:
        """Read all there is, a last line without its end too, and stop; return what that brought."""
        total = Tick()
        self.pause()  # its thread; whoever watches is called outside the lock
        while True:
            tick = self._tick(last=True)
            counts = ("read", "loaded", "duplicate", "rejected", "seconds")
            sums = {name: getattr(total, name) + getattr(tick, name) for name in counts}
            total = Tick(**sums, trouble=tick.trouble, notes=(*total.notes, *tick.notes))
            if not tick.read:
                break
        self.stop()
        return total

    def stop(self) -> None:
        """Stop for good; what was read stays, and following the same source later goes on from there."""
        if not self._stopped:
            self._end()
            self._tell(Tick())

    def _end(self) -> None:
        self._ending.set()
        atexit.unregister(self._end)
        connection = self._database.connection
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_PATIENCE)
            while self._thread.is_alive():
                connection.interrupt()
                self._thread.join(0.1)
        if self.stop in self._parent.at_close:
            self._parent.at_close.remove(self.stop)
        with self._lock:
            self._growing.close()
            if self._parent.path is not None and not self._parent.at_close:  # else another follower folds on
                with contextlib.suppress(duckdb.Error):  # somebody reads just now: the file keeps its .wal a while
                    connection.execute("RESET GLOBAL checkpoint_threshold")
                    connection.execute("CHECKPOINT")
            connection.close()
            self._stopped = True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        said = f": {self.trouble}" if self.trouble else ""
        counts = f"{amount(self.read, 'row')} read, {self.loaded:,} loaded"
        counts += f", {self.duplicate:,} duplicate" if self.duplicate else ""
        counts += f", {self.rejected:,} rejected" if self.rejected else ""
        return f"<Follower of {self.source}, {self.state}{said}; {counts}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self).strip('<>'))}</p>"


def _checked(options: Options) -> Options:
    """Return the options, once what does not depend on the source is known to be right."""
    if options.mapping != "auto" and read_mapping(options.mapping).is_roster:
        raise LogError("a roster cannot be followed: add(..., mapping='roster') reads an application's current rows")
    if options.timezone:
        zone_name(options.timezone)
    return replace(options, progress=lambda _done, _whole: None)


def _tick_of(report: ImportReport | None) -> Tick:
    if report is None:
        return Tick()
    return Tick(report.read, report.loaded, report.duplicate, report.rejected)
