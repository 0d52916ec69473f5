"""Which questions are there, by their Python names?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

Question = Callable[..., "DuckDBPyRelation"]


def questions() -> dict[str, Question]:
    """Return every question by its Python name: the public functions of `workbench.metrics` from a log to a table."""
    from workbench import metrics

    found = {name: getattr(metrics, name) for name in metrics.__all__}
    return {name: found[name] for name in sorted(found) if inspect.isfunction(found[name]) and _answers(found[name])}


def summary(question: Callable[..., object]) -> str:
    """Return what a question answers, in one line: the first of its docstring, without the word "Return"."""
    first = (inspect.getdoc(question) or "").partition("\n")[0].removeprefix("Return ")
    return first[:1].upper() + first[1:]


def _answers(function: Question) -> bool:
    """Tell a question from other functions of a log: it answers with a table."""
    signature = inspect.signature(function)
    return next(iter(signature.parameters), "") == "log" and "DuckDBPyRelation" in str(signature.return_annotation)
