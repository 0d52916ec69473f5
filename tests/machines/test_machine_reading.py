"""What a reader does with text: both dialects, YAML 1.2 scalars, and every way a file can be bad."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import MachineError
from workbench.machines import And, Name, Not, Or, read_machines
from workbench.machines.documents import MAX_DEPTH
from workbench.machines.reader import MAX_BYTES, read_text
from workbench.machines.scalars import value_of


def only(text):
    machines = read_text(text)
    assert [f for f in machines.findings if f.severity == "error"] == []
    (machine,) = machines.values()
    return machine


def complaints(text):
    return [(f.line, f.column, f.code, f.message) for f in read_text(text).findings]


# -- the flat dialect ---------------------------------------------------------------------------------------------


def test_flat_machine_is_read_whole():
    machine = only(r"""
name: Order
model: App\Models\Order
initial_state: new
description: an order
config: {event_timeout: 30, enabled: true}
states:
  - new
  - name: paid
    description: Paid in full
    metadata: {color: "#009E73", timeout: 1.5, tags: [a, 1]}
  - {name: gone, final: true}
transitions:
  - name: pay
    from: new
    to: paid
    guard: PaymentConfirmedEvent
    actions: [Reserve, Notify]
  - name: drop
    from: [new, paid]
    to: gone
    action: Release
properties:
  - {never: limbo}
""")
    assert (machine.name, machine.model, machine.field) == ("Order", "App\\Models\\Order", "status")
    assert machine.state_names == ("new", "paid", "gone")
    assert dict(machine.config) == {"event_timeout": 30, "enabled": True}
    assert dict(machine.state("paid").metadata) == {"color": "#009E73", "timeout": 1.5, "tags": ("a", 1)}
    assert [state.final for state in machine.states] == [False, False, True]
    pay, drop = machine.transitions
    assert (pay.guard, pay.actions) == (Name("PaymentConfirmedEvent"), ("Reserve", "Notify"))
    assert (drop.from_states, drop.to_state, drop.actions) == (("new", "paid"), "gone", ("Release",))
    assert [dict(p) for p in machine.properties] == [{"never": "limbo"}]


def test_states_left_out_are_implied_in_the_order_they_are_named():
    machine = only("""
name: Order
initial: new
transitions:
  - {name: ship, from: paid, to: shipped}
  - {name: pay, from: new, to: paid}
""")
    assert machine.state_names == ("new", "paid", "shipped")
    assert all(state.implied for state in machine.states)
    assert machine.model is None
    assert machine.state("shipped").place.line == 5


def test_star_means_every_state_the_target_included():
    machine = only("""
name: Order
initial_state: new
states: [new, paid, gone]
transitions:
  - {name: drop, from: '*', to: gone}
""")
    assert machine.transitions[0].from_states == ("new", "paid", "gone")
    assert machine.transitions[0].wildcard


def test_star_is_a_state_where_it_is_declared_as_one():
    machine = only("""
name: Sky
initial_state: '*'
states: ['*', dark]
transitions: [{name: burn_out, from: '*', to: dark}]
""")
    assert machine.transitions[0].from_states == ("*",)


def test_guard_expressions_nest():
    machine = only("""
name: Order
initial_state: new
transitions:
  - name: pay
    from: new
    to: paid
    guard: {and: [A, {or: [B, {not: C}]}, {not: {and: [D, E]}}]}
""")
    expected = And((Name("A"), Or((Name("B"), Not(Name("C")))), Not(And((Name("D"), Name("E"))))))
    guard = machine.transitions[0].guard
    assert guard == expected
    assert guard.text() == "A and (B or not C) and not (D and E)"
    assert guard.names() == ("A", "B", "C", "D", "E")


def test_null_guards_actions_and_models_are_absent():
    machine = only("""
{"name": "Order", "model": null, "initial": "new", "field": "state", "metadata": {"exported_by": "statecraft"},
 "states": ["new", "paid"],
 "transitions": [{"from": "new", "to": "paid", "guard": null, "action": null}]}
""")
    assert (machine.model, machine.field) == (None, "state")
    assert (machine.transitions[0].guard, machine.transitions[0].actions) == (None, ())


def test_merge_keys_are_written_out_and_own_keys_win():
    machine = only("""
name: Order
initial_state: new
x-defaults: &defaults {guard: IsManager, to: paid}
transitions:
  - {name: pay, from: new, <<: *defaults}
  - {name: drop, from: new, <<: *defaults, to: gone}
""")
    assert [(t.to_state, t.guard.text()) for t in machine.transitions] == [("paid", "IsManager"), ("gone", "IsManager")]


def test_several_documents_of_one_file_are_several_machines():
    machines = read_text("name: A\ninitial_state: x\n---\nname: B\ninitial_state: y\n---\nevent_bindings: []\n")
    assert list(machines) == ["A", "B"]


def test_event_bindings_are_read_beside_machines():
    machines = read_text(r"""
event_bindings:
  - event: App\Events\Paid
    target_models: [App\Models\Order, App\Models\Invoice]
    conditions: ["order.id == invoice.order_id"]
    parallel: true
  - {event: Sent, target_models: Order}
""")
    paid, sent = machines.bindings
    assert (paid.event, paid.parallel, paid.place.line) == ("App\\Events\\Paid", True, 3)
    assert paid.target_models == ("App\\Models\\Order", "App\\Models\\Invoice")
    assert paid.conditions == ("order.id == invoice.order_id",)
    assert (sent.target_models, sent.conditions, sent.parallel) == (("Order",), (), False)


# -- YAML 1.2 -----------------------------------------------------------------------------------------------------


NAMES = ["on", "off", "yes", "no", "NO", "Off", "null", "~", "12:30", "010", "1_000", "2024-01-01", "true", "1e3", "7"]


@pytest.mark.parametrize("name", NAMES)
def test_a_plain_name_is_its_source_text(name):
    machine = only(f"name: Odd\ninitial_state: {name}\ntransitions:\n  - {{name: {name}, from: {name}, to: x}}\n")
    assert (machine.initial, machine.state_names) == (name, (name, "x"))
    assert machine.transitions[0].from_states == (name,)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_yaml_1_1_reads_otherwise_is_noted_once(name):
    text = f"name: Odd\ninitial_state: {name}\nstates: [{name}, x]\n"
    findings = read_text(text).findings
    otherwise = not isinstance(yaml.safe_load(name), str)
    assert [(f.line, f.code, f.severity) for f in findings] == ([(2, "SM003", "info")] if otherwise else [])


def test_the_note_says_what_the_other_reader_would_read():
    (finding,) = read_text("name: Lamp\ninitial_state: on\n").findings
    assert finding.message == "'on' reads as text here; a YAML 1.1 reader would read True: quotes make it sure"
    assert read_text('name: Lamp\ninitial_state: "on"\n').findings == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("1e3", 1000.0),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("-3", -3),
        ("1_000", "1_000"),
        ("true", True),
        ("True", True),
        ("false", False),
        ("null", None),
        ("~", None),
        (".5", 0.5),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_values_are_typed_by_yaml_1_2(text, value):
    read = only(f"name: Odd\ninitial_state: x\nconfig:\n  plain: {text}\n  quoted: '{text}'\n  tagged: !!str {text}\n")
    assert read.config["plain"] == value
    assert type(read.config["plain"]) is type(value)
    assert read.config["quoted"] == read.config["tagged"] == text
    assert value_of(text) == value


# -- complaints ---------------------------------------------------------------------------------------------------


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


# -- bad files ----------------------------------------------------------------------------------------------------


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


# -- anything at all ----------------------------------------------------------------------------------------------

TOKENS = ["name", "initial_state", "states", "transitions", "from", "to", "guard", "and", "not", "event_bindings"]
TOKENS += ["state_machine", ": ", "- ", "\n", "\n  ", "\n    ", "x", "*", "&a ", "*a", "!t ", "<<", "[", "]", "{", "}"]
TOKENS += [", ", '"', "'", "#", "|", ">", "? ", "~", "\t", "%", "@", "---\n", "\\"]


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)))
def test_no_text_breaks_the_reader(text):
    for finding in read_text(text).findings:
        assert finding.line >= 1
        assert finding.column >= 1
        assert finding.message
