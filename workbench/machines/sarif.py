"""How do findings reach tools that read SARIF 2.1.0, such as code scanning and editors?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from workbench.machines.baseline import fingerprint, relative
from workbench.machines.findings import Finding, listed
from workbench.machines.rules import RULES, Rule

_LEVEL = {"error": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_log(findings: Iterable[Finding], *, version: str, folder: str | Path = ".") -> dict[str, Any]:
    """Return a SARIF 2.1.0 log of one run: every rule, and a result for each finding.

    Parameters
    ----------
    findings
        What a check found.
    version
        The version of the workbench.
    folder
        Files below it are named from here; others by their whole path.

    Returns
    -------
    dict
        Ready for JSON. Columns count Unicode code points; lines and columns begin with 1.
    """
    codes = list(RULES)
    index = {code: place for place, code in enumerate(codes)}
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "workbench",
                        "semanticVersion": version,
                        "rules": [_rule(RULES[code]) for code in codes],
                    },
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, index[finding.code], folder) for finding in findings],
            },
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    examples = [("Log", rule.log), ("Incorrect", rule.incorrect), ("Correct", rule.correct)]
    shown = "\n".join(f"{title}:\n\n```yaml\n{text}```\n" for title, text in examples if text)
    plain = rule.explanation or rule.summary
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("_")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": plain},
        "help": {"text": plain, "markdown": f"{plain}\n\n{shown}"},
        "defaultConfiguration": {"level": _LEVEL[rule.severity]},
    }


def _result(finding: Finding, index: int, folder: str | Path) -> dict[str, Any]:
    said = finding.message + (f" [{listed(finding.witness)}]" if finding.witness else "")
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(finding.file, folder)},
            "region": {"startLine": max(1, finding.line), "startColumn": max(1, finding.column)},
        },
    }
    if finding.machine:
        location["logicalLocations"] = [{"name": finding.machine, "kind": "module"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVEL[finding.severity],
        "message": {"text": said},
        "locations": [location],
        "partialFingerprints": {"workbench/v1": fingerprint(finding, folder)},
        "properties": {"subjects": list(finding.subjects), "witness": list(finding.witness)},
    }


def _uri(file: str, folder: str | Path) -> str:
    path = relative(file, folder)
    return Path(file).resolve().as_uri() if path.startswith("../") or Path(path).is_absolute() else quote(path)
