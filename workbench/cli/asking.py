"""`ask` and `sql`: any question by its Python name, or your own."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.lookup import when
from workbench.cli.options import Limit, Shape
from workbench.cli.output import answer, document, say, title
from workbench.cli.questioning import Asking, options, parameters, takes_question
from workbench.cli.source import Source, takes_log
from workbench.errors import UnknownNameError

if TYPE_CHECKING:
    from workbench.metrics.named import Question

_ABOUT_A_TIME = "at"
_EVERY = (
    "Every question also takes --type, --id, --until, --where, --hours, --holidays, --format and --limit, and with an "
    "export the options that say how it is read: workbench ask --help."
)


@takes_log
@takes_question
def ask_question(
    *,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="Its Python name: see --list.")] = None,
    source: Source | None = None,
    context: typer.Context,
    asking: Asking,
    shape: Shape = "table",
    limit: Limit = 50,
    show: Annotated[bool, typer.Option("--list", help="List every question.")] = False,
    help: Annotated[bool, typer.Option("--help", "-h", help="Show this message, or explain QUESTION.")] = False,
) -> None:
    """Ask a question by its Python name: ask --list.

    Each question takes its own options; the others are refused. `ask QUESTION --help` explains it.
    """
    if help and question is None:
        say(context.get_help())
        return
    if show:
        _list_questions(shape)
        return
    if question is None:
        raise typer.BadParameter("QUESTION is missing: workbench ask QUESTION LOG")
    asked = question_named(question)
    if help or source is None:
        _explain(asked, shape)
        return
    values = asking.values(question, asked, context.args)
    with source.open() as log:
        part = asking.part(log, asked)
        relation = asked(part, **values)
        has_time = _ABOUT_A_TIME in parameters(asked) and "versions" not in values
        answer(relation, shape, limit=limit, caption=when(part, asking.at, shape) if has_time else "")


@takes_log
def ask_sql(
    source: Source,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="One SELECT (or FROM ...); - reads it from stdin.")],
    shape: Shape = "table",
    limit: Limit = 50,
) -> None:
    """Ask in SQL.

    Tables: events, moves, lives, variants, imports, rejected, rosters. Every question is a macro:
    FROM transition_counts().
    """
    text = sys.stdin.read() if query == "-" else query
    with source.open() as log:
        answer(log.sql(text), shape, limit=limit)


def _list_questions(shape: str) -> None:
    from workbench.metrics.named import questions, summary

    rows = [(name, options(question), summary(question)) for name, question in questions().items()]
    if shape == "json":
        document([{"question": name, "options": taken, "about": about} for name, taken, about in rows])
    else:
        for name, taken, about in rows:
            title(" ".join([name, *taken]))
            say(f"    {about}")


def _explain(question: Question, shape: str) -> None:
    name, about, taken = question.__name__, inspect.getdoc(question) or "", options(question)
    if shape == "json":
        document({"question": name, "options": taken, "about": about})
    else:
        say(f"{' '.join(['Usage: workbench ask', name, 'LOG', *taken])}\n\n{about}\n\n{_EVERY}")


def question_named(name: str) -> Question:
    """Return the question of that name, or say the nearest."""
    from workbench.metrics.named import questions

    known = questions()
    plain = name.replace("-", "_")
    if plain not in known:
        from workbench.cli.app import app

        verbs = {verb.name for verb in app.registered_commands}
        if (verb := plain.replace("_", "")) in verbs:
            raise UnknownNameError(f"{name} is a command of its own: workbench {verb} --help")
        raise UnknownNameError.of("question", name, known)
    return known[plain]
