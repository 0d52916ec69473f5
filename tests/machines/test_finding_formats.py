"""Findings as data, as annotations, as a frame."""

import json

from workbench.machines import Finding, Findings
from workbench.machines.formats import github_annotations, plain_rows

ERROR = Finding("SM301", "unreachable_state", "error", "Order", "m/a.yaml", 3, 5, "no way to 'x'", ("x",), ("y",))
WARNING = Finding("SM303", "dead_end", "warning", "Order", "m/b,c.yaml", 1, 1, "50%\nstuck \x1b[31m")
NOTE = Finding("SM003", "name_coerced", "info", None, "m/b.yaml", 2, 1, "'on'")
ALL = Findings((ERROR, WARNING, NOTE))


def test_rows_are_json():
    first = json.loads(json.dumps(plain_rows(ALL)))[0]
    assert first == {
        "code": "SM301",
        "rule": "unreachable_state",
        "severity": "error",
        "machine": "Order",
        "file": "m/a.yaml",
        "line": 3,
        "column": 5,
        "message": "no way to 'x'",
        "subjects": ["x"],
        "witness": ["y"],
    }


def test_annotations_escape_what_would_end_them():
    assert github_annotations(ALL) == [
        "::error file=m/a.yaml,line=3,col=5,title=SM301 unreachable_state::no way to 'x'",
        "::warning file=m/b%2Cc.yaml,line=1,col=1,title=SM303 dead_end::50%25%0Astuck \x1b[31m",
        "::notice file=m/b.yaml,line=2,col=1,title=SM003 name_coerced::'on'",
    ]


def test_findings_are_a_sequence_by_severity():
    assert (list(ALL.errors), list(ALL.warnings), list(ALL.infos)) == ([ERROR], [WARNING], [NOTE])
    assert (ALL[0], list(ALL[1:]), len(ALL), NOTE in ALL) == (ERROR, [WARNING, NOTE], 3, True)
    assert ALL.summary() == "1 error, 1 warning, 1 note"
    assert repr(Findings()) == "<Findings: no findings>"


def test_findings_are_selected_by_the_beginning_of_their_code():
    assert list(ALL.selected(["SM3"])) == [ERROR, WARNING]
    assert list(ALL.selected(["SM3"], ignore=["SM303"])) == [ERROR]
    assert list(ALL.selected(ignore=["SM0"])) == [ERROR, WARNING]


def test_frame_has_a_row_a_finding_and_a_column_an_attribute():
    frame = ALL.df()
    assert list(frame["code"]) == ["SM301", "SM303", "SM003"]
    assert list(frame.columns) == list(plain_rows(ALL)[0])
    assert list(Findings().df().columns) == list(frame.columns)
