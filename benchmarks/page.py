"""How do the results read: a table in the terminal and docs/benchmarks.md?"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.runs import ATTRIBUTES, ENGINES, FILTERED, PEERS, QUESTIONS, Result, same

Results = dict[tuple[str, str], Result]

HEAD = """# Benchmarks

Written by `make bench`; do not edit.

Measured {when} on {cores} cores and {memory} GB of memory, {system}, Python {python}; {versions}.
Processes waiting for a core, averaged over 15 minutes: {load:.1f}. Far above 1 they slow the clock, not the cores.

All contestants answer from one simulated export, each in its own process, in turn, {rounds} round(s) of up to three
runs, as long as they take under ten seconds. Medians. The workbench reads its stored log; the others hold the raw
events sorted by case and order, loaded before the clock starts: in memory, bare DuckDB in a file. `4.2x / 2.3x` is how
many times longer than the workbench that took, by the clock and in seconds of cores: the workbench, Polars and DuckDB
use all cores, PM4Py and pandas one. MB is the peak of the whole process. All answers are compared row by row; one that
differs is marked.
"""
MACHINES = {
    "check_largest": ("check the largest of 131 machines of other tools ({states} states)", 0.2),
    "read_large": ("read one of {states} states and 20,000 transitions", 6.0),
    "check_large": ("check it", 2.0),
    "explore_bound": ("explore {states} joint states of bound machines", 5.0),
}
LIVE = {"followed": "as imported", "followed_kept": "with changes of attributes kept"}
NOTES = """## How to read it

- `transition_counts` is asked with medians: of PM4Py that is its directly-follows graph and its performance graph. The
  row *alone* is PM4Py's directly-follows graph without any time against the same, full question here.
- `time_in_state` compares closed stays and their mean. The workbench, pandas, Polars and DuckDB compute exact medians
  and 90 % quantiles with it. PM4Py has no such call: its edges' sums are added up, and no median comes of that.
- PM4Py has no call for a state at an instant, states over time or an ordered funnel: those are by hand in pandas.
- `eventually_follows`, `rework`, `life_durations` and `throughput` are PM4Py's eventually-follows graph, rework cases,
  case durations and `filter_between`; ours tell medians, quantiles and open lives with them.
- `conformance` asks which lives keep to the machine: of PM4Py its token-based replay (the net may end anywhere), of
  Polars a join of each pair with the allowed ones.
- *Of those once on hold*: `log.where(through="on_hold")`, found out anew by each question.
- The fold reads each payload up to the instant with orjson and merges it into its aggregate's dict, the payloads being
  in memory as text; the workbench reads the changes of attributes that its first such question has stored.
- Growth: the smallest log is simulated too, the largest holds the lives of the middle one ten times over, each as a
  life of its own. How many times as long a question takes as of the log before, by the clock and in seconds of cores.
- The bare scan is `SELECT bit_xor(hash(the columns the question reads))` of the stored table, nothing else.
- The bare import reads the same columns with `read_json` into one table sorted by aggregate and id, under the library's
  memory limit: no validation, no duplicates, no order, no moves.
- Time travel is Python, page and two frames of a headless Chromium that draws in software; then three seconds of
  scrubbing, one move of the hand a frame.
- Machines are measured in seconds of one core, whatever else runs; MB holds all of them read.
"""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns line up in a terminal too."""
    widths = [max(len(line[n]) for line in [head, *rows]) for n in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines)


def seconds(value: float) -> str:
    """Return seconds with three digits that matter."""
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.3g} s"


def peers(results: Results) -> str:
    """Return the table of questions by engines, and say where answers differ."""
    rows = []
    for question in QUESTIONS:
        ours = results["workbench", question]
        row = [question, str(len(ours.rows))]
        for engine in ENGINES:
            theirs = results.get((engine, question))
            row.append(_cell(ours, theirs, alone=engine == "workbench") if theirs else "")
        rows.append(row)
    return table(["question", "rows", *ENGINES], rows)


def _cell(ours: Result, theirs: Result, *, alone: bool) -> str:
    text = f"{seconds(theirs.typical)}, {max(theirs.peak_mb):.0f} MB"
    if alone:
        return text
    times = f"{_times(theirs, ours)}, {text}"
    return times if same(ours.rows, theirs.rows) else f"{times}, OTHER ANSWER"


def _times(longer: Result, shorter: Result) -> str:
    """Return how many times as long one took as the other, by the clock and in seconds of cores."""
    return f"{longer.typical / shorter.typical:.1f}x / {longer.worked / shorter.worked:.1f}x"


def loads(results: Results) -> str:
    """Return what each engine takes before it can be asked."""
    found = {engine: results[engine, "variants"] for engine in ENGINES}
    return table(["until it can be asked", *ENGINES], [["", *(seconds(min(found[engine].load)) for engine in ENGINES)]])


def scans(results: Results, questions: Sequence[str]) -> str:
    """Return each question against the bare scan of the columns it reads."""
    rows = []
    for question in questions:
        ours, scan = results["workbench", question], results.get(("scan", question))
        bare = [seconds(scan.typical), _times(ours, scan)] if scan else ["", ""]
        rows.append([question, seconds(ours.typical), *bare])
    return table(["question", "workbench", "bare scan", "times the scan"], rows)


def filters(results: Results) -> str:
    """Return each question of half of the lives against the same question of all."""
    rows = []
    for question in FILTERED:
        whole, part = results["workbench", question], results["filtered", question]
        rows.append([question, seconds(whole.typical), seconds(part.typical), _times(part, whole)])
    return table(["question", "of all lives", "of those once on hold", "times as long"], rows)


def attributes(results: Results) -> str:
    """Return attributes at an instant beside a fold in Python."""
    rows = []
    for question in ATTRIBUTES:
        ours, fold = results["attributes", question], results["fold", question]
        rows.append([question, _cell(ours, ours, alone=True), _cell(ours, fold, alone=False)])
    return table(["in the middle of the log", "workbench", "fold in Python"], rows)


def growth(sizes: dict[int, Results]) -> str:
    """Return the questions by the size of the log, with how much longer than for the size before."""
    rows = []
    for question in FILTERED:
        cells: list[str] = []
        before = None
        for results in sizes.values():
            found = results["workbench", question]
            times = f" ({_times(found, before)})" if before else ""
            cells.append(f"{seconds(found.typical)}{times}, {max(found.peak_mb):.0f} MB")
            before = found
        rows.append([question, *cells])
    return table(["question", *(f"{size:,} events" for size in sizes)], rows)


def imports(results: Results, settings: dict[str, Any]) -> str:
    """Return the whole import beside bare read_json into a sorted table."""
    rows = []
    for place in ("file", "memory"):
        bare, ours = results["imports", f"bare_{place}"], results["imports", f"import_{place}"]
        rate = f"{settings['events'] / ours.typical:,.0f}"
        times = _times(ours, bare)
        cells = [f"{seconds(r.typical)}, {max(r.peak_mb):.0f} MB" for r in (ours, bare)]
        rows.append([f"in {'a file' if place == 'file' else 'memory'}", *cells, times, rate])
    return table(["NDJSON import", "workbench", "bare read_json", "times", "events a second"], rows)


def widgets(results: Results) -> str:
    """Return how soon time travel is painted, and how long a frame takes while it is scrubbed."""
    paint, frames = results["widgets", "first_paint"], dict(results["widgets", "scrub"].rows)
    rows = [
        ["first paint", seconds(paint.typical), seconds(1.5)],
        ["a frame, 95 % of them", seconds(frames["p95_ms"] / 1000), seconds(0.034)],
    ]
    return table(["time travel, without a graphics card", "workbench", "at most"], rows)


def live(results: Results) -> str:
    """Return whether a dashboard keeps up with a log that grows, and what was lost."""
    measured: list[tuple[str, Callable[[dict[str, Any]], str], str]] = [
        ("events written by another process, one in twenty days late", lambda one: f"{one['written']:,}", ""),
        ("lost, against a recount", lambda one: str(one["lost"]), "0"),
        ("a tick with the dashboard's, the median", lambda one: seconds(one["median"]), seconds(0.5)),
        ("95 % of the ticks", lambda one: seconds(one["p95"]), seconds(0.5)),
        ("the longest", lambda one: seconds(one["longest"]), seconds(0.5)),
        ("from one update to the next, at most", lambda one: seconds(one["apart"]), ""),
        ("the dashboard's part", lambda one: seconds(one["dashboard"]), ""),
        ("memory in the first quarter", lambda one: f"{one['early_mb']:.0f} MB", ""),
        ("memory in the last quarter", lambda one: f"{one['late_mb']:.0f} MB", ""),
    ]
    found = [dict(results["live", question].rows) for question in LIVE]
    rows = [[what, *map(shown, found), most] for what, shown, most in measured]
    return table(["1,000 events a second on top of the log", *LIVE.values(), "at most"], rows)


def machines(results: Results) -> str:
    """Return what reading, checking and exploring machines takes, beside what it may."""
    rows = []
    for question, (what, most) in MACHINES.items():
        found = results["machines", question]
        _, states, _ = found.rows[0]
        size = what.format(states=f"{states:,}")
        rows.append([size, f"{seconds(median(found.cpu))}, {max(found.peak_mb):.0f} MB", seconds(most)])
    return table(["machines, on one core", "workbench", "at most"], rows)


def head(rounds: int) -> str:
    """Return what was measured, on what and with what."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    names = ("pm4py", "pandas", "polars")
    ask = f"from importlib.metadata import version\nfor name in {names}: print(name, version(name))"
    theirs = subprocess.run([PEERS, "-c", ask], capture_output=True, text=True, check=True).stdout.splitlines()
    return HEAD.format(
        when=datetime.now(UTC).strftime("%Y-%m-%d"),
        cores=os.cpu_count(),
        load=os.getloadavg()[2],
        memory=round(pages * size / 2**30),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        versions=f"duckdb {version('duckdb')}, {', '.join(theirs)}",
        rounds=rounds,
    )


def settings_of(home: Path) -> dict[str, Any]:
    """Return what the log holds."""
    return dict(json.loads((home / "settings.json").read_text(encoding="utf-8")))
