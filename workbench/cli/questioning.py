"""How is a question asked on the command line: its options, and the part of the log it is asked of?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.source import paired, present_pattern, separated
from workbench.errors import nearest

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.metrics.named import Question


@dataclass(frozen=True)
class Asking:
    """What was written for a question, option by option."""

    given: Mapping[str, Any]

    @property
    def at(self) -> str | None:
        """Return the instant asked for."""
        at: str | None = self.given["at"]
        return at

    def values(self, name: str, question: Question, extra: Sequence[str]) -> dict[str, Any]:
        """Return the values that a question takes; `extra` is what only some questions have."""
        own = {option: self.given[option] for option in _OF_QUESTIONS}
        if self.given["hours"] and "zone" not in parameters(question):
            own.pop("zone")
        if _of_one(question):
            own |= {"type": self.given["type"], "id": self.given["id"][-1] if self.given["id"] else None}
        own = {option: value for option, value in own.items() if value not in (None, [])}
        return arguments(name, question, own | _others(name, extra))

    def part(self, log: EventLog, question: Question) -> EventLog:
        """Return the part of the log that is asked, its times in the hours asked for."""
        type, ids, hours = (self.given[option] for option in ("type", "id", "hours"))
        part = log.of(type, *(ids or ())) if type is not None and not _of_one(question) else log
        part = part.until(self.given["until"]) if self.given["until"] is not None else part
        part = part.where(self.given["where"]) if self.given["where"] is not None else part
        holidays = separated(",".join(self.given["holidays"] or ())) or ()
        return part.business_hours(hours, self.given["zone"], holidays) if hours is not None else part


def _options_of_questions(  # the options themselves, in the order of the help
    *,
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
) -> None: ...


_OPTIONS = list(inspect.signature(_options_of_questions, eval_str=True).parameters.values())
_OF_PARTS = {"type", "id", "until", "where", "hours", "holidays"}
_OF_QUESTIONS = tuple(one.name for one in _OPTIONS if one.name not in _OF_PARTS)


def takes_question(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb's parameter `asking` the options of questions and of parts of a log."""
    own = list(inspect.signature(verb, eval_str=True).parameters.values())
    where = [parameter.name for parameter in own].index("asking")

    def call(**given: Any) -> None:
        asked = {option.name: given.pop(option.name) for option in _OPTIONS}
        verb(asking=Asking(asked), **given)

    taken = [*own[:where], *_OPTIONS, *own[where + 1 :]]
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in taken]
    )
    call.__annotations__ = {one.name: one.annotation for one in taken}
    call.__name__, call.__doc__ = verb.__name__, verb.__doc__
    return call


def _of_one(question: Question) -> bool:
    return "id" in parameters(question)


def arguments(name: str, question: Question, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a question's parameters from what was written on the command line."""
    taken = parameters(question)
    for option in given:
        if option not in taken:
            near = nearest(option, taken)
            takes = " ".join(options(question)) or "no options"
            hint = f"did you mean {flag(near)}?" if near else f"it takes {takes}"
            raise typer.BadParameter(f"{name} takes no {flag(option)}: {hint}")
    missing = [option for option, parameter in taken.items() if required(parameter) and option not in given]
    if missing:
        needed = " and ".join(map(flag, missing))
        raise typer.BadParameter(f"{name} needs {needed}: workbench ask {name} explains")
    return {option: _value(option, taken[option], value) for option, value in given.items()}


def _value(option: str, parameter: inspect.Parameter, value: Any) -> Any:
    if option == "machines":
        from workbench.machines import read_machines

        return read_machines(present_pattern(str(value)))
    kind = str(parameter.annotation)
    if option == "match" or kind.startswith("Mapping"):
        return paired(value if isinstance(value, list) else separated(value), flag(option))
    if kind == "By":
        return [key for text in value for key in separated(text) or ()]
    if isinstance(value, list) or "Sequence" in kind or "list" in kind or "tuple" in kind:
        several = value if isinstance(value, list) else [value]
        return list(separated(several[0]) or ()) if len(several) == 1 else several
    if kind.startswith(("int", "float")):
        return _number(option, value, int if kind.startswith("int") else float)
    if kind == "bool" and value not in {"true", "false"}:
        raise typer.BadParameter(f"{flag(option)} {value!r} is neither true nor false")
    return value == "true" if kind == "bool" else value


def _number(option: str, value: str, kind: type[int | float]) -> float:
    try:
        return kind(value)
    except ValueError as error:
        wanted = "whole number" if kind is int else "number"
        raise typer.BadParameter(f"{flag(option)} {value!r} is no {wanted}") from error


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


def parameters(question: Question) -> dict[str, inspect.Parameter]:
    """Return what a question takes besides the log, by name."""
    _, *rest = inspect.signature(question).parameters.values()
    return {parameter.name: parameter for parameter in rest if "Reducer" not in str(parameter.annotation)}


def required(parameter: inspect.Parameter) -> bool:
    """Tell whether an option cannot be left out."""
    return parameter.default is inspect.Parameter.empty


def options(question: Question) -> list[str]:
    """Return the options of a question as they are written, those that can be left out in brackets."""
    return [flag(name) if required(one) else f"[{flag(name)}]" for name, one in parameters(question).items()]


def flag(name: str) -> str:
    """Return an option as it is written."""
    return "--" + name.replace("_", "-")
