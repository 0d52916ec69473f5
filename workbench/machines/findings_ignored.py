"""Which findings does a comment in their file silence?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from workbench.machines.findings import Finding

_COMMENT = re.compile(
    r"(?:^|\s)#\s*workbench:\s*ignore(-file)?(?![\w-])[:\s]*([A-Za-z]{2}\d{1,3}(?:[,\s]+[A-Za-z]{2}\d{1,3})*)?"
)
_EVERY = ("",)
_WHOLE_FILE = 0

Silenced = dict[int, tuple[str, ...]]


def not_ignored(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that no `# workbench: ignore` comment of their file silences."""
    files: dict[str, Silenced] = {}
    kept = []
    for finding in findings:
        if finding.file not in files:
            files[finding.file] = _of_file(finding.file)
        silenced = files[finding.file]
        codes = (*silenced.get(finding.line, ()), *silenced.get(_WHOLE_FILE, ()))
        if not codes or not finding.code.startswith(codes):
            kept.append(finding)
    return kept


def silenced_lines(text: str) -> Silenced:
    r"""Return for each line the beginnings of the codes silenced there; line 0 stands for the whole file.

    Examples
    --------
    >>> silenced_lines("a: 1 # workbench: ignore SM305, SM4\n# workbench: ignore\nb: 2")
    {1: ('SM305', 'SM4'), 3: ('',)}
    """
    found: Silenced = {}
    if "workbench:" not in text:
        return found
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        comment = _COMMENT.search(line)
        if comment is None:
            continue
        codes = tuple(re.split(r"[,\s]+", comment[2].upper())) if comment[2] else _EVERY
        concerned = _WHOLE_FILE if comment[1] else _line_meant(lines, number)
        found[concerned] = (*found.get(concerned, ()), *codes)
    return found


def _line_meant(lines: list[str], number: int) -> int:
    """Return the line itself, or for a comment of its own the next line that holds more than a comment."""
    if not lines[number - 1].lstrip().startswith("#"):
        return number
    rest = range(number, len(lines))
    return next((n + 1 for n in rest if lines[n].strip() and not lines[n].lstrip().startswith("#")), number)


def _of_file(file: str) -> Silenced:
    try:
        return silenced_lines(Path(file).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}
