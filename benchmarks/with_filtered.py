"""The questions of a stored log again, of about half of its lives: those that ever went through a state."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import workbench as wb
from benchmarks import with_workbench
from benchmarks.runs import FILTERED

Rows = list[list[Any]]
Question = Callable[[wb.EventLog, dict[str, Any]], Rows]
THROUGH = "on_hold"


def load(log: Path) -> wb.EventLog:
    """Return the part of the log; which lives it holds is found out anew by each question."""
    return with_workbench.load(log).where(through=THROUGH)


QUESTIONS: dict[str, Question] = {question: with_workbench.QUESTIONS[question] for question in FILTERED}
