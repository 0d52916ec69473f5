"""How is a finding written for a program, or the pull request it concerns?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.machines.findings import Finding

_COMMAND = {"error": "error", "warning": "warning", "info": "notice"}


def plain_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return one mapping a finding, ready for JSON, with the attributes of Finding as keys."""
    rows = []
    for finding in findings:
        row = {name: getattr(finding, name) for name in Finding.__dataclass_fields__}
        rows.append({name: list(value) if isinstance(value, tuple) else value for name, value in row.items()})
    return rows


def github_annotations(findings: Iterable[Finding]) -> list[str]:
    """Return one workflow command a finding; GitHub Actions shows it beside the line it concerns."""
    return [
        f"::{_COMMAND[f.severity]} file={_property(f.file)},line={f.line},col={f.column},"
        f"title={_property(f'{f.code} {f.rule}')}::{_message(f.message)}"
        for f in findings
    ]


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
