"""Does a dashboard keep up with 1,000 events a second on top of a large log, some late, and is none of them lost?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import workbench as wb
from benchmarks.logs import MACHINE
from benchmarks.runs import ROOT
from workbench.events.following import Tick
from workbench.sql import install_changes
from workbench.widgets.live_facts import Critical

Rows = list[list[Any]]
SECONDS = int(os.environ.get("LIVE_SECONDS", "120"))
RATE = 1000


def load(log: Path) -> Path:
    """Return the stored log, which is not touched."""
    return log / "shop.duckdb"


class Watch:
    """What each tick took, the dashboard's part of it, and the memory after it."""

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.shown: list[float] = []
        self.memory: list[float] = []
        self.ended: list[float] = []
        self._at = 0.0

    def before(self, _: Tick) -> None:
        """Note when the dashboard begins to renew itself."""
        self._at = time.perf_counter()

    def after(self, tick: Tick) -> None:
        """Note when it has."""
        self.ended.append(time.perf_counter())
        self.shown.append(self.ended[-1] - self._at)
        self.ticks.append(tick)
        status = Path("/proc/self/status").read_text(encoding="ascii")
        self.memory.append(float(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024)  # type: ignore[index]

    @property
    def seconds(self) -> list[float]:
        """Return what each tick that brought something took, the dashboard included."""
        return [tick.seconds + shown for tick, shown in zip(self.ticks, self.shown, strict=True) if tick.read]

    @property
    def apart(self) -> list[float]:
        """Return what lay between what was shown and what was shown next."""
        return [after - before for before, after in pairwise(self.ended)]


def followed(log: Path, _: dict[str, Any]) -> Rows:
    """Return what the ticks of two minutes took, the events lost, and the memory early and late: a log as imported."""
    with _copied(log) as copy:
        with duckdb.connect(str(copy)) as con:
            install_changes(con)
        with wb.open_log(copy, write=True) as opened:
            return _followed(opened, copy.with_name("shop.ndjson"))


def followed_kept(log: Path, _: dict[str, Any]) -> Rows:
    """Return the same of a log that keeps its changes of attributes, since somebody has asked for them."""
    with _copied(log) as copy, wb.open_log(copy, write=True) as opened:
        opened.sql("SELECT count(*) FROM changes").fetchall()
        return _followed(opened, copy.with_name("shop.ndjson"))


@contextmanager
def _copied(log: Path) -> Iterator[Path]:
    with TemporaryDirectory(dir=log.parent) as folder:
        copy = Path(shutil.copy(log, folder))
        copy.with_name("shop.ndjson").touch()
        yield copy


def _followed(log: wb.EventLog, source: Path) -> Rows:
    first_id, lives, last = log.sql(
        "SELECT max(global_position), count(DISTINCT life), max(effective_at) FROM events"
    ).fetchall()[0]
    watch, follower = Watch(), log.follow(source, mapping="event_store")
    follower.watch(watch.before)
    view = wb.widgets.Live(log, follower, Critical(wb.read_machines(MACHINE)))
    follower.watch(watch.after)
    arguments = [source, SECONDS, RATE, first_id, lives, last]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.feeder", *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as feeder:
        follower.start()
        written = int(feeder.communicate()[0])
    follower.finish()
    in_log = log.sql(f"SELECT count(*), count(DISTINCT event_id) FROM events WHERE global_position > {first_id}")
    events, ids = in_log.fetchall()[0]
    quarter = len(watch.memory) // 4
    return [
        ["written", written], ["in the log", events], ["lost", written - ids], ["ticks", len(watch.seconds)],
        ["median", median(watch.seconds)], ["p95", quantiles(watch.seconds, n=20)[-1]], ["longest", max(watch.seconds)],
        ["dashboard", median(watch.shown)], ["apart", max(watch.apart)], ["early_mb", max(watch.memory[: quarter + 1])],
        ["late_mb", max(watch.memory[-quarter:])], ["shown", int(view.told["totals"]["moves"])],
    ]  # fmt: skip


QUESTIONS = {f.__name__: f for f in (followed, followed_kept)}
