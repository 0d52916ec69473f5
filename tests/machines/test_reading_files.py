"""A machine file that is bad, hostile or missing is one sentence; no text breaks the reader."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from read_machine import complaints

from workbench.errors import MachineError
from workbench.machines import read_machines
from workbench.machines.documents import MAX_DEPTH
from workbench.machines.reader import MAX_BYTES, read_text


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"", 1, "the file is empty"),
        (b"# only a comment\n", 1, "the file is empty"),
        (b"name: A\nmodel: caf\xe9\n", 2, "not UTF-8: byte 0xE9"),
        ("name: A\n".encode("utf-16"), 1, "UTF-16, not UTF-8"),
        (b"name: A\nmodel: B\x00C\n", 2, "U+0000"),
        (b"- a\n- b\n", 1, "neither a machine nor event bindings"),
        (b"just text\n", 1, "neither a machine nor event bindings"),
        (b"name: A\n  bad: b\n", 2, "quotes"),
        (b'a: "\\UFFFFFFFF"\n', 1, "out of range"),
        (b'name: A\nmodel: "\\ud800"\n', 2, "half of a character"),
        (b"x" * (MAX_BYTES + 1), 1, "larger than 5 MB"),
        (b"a: &x [*x]\n", 1, "never ends"),
        (b"state_machine: nothing\n", 1, "must hold the keys of a machine"),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path, content, line, says):
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(MachineError) as raised:
        read_machines(path)
    (finding,) = raised.value.findings
    assert finding.line == line
    assert says in finding.message
    assert "\n" not in str(raised.value)


def test_byte_order_mark_and_crlf_are_no_fault(tmp_path):
    path = tmp_path / "windows.yaml"
    path.write_bytes("\ufeffname: A\r\ninitial_state: x\r\nstaets: [x]\r\n".encode())
    (finding,) = read_machines(path, strict=False).findings
    assert (finding.line, finding.column, finding.code) == (3, 1, "SM005")


def test_alias_bomb_is_refused_at_once():
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    ((_, _, code, message),) = complaints("\n".join(["a0: &a0 [lol]", *levels, "name: A"]))
    assert code == "SM001"
    assert "1,000,000 values" in message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused(opening):
    ((_, _, code, message),) = complaints(opening * 20_000)
    assert code == "SM001"
    assert f"more than {MAX_DEPTH} levels" in message


def test_nesting_by_aliases_is_refused():
    levels = [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2000)]
    ((_, _, code, message),) = complaints("\n".join(["a0: &a0 [x]", *levels]))
    assert code == "SM001"
    assert "levels" in message


def test_missing_file_says_the_nearest_name(tmp_path):
    (tmp_path / "order.yaml").write_text("name: A\ninitial_state: x\n")
    with pytest.raises(MachineError, match=r"no file or folder '.*ordr\.yaml': did you mean '.*order\.yaml'\?"):
        read_machines(tmp_path / "ordr.yaml")


def test_hidden_files_of_a_folder_are_not_read_and_an_empty_path_is_no_folder(tmp_path):
    (tmp_path / ".pre-commit-hooks.yaml").write_text("- id: check\n", encoding="utf-8")
    (tmp_path / "door.yaml").write_text("name: Door\ninitial_state: shut\nstates: [shut]\n", encoding="utf-8")
    assert list(read_machines(tmp_path)) == ["Door"]
    with pytest.raises(MachineError, match="an empty path names no file"):
        read_machines("")


def test_folder_without_machines_says_where_some_are(tmp_path):
    with pytest.raises(MachineError, match="holds no machine: no file there ends in"):
        read_machines(tmp_path)
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / "a.yaml").write_text("name: A\ninitial_state: x\n")
    with pytest.raises(MachineError, match="subfolders are not read, 'drafts' holds some"):
        read_machines(tmp_path)


def test_pattern_without_a_match_is_said():
    with pytest.raises(MachineError, match="no file matches the pattern 'nowhere/x"):
        read_machines("nowhere/x*.yaml")


def test_file_that_may_not_be_read_is_a_finding(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("name: A\ninitial_state: x\n")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MachineError, match=r"a\.yaml:1:1: SM001 the file cannot be read: Permission denied"):
        read_machines(tmp_path)


def test_files_folders_and_patterns_may_be_given_together_each_file_once(tmp_path):
    for name in ("A", "B", "C"):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\ninitial_state: x\n")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "D.yaml").write_text("name: D\ninitial_state: x\n")
    assert list(read_machines(tmp_path)) == ["A", "B", "C"]
    assert list(read_machines(str(tmp_path / "[AB]*"))) == ["A", "B"]
    assert list(read_machines(str(tmp_path / "**" / "*.yaml"))) == ["A", "B", "C", "D"]
    assert list(read_machines([tmp_path / "C.yaml", tmp_path])) == ["C", "A", "B"]


TOKENS = ["name", "initial_state", "states", "transitions", "from", "to", "guard", "and", "not", "event_bindings"]
TOKENS += ["state_machine", ": ", "- ", "\n", "\n  ", "\n    ", "x", "*", "&a ", "*a", "!t ", "<<", "[", "]", "{", "}"]
TOKENS += [", ", '"', "'", "#", "|", ">", "? ", "~", "\t", "%", "@", "---\n", "\\"]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)))
def test_no_text_breaks_the_reader(text):
    for finding in read_text(text).findings:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.message
