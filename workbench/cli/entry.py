"""Run one command; whatever goes wrong becomes one line on stderr and an exit code.

0 fine, 1 the answer is bad news or nothing was done, 2 cannot run, 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Collection, Sequence

import typer

from workbench.cli.output import note
from workbench.errors import MachineError, WorkbenchError, did_you_mean, nearest

_INTERRUPTED = 130
_NO_READER = 141
_CHOICES = re.compile(r"'([^']*)' is not one of (.+?)\.?$")
_NAMED = (
    "after|at|before|by|counters|every|factor|field|limits?|loops|machines?|mapping|match|order|since|then|"
    "versions|zone"
)
_AS_WRITTEN_HERE = (  # what a message says in Python
    (re.compile(r"""log\.of\((['"])(.+?)\1\)"""), r"--type \2"),
    (re.compile(r"log\.where\(began_since='(.+?)'\)"), "--where \"first_at >= '\\1'\""),
    (re.compile(r"why_not\(\.\.\., to=(.+?)\)"), r"whynot --to \1"),
    (re.compile(r"what wb\.read_machines returns"), "--machines PATH"),
    (re.compile(rf"\b({_NAMED})=\{{(['\"])(.+?)\2: (['\"])(.+?)\4\}}"), r"--\1 '\3=\5'"),
    (re.compile(rf"\b({_NAMED})=(?=['\"\d])"), r"--\1 "),
    (re.compile(rf"\b({_NAMED})=(?=\W|$)"), r"--\1"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code of one command line (`sys.argv` when none is given)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except (BrokenPipeError, SystemExit):  # rich makes the second of the first
        # The reader has gone; without this the interpreter complains once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NO_READER
    except Exception as error:
        if _was_interrupted(error):
            return _interrupted()
        if os.environ.get("WORKBENCH_TRACEBACK"):
            raise
        for line in sentences(error):
            note(line)
        return 2
    return code


def sentences(error: Exception) -> list[str]:
    """Return what a person reads of an error: one line, and before it one for each complaint about a machine file."""
    if isinstance(error, MachineError):
        places = list(map(str, error.findings))
        first = _first_line(_told(error)).removesuffix(":")
        return places if first in places else [*places, f"workbench: {first}"]
    return [_usage(error) if hasattr(error, "format_message") else f"workbench: {_told(error)}"]


def _told(error: Exception) -> str:
    if isinstance(error, WorkbenchError):
        return _as_options(str(error))
    if type(error).__module__.split(".")[0] in {"duckdb", "_duckdb"}:
        return _database(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    if isinstance(error, OSError):
        return _system(error)
    said = f"{type(error).__name__}: {_first_line(str(error))}"
    return f"this should not have happened ({said}); please report it (WORKBENCH_TRACEBACK=1 shows where)"


def _run(arguments: list[str]) -> int:
    from workbench.cli.app import app

    _check_text(arguments)
    command = typer.main.get_command(app)
    try:
        # Not `command.main`: it would turn Ctrl-C and a closed pipe into exits of its own.
        with command.make_context("workbench", arguments) as context:
            command.invoke(context)
    except typer.Exit as done:
        return int(done.exit_code)
    return 0


def _check_text(arguments: Sequence[str]) -> None:
    for word in arguments:
        try:
            word.encode()
        except UnicodeEncodeError as error:
            raise WorkbenchError(f"the argument {word!r} is not UTF-8: rename a file of such a name") from error


def _usage(error: Exception) -> str:
    """Return a wrong call in one line: the command, what is wrong, the nearest right name."""
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "workbench"
    text = " ".join(error.format_message().split())  # type: ignore[attr-defined]
    parameter = getattr(error, "param", None)
    name = parameter.opts[0] if parameter is not None and parameter.opts else ""
    if parameter is not None and type(error).__name__ == "MissingParameter":
        label = name if name.startswith("-") else str(parameter.metavar or name.upper())
        return f"{where}: {label} is missing ({where} --help says more)"
    text = re.sub(r"^(?:Invalid value(?: for .+?)?: |Value error, )+", "", text).split(", unable to")[0]
    text = re.sub(r"\. (Did you mean )", lambda found: f": {found[1].lower()}", text)
    if (verb := re.match(r"no such command '(\w+)'", text, re.IGNORECASE)) and verb[1] in _questions():
        return f"{where}: {verb[1]} is a question: workbench ask {verb[1]} LOG"
    text = text.removesuffix(".")
    if choice := _CHOICES.search(text):
        text = text.rstrip(".") + did_you_mean(choice[1], re.findall(r"'([^']*)'", choice[2]))
    if (option := getattr(error, "option_name", None)) and type(error).__name__ == "NoSuchOption":
        near = nearest(option, [o for p in context.command.params for o in p.opts]) if context else None
        text = f"no such option {option}" + (f": did you mean {near}?" if near else "")
    if name.startswith("-") and name not in text:
        text = f"{name}: {text}"
    text = text[0].lower() + text[1:] if text[:2].istitle() else text
    return f"{where}: {text}" + ("" if text.endswith("?") else f" ({where} --help says more)")


def _questions() -> Collection[str]:
    from workbench.metrics.named import questions

    return questions()


def _as_options(text: str) -> str:
    for call, option in _AS_WRITTEN_HERE:
        text = call.sub(option, text)
    return text


def _database(error: Exception) -> str:
    from workbench.sql import complaint

    text = str(error)
    kind = type(error).__name__
    if kind == "OutOfMemoryException":
        return "the memory limit is too small for this: ask about fewer aggregates or a shorter time"
    if "No space left" in text or "disk full" in text.lower():
        return "the disk is full; nothing was changed"
    return f"DuckDB cannot run this: {complaint(error)}"


def _system(error: OSError) -> str:
    name = error.filename if error.filename is not None else ""
    if isinstance(name, bytes):
        name = os.fsdecode(name)
    said = {
        errno.ENOENT: f"no such file: {name}",
        errno.EACCES: f"no permission for {name}",
        errno.EPERM: f"no permission for {name}",
        errno.EROFS: f"{name or 'the folder'} is read-only",
        errno.ENOSPC: "the disk is full; nothing was changed",
        errno.EDQUOT: "the disk quota is used up; nothing was changed",
        errno.EISDIR: f"{name} is a folder, not a file",
        errno.ENOTDIR: f"{name} is not in a folder",
        errno.EMFILE: "too many files are open",
    }
    return said.get(error.errno or 0, f"{name}: {error.strerror}" if name else str(error.strerror or error))


def _was_interrupted(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, KeyboardInterrupt) or type(seen).__name__ == "InterruptException":
            return True
        if isinstance(seen, RuntimeError) and "interrupt" in str(seen).lower():
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _interrupted() -> int:
    note("workbench: interrupted; nothing was changed")
    return _INTERRUPTED


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0]
