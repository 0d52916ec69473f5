"""Make the logs, let every engine answer in turn, print the tables and write docs/benchmarks.md.

python -m benchmarks 5000000 --rounds 3
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import page
from benchmarks.logs import grown, make_log
from benchmarks.runs import ATTRIBUTES, ENGINES, FILTERED, QUESTIONS, ROOT, SLICES, answers, in_turn, starting
from benchmarks.with_machines import make_machines
from benchmarks.with_scan import COLUMNS

VIEWS = ("first_paint", "scrub")
IMPORTS = ("bare_file", "import_file", "bare_memory", "import_memory")


def size(events: int, folder: Path, rounds: int) -> str:
    """Return the section of one log size."""
    print(f"making the log of {events:,} events")
    home = make_log(events, folder)
    settings = page.settings_of(home)
    asked = [(e, q) for q in QUESTIONS for e in ENGINES if answers(e, q)]
    asked += [("workbench", question) for question in SLICES] + [("scan", question) for question in COLUMNS]
    asked += [("filtered", question) for question in FILTERED]
    asked += [(engine, question) for question in ATTRIBUTES for engine in ("attributes", "fold")]
    results = in_turn(asked, home, rounds)
    results |= in_turn([("imports", question) for question in IMPORTS], home, rounds, repeat=1)
    results |= in_turn([("live", question) for question in page.LIVE], home, 1, repeat=1)
    results |= in_turn([("widgets", question) for question in VIEWS], home, rounds)
    title = f"## {settings['events']:,} events, {settings['lives']:,} lives, {settings['moves']:,} moves"
    sections = [
        title,
        page.peers(results),
        page.loads(results),
        page.scans(results, [q for q in (*QUESTIONS, *SLICES) if q != "transition_counts_alone"]),
        page.filters(results),
        page.attributes(results),
        page.imports(results, settings) + f"\n\nRows of {settings['row_bytes']} bytes on average.",
        page.widgets(results),
        page.live(results),
    ]
    text = "\n\n".join(sections)
    print(f"\n{text}\n")
    return text


def growth(events: int, times: int, folder: Path, rounds: int) -> str:
    """Return the section on the same questions of a log of a fifth of the events, and of one many times as long."""
    homes = [make_log(events // 5, folder), make_log(events, folder)]
    homes.append(grown(homes[-1], times))
    found = {home: in_turn([("workbench", question) for question in FILTERED], home, rounds) for home in homes}
    text = f"## Growth\n\n{page.growth({page.settings_of(home)['events']: found[home] for home in homes})}"
    print(f"\n{text}\n")
    return text


def machines(folder: Path, rounds: int) -> str:
    """Return the section on machines, which need no log."""
    home = make_machines(folder)
    results = in_turn([("machines", question) for question in page.MACHINES], home, rounds)
    text = f"## Machines\n\n{page.machines(results)}"
    print(f"\n{text}\n")
    return text


def main() -> None:
    """Run all sizes and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("events", type=int, nargs="*", default=[5_000_000])
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=ROOT / "out" / "bench", help="where the logs are kept")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument(
        "--times", type=int, default=10, help="how many times the largest log the grown one is; 1: none"
    )
    options = parser.parse_args()
    sections = [size(events, options.folder, options.rounds) for events in options.events]
    if options.times > 1:
        sections.append(growth(max(options.events), options.times, options.folder, options.rounds))
    sections.append(machines(options.folder, options.rounds))
    taken = starting()
    start = [[name, page.seconds(value)] for name, value in taken.items()]
    over = page.seconds(taken["workbench"] - taken["duckdb"])
    table = page.table(["that imports", "takes"], start)
    last = f"## A fresh Python\n\n{table}\n\n`import workbench` over `import duckdb`: {over}."
    print(last)
    options.page.write_text("\n".join([page.head(options.rounds), *sections, page.NOTES, last, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
