"""`check` and `rules`: are the declared machines sound, and what is looked at?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.console import Console
from rich.text import Text

from workbench.cards import amount, visible
from workbench.cli.judging import no_machine_matched
from workbench.cli.options import Match, Told
from workbench.cli.output import document, say, table, title
from workbench.cli.source import Source, SourceOption, paired, present, present_pattern, separated, takes_log
from workbench.cli.suggesting import suggest_completions
from workbench.errors import UnknownNameError
from workbench.writing import check_writable

if TYPE_CHECKING:
    from workbench.machines import Finding, Machine, Machines
    from workbench.machines.history import History
    from workbench.machines.registry import Rule
    from workbench.machines.settings import Settings

_RANK = {"info": 0, "warning": 1, "error": 2, "never": 3}
_STYLE = {"error": "bold red", "warning": "yellow", "info": "cyan"}

Codes = Annotated[str | None, typer.Option(metavar="CODES", help="Rule codes or beginnings of codes, by comma.")]


@takes_log
def check_machines(
    *,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Machine files, folders or globs.")],
    source: SourceOption = None,
    match: Match = None,
    shape: Annotated[Literal["text", "json", "sarif", "github"], typer.Option("--format")] = "text",
    select: Codes = None,
    ignore: Codes = None,
    fail_on: Annotated[
        Literal["error", "warning", "info", "never"] | None,
        typer.Option(help="The least severity that makes the exit code 1; error, unless the settings say otherwise."),
    ] = None,
    profile: Annotated[
        Literal["wiki", "package"] | None,
        typer.Option(help="Who chooses a transition: its name (wiki) or the state asked for (package)."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Findings known before, not told again.")
    ] = None,
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help="Write all findings to it instead.")] = False,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings; else workbench.yaml or pyproject.toml, here or above."),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print a patch that adds what seems to be missing, instead of findings.")
    ] = False,
) -> None:
    """Check machines; one line a finding.

    Unreachable states, dead ends, unknown names, guards that never pass: workbench rules lists all that is looked
    at. A comment "# workbench: ignore SM305" silences a rule on its line. With --log also what the log does not bear
    out: states never visited, transitions never used, moves no transition allows.
    """
    if suggest:
        if source is not None:
            raise typer.BadParameter(
                "--suggest looks at machines alone: leave out --log, or leave out --suggest to check it"
            )
        suggest_completions(paths, shape)
        return
    asked = (_codes(separated(select)), _codes(separated(ignore)))
    settings = _settings(config, *asked, fail_on=fail_on, profile=profile, baseline=baseline)
    machines, findings = _read(paths, settings, source, paired(match, "--match"))
    if write_baseline:
        _write_baseline(settings, findings, {*(one.path for one in machines), *(one.file for one in findings)}, shape)
        return
    fresh = _fresh(settings, findings)
    if shape == "text":
        _write_text(machines, fresh, known=len(findings) - len(fresh))
    else:
        _write_for_programs(shape, fresh)
    worst = max((_RANK[finding.severity] for finding in fresh), default=-1)
    if worst >= _RANK[settings.fail_on]:
        raise typer.Exit(1)


def explain_rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="One rule, with examples.")] = None,
    *,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of machine files.")] = False,
    shape: Told = "text",
) -> None:
    """List what is checked, or explain one rule.

    With a correct and an incorrect example.
    """
    from workbench.machines import RULES

    if schema:
        _write_schema()
        return
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


def _settings(
    config: Path | None, select: tuple[str, ...], ignore: tuple[str, ...], *, baseline: Path | None, **given: Any
) -> Settings:
    """Return the settings of the file, and over them what the command line says."""
    from workbench.machines.settings import Settings
    from workbench.machines.settings_files import find_settings, read_settings

    file = present(config) if config else find_settings()
    settings = read_settings(file) if file else Settings()
    said = {name: value for name, value in given.items() if value is not None}
    if baseline is not None:
        said["baseline"] = str(baseline)
    return replace(settings, select=select or settings.select, ignore=(*settings.ignore, *ignore), **said)


def _codes(given: tuple[str, ...] | None) -> tuple[str, ...]:
    from workbench.machines import RULES

    codes = tuple(code.upper() for code in given or ())
    for code in codes:
        if not any(name.startswith(code) for name in RULES):
            raise UnknownNameError.of("rule", code, RULES)
    return codes


def _read(
    paths: Sequence[Path], settings: Settings, source: Source | None, match: dict[str, str] | None
) -> tuple[list[Machine], list[Finding]]:
    from workbench.machines import check, read_machines
    from workbench.machines.findings import in_reading_order

    together = _together([read_machines(present_pattern(str(path)), strict=False) for path in paths])
    told = _history(together, source, match)
    findings = in_reading_order(
        finding for part, history in zip(together, told, strict=True) for finding in check(part, settings, history)
    )
    return [machine for part in together for machine in part.values()], list(findings)


def _history(
    parts: Sequence[Machines], source: Source | None, match: dict[str, str] | None
) -> list[Mapping[str, History]]:
    """Return what the log says about the machines of each part; nothing without a log, which DuckDB reads."""
    if source is None:
        if match:
            raise typer.BadParameter("--match is for a log: --log LOG")
        return [{} for _ in parts]
    from workbench.metrics.rules.machine_history import history_of

    with source.open() as log:
        told = [history_of(log, part, match) for part in parts]
        if not any(told):
            raise no_machine_matched(log, "the files have", (name for part in parts for name in part))
    return list(told)


def _together(read: Sequence[Machines]) -> Sequence[Machines]:
    """Return machines from several files as one set, so that bindings find theirs, unless two bear one name."""
    from workbench.machines import Machines

    machines = [machine for part in read for machine in part.values()]
    if len({machine.name for machine in machines}) < len(machines):
        return read
    bindings = [binding for part in read for binding in part.bindings]
    return [Machines(machines, bindings, [finding for part in read for finding in part.findings])]


def _fresh(settings: Settings, findings: Sequence[Finding]) -> Sequence[Finding]:
    from workbench.machines.baseline import unknown_to_baseline

    return unknown_to_baseline(settings.baseline, findings) if settings.baseline else findings


def _write_baseline(settings: Settings, findings: Sequence[Finding], read: set[str], shape: str) -> None:
    from workbench.machines.baseline import write_baseline

    if not settings.baseline:
        raise typer.BadParameter("--write-baseline needs --baseline FILE, or `baseline` in the settings")
    check_writable(settings.baseline, *read)
    count = write_baseline(settings.baseline, findings)
    if shape != "text":
        document({"findings": count, "baseline": settings.baseline})
        return
    say(f"{amount(count, 'finding')} written to {settings.baseline}; `check --baseline` tells only what is new")


def _write_for_programs(shape: str, findings: Sequence[Finding]) -> None:
    from workbench.machines.formats import github_annotations, plain_rows

    if shape == "sarif":
        from workbench import __version__
        from workbench.machines.sarif import sarif_log

        document(sarif_log(findings, version=__version__))
    elif shape == "json":
        document(plain_rows(findings))
    else:
        for line in github_annotations(findings):
            say(visible(line))


def _write_text(machines: Sequence[Machine], findings: Sequence[Finding], *, known: int) -> None:
    console = Console()
    for finding in findings:
        line = Text(visible(f"{finding.place}: "))
        line.append(finding.code, style=_STYLE[finding.severity])
        line.append(visible(f" {finding.message}"))
        console.print(line, soft_wrap=True)
    states = sum(len(machine.states) for machine in machines)
    transitions = sum(len(machine.transitions) for machine in machines)
    say(
        f"{amount(len(machines), 'machine')}, {amount(states, 'state')}, {amount(transitions, 'transition')}: "
        + ", ".join([*_tally(findings), *([f"{known:,} known before"] if known else [])])
    )


def _tally(findings: Sequence[Finding]) -> list[str]:
    counts = {severity: sum(f.severity == severity for f in findings) for severity in ("error", "warning", "info")}
    words = [amount(counts["error"], "error"), amount(counts["warning"], "warning")]
    return [*words, f"{counts['info']} for information"] if counts["info"] else words


def _rule(rule: Rule) -> dict[str, str]:
    names = ("code", "name", "severity", "summary", "explanation", "settings", "log", "incorrect", "correct")
    return {name: getattr(rule, name) for name in names}


def _write_rule(rule: dict[str, str]) -> None:
    title(f"{rule['code']} {rule['name']} ({rule['severity']})")
    say(rule["summary"])
    if rule["explanation"]:
        say(f"\n{rule['explanation']}")
    for kind in ("settings", "log", "incorrect", "correct"):
        if rule[kind]:
            say()
            title(f"{kind.capitalize()}:")
            say(indent(rule[kind].rstrip("\n"), "    "))


def _write_schema() -> None:
    from workbench.machines.file_schema import machine_schema

    document(machine_schema())
