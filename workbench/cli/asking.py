"""`ask` and `sql`: any question by its Python name, or your own."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.lookup import Limit, Shape, when
from workbench.cli.output import answer, document, say, title
from workbench.cli.source import Source, listed, paired, present, takes_log
from workbench.errors import UnknownNameError, nearest

if TYPE_CHECKING:
    import duckdb


Question = Callable[..., "duckdb.DuckDBPyRelation"]
_ABOUT_A_TIME = "at"


@takes_log
def ask_question(
    *,
    question: Annotated[str | None, typer.Argument(metavar="QUESTION", help="Its Python name: see --list.")] = None,
    source: Source | None = None,
    context: typer.Context,
    type: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only aggregates of this type.")] = None,
    id: Annotated[list[str] | None, typer.Option("--id", metavar="ID", help="Only these aggregates.")] = None,
    until: Annotated[str | None, typer.Option(metavar="T", help="Only what was known by then.")] = None,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Only whole lives that meet a condition over the table lives.")
    ] = None,
    at: Annotated[str | None, typer.Option(metavar="T", help="An instant, included.")] = None,
    since: Annotated[str | None, typer.Option(metavar="T", help="Moves entered at this instant or later.")] = None,
    before: Annotated[str | None, typer.Option(metavar="T", help="Moves entered earlier than this.")] = None,
    steps: Annotated[list[str] | None, typer.Option(metavar="A,B,C", help="States of a funnel, in order.")] = None,
    within: Annotated[str | None, typer.Option(metavar="SPAN", help="Such as '7 days'.")] = None,
    every: Annotated[str | None, typer.Option(metavar="SPAN", help="Such as '1 hour'.")] = None,
    machines: Annotated[str | None, typer.Option(metavar="PATH", help="Machine files.")] = None,
    match: Annotated[list[str] | None, typer.Option(metavar="T=M", help="The machine that speaks for a type.")] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="What find looks for.")] = None,
    by: Annotated[list[str] | None, typer.Option(metavar="KEY", help="Group by this; created:week, actor, ...")] = None,
    zone: Annotated[str | None, typer.Option(metavar="ZONE", help="Where days and weeks are cut.")] = None,
    hours: Annotated[
        str | None, typer.Option(metavar="WEEK", help="Count times in these, e.g. 'Mon-Fri 09:00-17:00' of --zone.")
    ] = None,
    holidays: Annotated[list[str] | None, typer.Option(metavar="DATE", help="Closed on these dates.")] = None,
    shape: Shape = "table",
    limit: Limit = 50,
    show: Annotated[bool, typer.Option("--list", help="List every question.")] = False,
) -> None:
    """Ask a question by its Python name: ask --list.

    Each question takes its own options; the others are refused. `ask QUESTION` alone explains it.
    """
    if show:
        _list_questions(shape)
        return
    if question is None:
        raise typer.BadParameter("QUESTION is missing: workbench ask QUESTION LOG")
    asked = question_named(question)
    if source is None:
        _explain(asked, shape)
        return
    given = {"at": at, "since": since, "before": before, "steps": steps, "within": within, "every": every}
    given |= {"machines": machines, "match": match, "text": text, "by": by}
    given |= {"zone": zone} if "zone" in _parameters(asked) or not hours else {}
    of_one = "id" in _parameters(asked)
    if of_one:
        given |= {"type": type, "id": id[-1] if id else None}
    given = {option: value for option, value in given.items() if value not in (None, [])}
    values = arguments(question, asked, given | _others(question, context.args))
    with source.open() as log:
        part = log.of(type, *(id or ())) if type and not of_one else log
        part = part.until(until) if until else part
        part = part.where(where) if where else part
        part = part.business_hours(hours, zone, listed(",".join(holidays or ())) or ()) if hours else part
        relation = asked(part, **values)
        has_time = _ABOUT_A_TIME in _parameters(asked) and "versions" not in values
        answer(relation, shape, limit=limit, caption=when(part, at, shape) if has_time else "")


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
    rows = [(name, _options(question), _summary(question)) for name, question in questions().items()]
    if shape == "json":
        document([{"question": name, "options": options, "about": about} for name, options, about in rows])
    else:
        for name, options, about in rows:
            title(" ".join([name, *options]))
            say(f"    {about}")


def _explain(question: Question, shape: str) -> None:
    name, about = question.__name__, inspect.getdoc(question) or ""
    if shape == "json":
        document({"question": name, "options": _options(question), "about": about})
    else:
        title(" ".join([name, *_options(question)]))
        say(about)


def questions() -> dict[str, Question]:
    """Return every question by its Python name: the public functions of `workbench.metrics` from a log to a table."""
    from workbench import metrics

    found = {name: getattr(metrics, name) for name in metrics.__all__}
    return {
        name: found[name]
        for name in sorted(found)
        if inspect.isfunction(found[name]) and _is_question(inspect.signature(found[name]))
    }


def _is_question(signature: inspect.Signature) -> bool:
    """Tell a question from other functions of a log: it answers with a table."""
    return next(iter(signature.parameters), "") == "log" and "DuckDBPyRelation" in str(signature.return_annotation)


def question_named(name: str) -> Question:
    """Return the question of that name, or say the nearest."""
    known = questions()
    plain = name.replace("-", "_")
    if plain not in known:
        from workbench.cli.app import app

        verbs = {verb.name for verb in app.registered_commands}
        if (verb := plain.replace("_", "")) in verbs:
            raise UnknownNameError(f"{name} is a command of its own: workbench {verb} --help")
        raise UnknownNameError.of("question", name, known)
    return known[plain]


def arguments(name: str, question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a question's parameters from what was written on the command line."""
    taken = _parameters(question)
    for option in given:
        if option not in taken:
            near = nearest(option, taken)
            takes = " ".join(_options(question)) or "no options"
            hint = f"did you mean {_flag(near)}?" if near else f"it takes {takes}"
            raise typer.BadParameter(f"{name} takes no {_flag(option)}: {hint}")
    missing = [option for option, parameter in taken.items() if _required(parameter) and option not in given]
    if missing:
        needed = " and ".join(map(_flag, missing))
        raise typer.BadParameter(f"{name} needs {needed}: workbench ask {name} explains")
    return {option: _value(option, taken[option], value) for option, value in given.items()}


def _value(option: str, parameter: inspect.Parameter, value: Any) -> Any:
    if option == "machines":
        from workbench.machines import read_machines

        return read_machines(present_pattern(str(value)))
    kind = str(parameter.annotation)
    if option == "match" or kind.startswith("Mapping"):
        return paired(value if isinstance(value, list) else listed(value), _flag(option))
    if kind == "By":
        return [key for text in value for key in listed(text) or ()]
    if isinstance(value, list) or "Sequence" in kind or "list" in kind or "tuple" in kind:
        several = value if isinstance(value, list) else [value]
        return list(listed(several[0]) or ()) if len(several) == 1 else several
    if kind.startswith(("int", "float")):
        return _number(option, value, int if kind.startswith("int") else float)
    if kind == "bool" and value not in {"true", "false"}:
        raise typer.BadParameter(f"{_flag(option)} {value!r} is neither true nor false")
    return value == "true" if kind == "bool" else value


def _number(option: str, value: str, kind: type[int | float]) -> float:
    try:
        return kind(value)
    except ValueError as error:
        wanted = "whole number" if kind is int else "number"
        raise typer.BadParameter(f"{_flag(option)} {value!r} is no {wanted}") from error


def present_pattern(path: str) -> str:
    """Return a path to machines that is there, or a glob as it is."""
    from pathlib import Path

    if not any(sign in path for sign in "*?["):
        present(Path(path))
    return path


def _others(name: str, extra: Sequence[str]) -> dict[str, Any]:
    """Read `--name value` and `--name=value` of options that only some questions have."""
    given: dict[str, Any] = {}
    waiting = list(extra)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("--"):
            raise typer.BadParameter(f"{name}: {word!r} stands alone; options are written --name value")
        option, equals, value = word.removeprefix("--").partition("=")
        if not equals:
            value = waiting.pop(0) if waiting and not waiting[0].startswith("--") else "true"
        given[option.replace("-", "_")] = value
    return given


def _parameters(question: Question) -> dict[str, inspect.Parameter]:
    _, *rest = inspect.signature(question).parameters.values()
    return {parameter.name: parameter for parameter in rest if "Reducer" not in str(parameter.annotation)}


def _required(parameter: inspect.Parameter) -> bool:
    return parameter.default is inspect.Parameter.empty


def _options(question: Question) -> list[str]:
    return [_flag(name) if _required(one) else f"[{_flag(name)}]" for name, one in _parameters(question).items()]


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _summary(question: Question) -> str:
    first = inspect.cleandoc(question.__doc__ or "").partition("\n")[0].removeprefix("Return ")
    return first[:1].upper() + first[1:]
