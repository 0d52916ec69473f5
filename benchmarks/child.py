"""How long does one engine take for one question? One process, so that peak memory is the question's own.

Runs in either environment: imports nothing but the standard library and the engine's own module.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ENOUGH = 10.0  # seconds


def measure(engine: str, question: str, log: Path, settings: dict[str, Any], repeat: int) -> dict[str, Any]:
    """Return seconds of loading, seconds and seconds of cores of each run, peak memory in MB, the answer's rows.

    Asked so many times, but not again once that took long enough.
    """
    contestant = import_module(f"benchmarks.with_{engine}")
    ask = contestant.QUESTIONS[question]
    before = time.perf_counter()
    loaded = contestant.load(log)
    load = time.perf_counter() - before
    seconds: list[float] = []
    cpu: list[float] = []
    rows: Any = []
    while len(seconds) < repeat and sum(seconds) < ENOUGH:
        before, worked = time.perf_counter(), time.process_time()
        rows = ask(loaded, settings)
        seconds.append(time.perf_counter() - before)
        cpu.append(time.process_time() - worked)
    return {"load": load, "seconds": seconds, "cpu": cpu, "peak_mb": peak_mb(), "rows": rows}


def peak_mb() -> float:
    """Return the peak memory of this process in MB."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would be the starting process's own peak, where that is higher
        return float(re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))[1]) / 1024  # type: ignore[index]
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    engine, question, log, settings, repeat = sys.argv[1:]
    answer = measure(engine, question, Path(log), json.loads(settings), int(repeat))
    print(json.dumps(answer, default=str))
