"""What is a LOG on the command line, and how is it opened: a stored log, or an export read into memory?"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cards import amount
from workbench.cli.interrupting import stoppable
from workbench.cli.output import note
from workbench.errors import SourceError, nearest

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives.reruns import Profile

_MAGIC = b"DUCK"
_MAGIC_AT = 8

_LOG = "A stored log (.duckdb) or an export file."
_ANY_LOG = "A stored log (.duckdb), an export file or a profile."
MappingOption = Annotated[str, typer.Option("--mapping", metavar="NAME|FILE", help="How an export's columns are read.")]
ZoneOption = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help="Zone of times written without one, e.g. Europe/Paris.")
]
TableOption = Annotated[str | None, typer.Option("--table", metavar="T", help="The table of a dump or a database.")]
FieldOption = Annotated[
    list[str] | None,
    typer.Option("--state-field", metavar="[TYPE=]NAME", help="The attribute that holds the state."),
]
ColumnsOption = Annotated[
    str | None, typer.Option("--columns", metavar="A,B,C", help="Column names of a file without a header.")
]


@dataclass(frozen=True)
class Source:
    """A LOG as it was written on the command line; `how` an export is to be read, as `read_events` takes it."""

    path: Path
    how: Mapping[str, Any]

    @contextmanager
    def open_or_profile(self) -> Iterator[EventLog | Profile]:
        """Give the log, or the profile that was kept of one."""
        from workbench.lives.reruns import read_profile

        if self.is_profile:
            yield read_profile(self.path)
        else:
            with self.open() as log:
                yield log

    @property
    def is_profile(self) -> bool:
        """Tell whether this is a profile, by how the file begins."""
        from workbench.lives.reruns import is_profile

        return is_profile(self.path)

    @contextmanager
    def open(self) -> Iterator[EventLog]:
        """Give the log; what reading an export left out or assumed is said on stderr."""
        from workbench.events import open_log, read_events

        present(self.path)
        if self.is_profile:
            raise SourceError(
                f"{self.path} is a profile: it holds counts of variants, no events and no aggregates; "
                "diff, whatif and conform answer from one, this needs the log"
            )
        stored = is_stored(self.path)
        if stored and (wrong := [name for name, value in self.how.items() if value not in (None, "auto")]):
            option = "--" + wrong[0].replace("_", "-")
            raise typer.BadParameter(f"{option} is for an export; {self.path} is a stored log, already read")
        log = open_log(self.path) if stored else read_events(self.path, **self.how)
        with log, stoppable(log.connection):
            if not stored:
                _say_what_was_read(log)
            yield log


# A verb that takes its log by an option rather than as an argument, and one that a profile answers as well.
SourceOption = Annotated[Source | None, "--log"]
SourceOrProfile = Annotated[Source, _ANY_LOG]


def takes_log(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb's parameter `source` the LOG argument and the options that say how an export is read."""
    own = list(inspect.signature(verb, eval_str=True).parameters.values())
    where = [parameter.name for parameter in own].index("source")
    needed = own[where].default is inspect.Parameter.empty

    def call(**given: Any) -> None:
        how = {parameter.name: given.pop(parameter.name) for parameter in _HOW}
        how["state_field"] = state_field(how["state_field"])
        how["columns"] = separated(how["columns"])
        path = given.pop("log")
        verb(source=None if path is None else Source(path, how), **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [p.replace(kind=keyword) for p in own]
    parameters[where : where + 1] = [_log_parameter(getattr(own[where].annotation, "__metadata__", ()), needed=needed)]
    parameters += _HOW
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {p.name: p.annotation for p in parameters}
    call.__name__, call.__doc__ = verb.__name__, verb.__doc__
    return call


def _log_parameter(told: Sequence[Any], *, needed: bool) -> inspect.Parameter:
    """Return the parameter LOG: an option where its name is told, else an argument, with the help that is told."""
    keyword, kind = inspect.Parameter.KEYWORD_ONLY, Path if needed else Path | None
    said = _ANY_LOG if _ANY_LOG in told else _LOG
    if names := [text for text in told if isinstance(text, str) and text.startswith("--")]:
        option = typer.Option(*names, metavar="LOG", help=_ANY_LOG)
        return inspect.Parameter("log", keyword, default=None, annotation=Annotated[Path | None, option])
    argument = typer.Argument(metavar="LOG", help=said, show_default=False)
    default = inspect.Parameter.empty if needed else None
    return inspect.Parameter("log", keyword, default=default, annotation=Annotated[kind, argument])


_HOW = [
    inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)
    for name, default, option in (
        ("mapping", "auto", MappingOption),
        ("timezone", None, ZoneOption),
        ("table", None, TableOption),
        ("state_field", None, FieldOption),
        ("columns", None, ColumnsOption),
    )
]


def is_stored(path: Path) -> bool:
    """Return whether the file is a database that DuckDB wrote, whatever its name."""
    if not path.is_file():
        return path.suffix == ".duckdb"
    with path.open("rb") as file:
        return file.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC or path.suffix == ".duckdb"


def present(path: Path) -> Path:
    """Return the path, or say which one beside it was probably meant."""
    if path.exists():
        return path
    if path.is_symlink():
        raise SourceError(f"{path} is a link to a file that is not there")
    siblings = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
    near = nearest(path.name, siblings)
    hint = f": did you mean {str(path.parent / near)!r}?" if near else ""
    raise SourceError(f"no such file: {path}{hint}")


def present_pattern(path: str) -> str:
    """Return a path to machines that is there, or a glob as it is."""
    if not any(sign in path for sign in "*?["):
        present(Path(path))
    return path


def state_field(given: Sequence[str] | None) -> list[str] | dict[str, list[str]] | None:
    """Return what `--state-field` says: names for all types, or a map from type to names."""
    if not given:
        return None
    fields: dict[str, list[str]] = {}
    for text in given:
        type_name, equals, names = text.rpartition("=")
        if not equals and len(given) > 1:
            raise typer.BadParameter(f"--state-field {text}: write TYPE={text} when there are several")
        fields.setdefault(type_name, []).extend(separated(names) or ())
    return fields.get("") or fields


def separated(text: str | None) -> tuple[str, ...] | None:
    """Return the names of a comma-separated list."""
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())


def paired(given: Sequence[str] | None, option: str) -> dict[str, str] | None:
    """Return `A=B` options as a map."""
    if not given:
        return None
    pairs = {}
    for text in given:
        left, equals, right = text.partition("=")
        if not (left and equals and right):
            raise typer.BadParameter(f"{option} {text}: write it as A=B")
        pairs[left] = right
    return pairs


def _say_what_was_read(log: EventLog) -> None:
    for source, zone, assumed, read, loaded, duplicate, rejected in log.imports.project(
        "source, zone, zone_assumed, read, loaded, duplicate, rejected"
    ).fetchall():
        parts = [f"{count:,} {what}" for count, what in ((duplicate, "duplicate"), (rejected, "rejected")) if count]
        if assumed:
            parts.append(f"times without a zone read as {zone} (--timezone says otherwise)")
        if parts:
            note(f"{source}: {amount(read, 'row')} read, {loaded:,} loaded, " + ", ".join(parts))
    reasons = "SELECT reason, count(*) FROM rejected GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 5"
    for reason, count in log.sql(reasons).fetchall():
        note(f"  rejected {count:,}: {reason}")
