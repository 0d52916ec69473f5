"""The JSON Schema of machine files: what the reader takes without a complaint fits, and most of what it refuses not."""

import json
from pathlib import Path

import pytest
import yaml

from workbench.machines import RULES, read_machines
from workbench.machines.dialects import BINDING_KEYS, FLAT, PACKAGE
from workbench.machines.file_schema import machine_schema

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with JupyterLab")
ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data" / "machines"
OURS = [*sorted(ROOT.glob("machines/**/*.yaml")), ROOT / "tests/machines/cases/sound.yaml"]
THEIRS = [*sorted(SHARED.glob("*.yaml")), *sorted(SHARED.glob("statecraft_originals/**/*.yaml"))]
VALIDATOR = jsonschema.Draft202012Validator(machine_schema())


def documents(text):
    return list(yaml.safe_load_all(text))


def faults(text):
    return [error.message for document in documents(text) for error in VALIDATOR.iter_errors(document)]


def test_it_is_a_schema_and_json():
    jsonschema.Draft202012Validator.check_schema(json.loads(json.dumps(machine_schema())))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_machines_fit(path):
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.skipif(not THEIRS, reason="needs shared/data/machines beside the project")
def test_machines_of_other_tools_fit_where_the_reader_has_no_complaint():
    unfit = {path.name: found for path in THEIRS if (found := faults(path.read_text(encoding="utf-8")))}
    refused = {
        path.name for path in THEIRS if any(f.code != "SM003" for f in read_machines(path, strict=False).findings)
    }
    assert set(unfit) - refused == set()
    assert len(THEIRS) > 131


@pytest.mark.parametrize("code", [code for code in RULES if RULES[code].scope != "reading"])
def test_examples_of_rules_fit(code):
    assert faults(RULES[code].incorrect) == [] or code == "SM604"  # a timeout of 0 does not fit either
    assert faults(RULES[code].correct) == []


@pytest.mark.parametrize(
    "text",
    [
        "name: A\n",
        "initial_state: a\n",
        "name: A\ninitial_state: a\ntransitions: [{from: a}]\n",
        "name: A\ninitial_state: a\nstates: []\n",
        "name: A\ninitial_state: a\ntransitions: [{from: [], to: a}]\n",
        "name: A\ninitial_state: a\ntransitions: [{from: a, to: b, gaurd: G}]\n",
        "name: A\ninitial_state: a\ntransitions: [{from: a, to: b, guard: {xor: [G, H]}}]\n",
        "name: A\ninitial_state: a\nstates: [{name: a, metadata: {timeout_seconds: 0}}]\n",
        "state_machine: {name: A, model: M, initial: a, states: [{name: a}]}\n",
        "state_machine: {name: A, model: M, initial: a, states: [a], transitions: [{from: [a], to: a}]}\n",
        "event_bindings: [{event: E}]\n",
    ],
)
def test_what_the_reader_or_a_rule_refuses_does_not_fit(text):
    assert faults(text) != []


def test_every_key_the_reader_knows_is_in_the_schema():
    flat, package, bindings = machine_schema()["anyOf"]
    assert set(flat["properties"]) == set(FLAT.machine_keys)
    assert set(flat["properties"]["transitions"]["items"]["properties"]) == set(FLAT.transition_keys)
    assert set(package["properties"]["state_machine"]["properties"]) == set(PACKAGE.machine_keys)
    items = machine_schema()["$defs"]["bindings"]["items"]["properties"]
    assert (set(bindings["properties"]), set(items)) == ({"event_bindings"}, set(BINDING_KEYS))
