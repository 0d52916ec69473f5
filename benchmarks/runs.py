"""How are the contestants run in turn, each in its own process, and do they agree?"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = str(ROOT / ".venv-bench" / "bin" / "python")
PYTHONS = {"pm4py": PEERS, "pandas": PEERS, "polars": PEERS, "fold": PEERS}
ENGINES = ("workbench", "pm4py", "pandas", "polars", "duckdb")
OTHERS = {  # questions that not everybody has an answer to, and who has
    "transition_counts_alone": {"pm4py"},
    "state_distribution": {"pandas", "polars", "duckdb"},
    "states_over_time": {"polars", "duckdb"},
    "funnel": {"pandas", "polars", "duckdb"},
    "eventually_follows": {"pm4py", "polars"},
    "rework": {"pm4py", "polars"},
    "life_durations": {"pm4py", "polars"},
    "throughput": {"pm4py"},
    "conformance": {"pm4py", "polars"},
}
QUESTIONS = ("transition_counts", "time_in_state", "variants", *OTHERS)
SLICES = ("transition_counts_until", "variants_until", "replay_one", "what_if")
ATTRIBUTES = ("attributes_at", "one_attribute_at")
FILTERED = (
    "transition_counts",
    "time_in_state",
    "variants",
    "state_distribution",
    "states_over_time",
    "funnel",
    "eventually_follows",
    "rework",
    "conformance",
)


def answers(engine: str, question: str) -> bool:
    """Tell whether an engine has an answer to a question."""
    return engine == "workbench" or question not in OTHERS or engine in OTHERS[question]


@dataclass
class Result:
    """What the runs of one engine on one question showed."""

    load: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)

    @property
    def typical(self) -> float:
        """Return the median seconds of a run."""
        return median(self.seconds)

    @property
    def worked(self) -> float:
        """Return the median seconds of cores that a run took."""
        return median(self.cpu)


def in_turn(
    contests: Iterable[tuple[str, str]], home: Path, rounds: int, repeat: int = 3
) -> dict[tuple[str, str], Result]:
    """Return the result of each (engine, question); every round starts each of them once, in a process of its own."""
    settings = (home / "settings.json").read_text(encoding="utf-8")
    results: dict[tuple[str, str], Result] = {contest: Result() for contest in contests}
    for number in range(rounds):
        for (engine, question), result in results.items():
            _say(f"  round {number + 1} of {rounds}: {question} by {engine}")
            found = _child(engine, question, home, settings, repeat)
            result.load.append(found["load"])
            result.seconds += found["seconds"]
            result.cpu += found["cpu"]
            result.peak_mb.append(found["peak_mb"])
            result.rows = found["rows"]
    _say("")
    return results


def _say(line: str) -> None:
    """Show the progress in one line, where someone is looking."""
    if sys.stderr.isatty():
        print(line.ljust(70), end="\r", file=sys.stderr)


def _child(engine: str, question: str, home: Path, settings: str, repeat: int) -> dict[str, Any]:
    python = PYTHONS.get(engine, sys.executable)
    command = [python, "-m", "benchmarks.child", engine, question, str(home), settings, str(repeat)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{question} by {engine} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def same(ours: list[list[Any]], theirs: list[list[Any]]) -> bool:
    """Return whether two answers hold the same rows in any order, numbers up to rounding."""
    if len(ours) != len(theirs):
        return False
    return all(_same_row(a, b) for a, b in zip(_sorted(ours), _sorted(theirs), strict=True))


def _sorted(rows: list[list[Any]]) -> list[list[Any]]:
    return sorted(rows, key=lambda row: [str(value) for value in row if isinstance(value, str)])


def _same_row(ours: list[Any], theirs: list[Any]) -> bool:
    if len(ours) != len(theirs):
        return False
    return all(
        math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-6)
        if isinstance(a, int | float) and isinstance(b, int | float)
        else a == b
        for a, b in zip(ours, theirs, strict=True)
    )


def starting(rounds: int = 9) -> dict[str, float]:
    """Return the median seconds a fresh Python takes for nothing, for `import duckdb` and for `import workbench`."""
    programs = {
        "nothing": "pass",
        "duckdb": "import duckdb",
        "workbench": "import workbench",
        "workbench and its log": "import workbench; workbench.read_events",
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds):
        for name, program in programs.items():
            before = time.perf_counter()
            subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
            taken[name].append(time.perf_counter() - before)
    return {name: median(seconds) for name, seconds in taken.items()}
