"""What is wrong in a machine file is said with its place and the nearest right name."""

import pytest
from read_machine import complaints

from workbench.errors import MachineError
from workbench.machines import read_machines
from workbench.machines.reader import read_text


def test_unknown_key_says_the_nearest_right_one_and_its_place():
    text = "name: A\ninitial_state: x\ntransitions:\n  - name: go\n    from: x\n    to: y\n    gaurd: G\n"
    assert complaints(text) == [(7, 5, "SM005", "unknown key 'gaurd' of a transition: did you mean 'guard'?")]


def test_key_near_to_none_is_a_warning_that_lists_the_known():
    (finding,) = read_text("name: A\ninitial_state: x\ncolour_scheme: dark\n").findings
    assert (finding.severity, finding.code) == ("warning", "SM005")
    assert "known are name, model, initial_state" in finding.message


def test_duplicate_key_names_both_lines():
    assert complaints("name: A\ninitial_state: x\nname: B\n") == [
        (3, 1, "SM002", "the key 'name' stands here for the second time, first in line 1")
    ]


def test_double_quoted_backslash_gets_the_hint_to_drop_the_quotes():
    ((line, _, code, message),) = complaints('name: A\nmodel: "App\\Models\\Order"\n')
    assert (line, code) == (2, "SM001")
    assert r"write App\Models\Order without quotes" in message


@pytest.mark.parametrize("star", ["*", "*any"])
def test_unquoted_star_gets_the_hint_to_quote_it(star):
    ((line, _, code, message),) = complaints(f"name: A\ntransitions:\n  - from: {star}\n    to: x\n")
    assert (line, code) == (3, "SM001")
    assert "write '*' in quotes" in message


def test_unquoted_colour_is_seen_to_be_a_comment():
    text = "name: A\ninitial_state: x\nstates:\n  - name: x\n    metadata:\n      color: #DC2626\n"
    ((line, column, code, message),) = complaints(text)
    assert (line, column, code) == (6, 7, "SM004")
    assert message.endswith("an unquoted # begins a comment, write '#DC2626' in quotes")


def test_tab_gets_the_hint_to_use_spaces():
    ((line, _, code, message),) = complaints("name: A\nstates:\n\t- x\n")
    assert (line, code) == (3, "SM001")
    assert "indent by spaces" in message


def test_unknown_tag_is_kept_as_text_with_a_warning():
    machines = read_text("name: A\ninitial_state: x\nconfig:\n  level: !php/const Level::HIGH\n  n: !!binary 12\n")
    assert dict(machines["A"].config) == {"level": "Level::HIGH", "n": "12"}
    assert [(f.line, f.code, f.severity) for f in machines.findings] == [
        (4, "SM008", "warning"),
        (5, "SM008", "warning"),
    ]


def test_strict_reading_raises_all_complaints_of_a_folder_at_once(tmp_path):
    (tmp_path / "a.yaml").write_text("name: A\ninitial_state: x\nstaets: [x]\n")
    (tmp_path / "b.yml").write_text("name: B\ninitial_state: y\ntransitions:\n  - {from: y, too: y}\n")
    (tmp_path / "c.yaml").write_text("name: C\ninitial_state: [\n")
    (tmp_path / "d.yaml").write_text("name: D\ninitial_state: z\n")
    with pytest.raises(MachineError) as raised:
        read_machines(tmp_path)
    assert {(f.file[-6:], f.line, f.code) for f in raised.value.findings} == {
        ("a.yaml", 3, "SM005"),
        ("/b.yml", 4, "SM004"),
        ("/b.yml", 4, "SM005"),
        ("c.yaml", 3, "SM001"),
    }
    assert str(raised.value).startswith("4 errors in the machine files:\n")
    lenient = read_machines(tmp_path, strict=False)
    assert list(lenient) == ["A", "B", "D"]
    assert lenient.findings == raised.value.findings


def test_one_complaint_is_one_line(tmp_path):
    path = tmp_path / "a.yaml"
    path.write_text("name: A\ninitial_state: x\nstaets: [x]\n")
    with pytest.raises(MachineError) as raised:
        read_machines(path)
    assert str(raised.value) == f"{path}:3:1: SM005 unknown key 'staets' of a machine: did you mean 'states'?"


def test_two_machines_of_one_name_are_an_error_that_names_both_places(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("name: Same\ninitial_state: x\n")
    with pytest.raises(MachineError) as raised:
        read_machines(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'b.yaml'}:1:1: SM006")
    assert str(tmp_path / "a.yaml") in str(raised.value)
