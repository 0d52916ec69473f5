"""Names and values are read as YAML 1.2 has them."""

import pytest
import yaml
from read_machine import only

from workbench.machines.reader import read_text
from workbench.machines.scalars import value_of

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
