"""What did a simulation write, and which faults did it plant where?"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workbench.errors import UnknownNameError, WorkbenchError
from workbench.writing import whole_file

KINDS = (
    "gap",
    "duplicate",
    "illegal_move",
    "hand_set_state",
    "swapped_times",
    "unknown_state",
    "broken_json",
)
_LIVES_A_FAULT = 100


@dataclass(frozen=True)
class Fault:
    """One planted fault: its kind, the aggregate it befell, and the row that bears it.

    `position` is the row of the export, from 1 (None for a gap: that row is not there);
    `event_id` is the `id` of the row, and of the missing row for a gap.
    """

    kind: str
    aggregate_type: str
    aggregate_id: str
    position: int | None
    event_id: str


@dataclass(frozen=True)
class SimulationReport:
    """What was written: the file, its rows, the lives behind them, the first and last instant, the faults."""

    path: Path
    events: int
    lives: int
    first: datetime | None
    last: datetime | None
    faults: tuple[Fault, ...] = ()
    faults_path: Path | None = None


def wanted_faults(
    faults: bool | str | Iterable[str] | Mapping[str, int], lives: int, *, only_transitions: bool
) -> dict[str, int]:
    """Return how many faults of each kind were asked for: True means all kinds, a name one in a hundred lives."""
    possible = [kind for kind in KINDS if not (only_transitions and kind == "hand_set_state")]
    usual = max(1, lives // _LIVES_A_FAULT)
    if isinstance(faults, bool):
        return dict.fromkeys(possible, usual) if faults else {}
    if isinstance(faults, str):
        faults = [faults]
    counts = dict(faults) if isinstance(faults, Mapping) else dict.fromkeys(faults, usual)
    for kind, count in counts.items():
        if kind not in KINDS:
            raise UnknownNameError.of("fault", kind, KINDS)
        if kind not in possible:
            raise WorkbenchError("a hand_set_state is a model_updated row, and only_transitions leaves those out")
        if count < 1:
            raise WorkbenchError(f"the number of faults of kind {kind} must be at least 1, not {count}")
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def write_labels(faults: Iterable[Fault], path: Path) -> None:
    """Write the faults as a CSV file: kind, aggregate_type, aggregate_id, position, event_id."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("kind", "aggregate_type", "aggregate_id", "position", "event_id"))
        writer.writerows((f.kind, f.aggregate_type, f.aggregate_id, f.position, f.event_id) for f in faults)
