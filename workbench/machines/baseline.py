"""Which findings were there before the checker was? They are kept in a file and not told again."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.machines.findings import Finding, Findings
from workbench.writing import write_text

_VERSION = 1


def fingerprint(finding: Finding, folder: str | Path = ".") -> str:
    """Return what stays the same of a finding when lines move: code, file, machine and subjects, as 16 digits.

    Parameters
    ----------
    finding
        One finding of a check.
    folder
        The file's path counts from here, so that another checkout gives the same.
    """
    told = [finding.code, relative(finding.file, folder), finding.machine, list(finding.subjects)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def relative(file: str, folder: str | Path = ".") -> str:
    """Return a file's path from a folder, with slashes; absolute where it lies on another drive."""
    try:
        return Path(os.path.relpath(file, folder)).as_posix()
    except ValueError:
        return Path(file).resolve().as_posix()


def write_baseline(file: str | Path, findings: Iterable[Finding]) -> int:
    """Write the findings down as known, one a line and in order, and return how many they are.

    Raises
    ------
    SourceError
        When the file cannot be written.
    """
    folder = Path(file).resolve().parent
    entries: dict[str, dict[str, object]] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        mark = fingerprint(finding, folder)
        counts[mark] += 1
        told = {"code": finding.code, "file": relative(finding.file, folder), "machine": finding.machine}
        entries[mark] = {"fingerprint": mark, "count": counts[mark], **told, "subjects": list(finding.subjects)}
    lines = [json.dumps(entry, ensure_ascii=False) for entry in sorted(entries.values(), key=_order)]
    known = ",\n".join(f"    {line}" for line in lines)
    text = f'{{\n  "version": {_VERSION},\n  "findings": [\n{known}\n  ]\n}}\n'
    write_text(file, text)
    return sum(counts.values())


def unknown_to_baseline(file: str | Path, findings: Iterable[Finding]) -> Findings:
    """Return the findings that a baseline does not hold; where it holds one of two alike, the first is known.

    Raises
    ------
    WorkbenchError
        When the file is not there or no baseline.
    """
    known, folder = _read(Path(file)), Path(file).resolve().parent
    fresh = []
    for finding in findings:
        mark = fingerprint(finding, folder)
        if known[mark] > 0:
            known[mark] -= 1
        else:
            fresh.append(finding)
    return Findings(tuple(fresh))


def _order(entry: dict[str, object]) -> tuple[str, ...]:
    return (str(entry["file"]), str(entry["code"]), str(entry["subjects"]), str(entry["fingerprint"]))


def _read(file: Path) -> Counter[str]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        if told["version"] != _VERSION:
            raise WorkbenchError(f"{file}: this baseline is of version {told['version']!r}, expected {_VERSION}")
        return Counter({str(entry["fingerprint"]): int(entry["count"]) for entry in told["findings"]})
    except FileNotFoundError as error:
        raise WorkbenchError(f"{file}: no such baseline; --write-baseline writes one") from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise WorkbenchError(f"{file}: this is no baseline; --write-baseline writes one") from error
