"""`check` and `rules`: are the declared machines sound, and what is looked at?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from workbench.cli.output import document, say, table, title
from workbench.cli.source import listed, present
from workbench.cli.values import visible
from workbench.errors import UnknownNameError, nearest

if TYPE_CHECKING:
    from workbench.machines import Finding, Machine, Machines
    from workbench.machines.registry import Rule

_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}
_SHAPES = ("text", "json", "github")
_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_COMMAND = {"error": "error", "warning": "warning", "info": "notice"}

Codes = Annotated[str | None, typer.Option(metavar="CODES", help="Rule codes or beginnings of codes, by comma.")]


def check_machines(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Machine files, folders or globs.")],
    *,
    shape: Annotated[str, typer.Option("--format", metavar="text|json|github")] = "text",
    select: Codes = None,
    ignore: Codes = None,
    fail_on: Annotated[
        Literal["error", "warning", "info", "never"],
        typer.Option(help="The least severity that makes the exit code 1."),
    ] = "error",
) -> None:
    """Check machines; one line a finding.

    Unreachable states, dead ends, unknown names: workbench rules lists all that is looked at.
    """
    if shape not in _SHAPES:
        raise typer.BadParameter(_no_shape(shape))
    machines, findings = _read(paths)
    chosen = _chosen(findings, listed(select), listed(ignore))
    if shape == "json":
        document([_object(finding) for finding in chosen])
    elif shape == "github":
        for finding in chosen:
            say(_annotation(finding))
    else:
        _write_text(machines, chosen)
    worst = max((_RANK[finding.severity] for finding in chosen), default=-1)
    if worst >= _RANK[fail_on]:
        raise typer.Exit(1)


def explain_rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="One rule, with examples.")] = None,
    *,
    shape: Annotated[Literal["text", "json"], typer.Option("--format")] = "text",
) -> None:
    """List what is checked, or explain one rule.

    With a correct and an incorrect example.
    """
    from workbench.machines import RULES

    rules = [_rule(RULES[known]) for known in sorted(RULES)]
    if code is not None:
        wanted = [rule for rule in rules if code.casefold() in {rule["code"].casefold(), rule["name"]}]
        if not wanted:
            raise UnknownNameError.of("rule", code, [*RULES, *(rule["name"] for rule in rules)])
        rules = wanted
    if shape == "json":
        document(rules)
    elif code is None:
        table(["code", "severity", "rule"], [[rule["code"], rule["severity"], rule["summary"]] for rule in rules])
    else:
        _write_rule(rules[0])


def _no_shape(shape: str) -> str:
    near = nearest(shape, _SHAPES)
    hint = f"did you mean {near!r}?" if near else f"take {', '.join(_SHAPES[:-1])} or {_SHAPES[-1]}"
    return f"--format {shape} is not written yet: {hint}" if shape == "sarif" else f"no format {shape!r}: {hint}"


def _read(paths: Sequence[Path]) -> tuple[list[Machine], list[Finding]]:
    from workbench.machines import check, read_machines

    read = []
    for path in paths:
        if not any(sign in str(path) for sign in "*?["):
            present(path)
        read.append(read_machines(path, strict=False))
    findings: dict[tuple[Any, ...], Finding] = {}
    for part in _together(read):
        for finding in (*part.findings, *check(part)):
            key = (finding.file, finding.line, finding.column, finding.code, finding.message)
            findings.setdefault(key, finding)
    return [machine for part in read for machine in part.values()], [findings[key] for key in sorted(findings)]


def _together(read: Sequence[Machines]) -> Sequence[Machines]:
    """Return machines from several files as one set, so that bindings find theirs, unless two bear one name."""
    from workbench.machines import Machines

    machines = [machine for part in read for machine in part.values()]
    if len({machine.name for machine in machines}) < len(machines):
        return read
    bindings = [binding for part in read for binding in part.bindings]
    return [Machines(machines, bindings, [finding for part in read for finding in part.findings])]


def _chosen(
    findings: Iterable[Finding], select: tuple[str, ...] | None, ignore: tuple[str, ...] | None
) -> list[Finding]:
    from workbench.machines import RULES

    known = {str(code) for code in RULES}
    for code in (*(select or ()), *(ignore or ())):
        if not any(name.startswith(code.upper()) for name in known):
            raise UnknownNameError.of("rule", code, known)
    wanted = tuple(code.upper() for code in select) if select else ("",)
    unwanted = tuple(code.upper() for code in ignore or ())
    return [f for f in findings if f.code.startswith(wanted) and not (unwanted and f.code.startswith(unwanted))]


def _write_text(machines: Sequence[Machine], findings: Sequence[Finding]) -> None:
    console = Console()
    for finding in findings:
        line = Text(visible(f"{_place(finding)}: "))
        line.append(finding.code, style=_STYLE[finding.severity])
        line.append(visible(f" {finding.message}"))
        console.print(line, soft_wrap=True)
    states = sum(len(machine.states) for machine in machines)
    transitions = sum(len(machine.transitions) for machine in machines)
    say(
        f"{_many(len(machines), 'machine')}, {_many(states, 'state')}, {_many(transitions, 'transition')}: "
        + ", ".join(_tally(findings))
    )


def _tally(findings: Sequence[Finding]) -> list[str]:
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "info")}
    words = [_many(counts["error"], "error"), _many(counts["warning"], "warning")]
    return [*words, f"{counts['info']} for information"] if counts["info"] else words


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _place(finding: Finding) -> str:
    parts = [finding.file, finding.line, finding.column]
    return ":".join(str(part) for part in parts if part is not None)


def _object(finding: Finding) -> dict[str, Any]:
    names = ("code", "rule", "severity", "machine", "file", "line", "column", "message", "subjects", "witness")
    return {name: getattr(finding, name) for name in names}


def _annotation(finding: Finding) -> str:
    """Return the finding as a workflow command of GitHub Actions, which shows it beside the line."""
    message = str(finding.message).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    file = str(finding.file).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    at = f"file={file},line={finding.line or 1},col={finding.column or 1}"
    return visible(f"::{_COMMAND[finding.severity]} {at},title={finding.code}::{message}")


def _rule(rule: Rule) -> dict[str, str]:
    names = ("code", "name", "severity", "summary", "explanation", "incorrect", "correct")
    return {name: getattr(rule, name) for name in names}


def _write_rule(rule: dict[str, str]) -> None:
    title(f"{rule['code']} {rule['name']} ({rule['severity']})")
    say(rule["summary"])
    if rule["explanation"]:
        say(f"\n{rule['explanation']}")
    for kind in ("incorrect", "correct"):
        if rule[kind]:
            say()
            title(f"{kind.capitalize()}:")
            say(indent(rule[kind].rstrip("\n"), "    "))
