"""Each file of cases/ says in comments which codes its own lines deserve; nothing more and nothing less is found."""

import re
from pathlib import Path

import pytest

from workbench.machines import check, read_machines

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
CODES = re.compile(r"SM\d{3}")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_findings_stand_on_the_lines_that_deserve_them(path):
    expected = {
        (number, code)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for code in CODES.findall(line.partition(" #")[2])
    }
    found = {(finding.line, finding.code) for finding in check(read_machines(path, strict=False))}
    assert found == expected


def test_all_cases_of_the_folder_are_read_at_once_and_every_complaint_names_its_file():
    findings = read_machines(Path(__file__).parent / "cases", strict=False).findings
    assert {Path(finding.file).stem for finding in findings} >= {"backslash", "star", "reading", "bindings", "other"}
