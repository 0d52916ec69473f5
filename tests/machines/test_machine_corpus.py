"""Machines of other tools, and what networkx alone says of them; the Statecraft package's own files."""

import json
from pathlib import Path

import pytest

from workbench.machines import check, read_machines
from workbench.machines.reach import dead_ends

MACHINES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "machines"
EXPECTED = json.loads((MACHINES / "expected.json").read_text()) if MACHINES.is_dir() else {}
ORIGINALS = sorted((MACHINES / "statecraft_originals").rglob("*.yaml"))

pytestmark = pytest.mark.skipif(not MACHINES.is_dir(), reason="needs shared/data/machines beside the project")


def unreachable_by(findings):
    return {finding.subjects[0] for finding in findings if finding.code == "SM301"}


@pytest.mark.parametrize("name", EXPECTED)
def test_machine_is_read_as_networkx_describes_it(name):
    facts = EXPECTED[name]
    machines = read_machines(MACHINES / name)
    (machine,) = machines.values()
    graph = machine.graph
    assert (machine.name, machine.initial, machine.dialect) == (facts["name"], facts["initial"], "flat")
    assert len(machine.states) == facts["n_states"]
    assert len(machine.transitions) == facts["n_transitions"]
    assert graph.number_of_edges() == facts["n_edges"]
    assert len(machine.pairs) == facts["n_distinct_pairs"]
    assert sorted(set(graph) - set(machine.state_names)) == facts["undeclared"]
    assert sorted(state.name for state in machine.states if state.final) == (facts["finals"] or [])
    assert sorted(dead_ends(machine)) == facts["dead_ends"]
    findings = check(machines)
    assert sorted(unreachable_by(findings)) == facts["unreachable"]
    assert {finding.subjects[0] for finding in findings if finding.code == "SM103"} == set(facts["undeclared"])


def test_the_whole_folder_is_read_at_once_and_only_namesakes_are_in_the_way():
    machines = read_machines(MACHINES, strict=False)
    errors = [finding for finding in machines.findings if finding.severity == "error"]
    assert {finding.code for finding in errors} == {"SM006"}
    assert len(machines) + len(errors) == len(EXPECTED) == 131


@pytest.mark.parametrize("path", ORIGINALS, ids=lambda path: f"{path.parent.name[-8:]}-{path.stem}")
def test_package_files_are_read_and_only_the_broken_fixture_has_a_complaint(path):
    machines = read_machines(path, strict=False)
    (machine,) = machines.values()
    assert machine.dialect == "package"
    assert machine.model
    assert all(transition.name is None for transition in machine.transitions)
    broken = {"missing_transition_keys"}
    assert [finding.code for finding in machines.findings] == (["SM004"] if path.stem in broken else [])


def test_package_guards_keep_their_shape():
    path = next(path for path in ORIGINALS if path.name == "OrderWorkflow__guard-expressions-workflow.yaml")
    (machine,) = read_machines(path).values()
    (shipped,) = machine.allows("processing", "shipped")
    short = shipped.guard.text().replace("Examples\\OrderWorkflow\\Guards\\", "")
    assert short == "not IsBlacklisted and (IsVIP or (IsManager and HasMinimumAmount))"
    assert machine.field == "status"


def test_package_machine_without_a_field_uses_the_package_default():
    path = next(path for path in ORIGINALS if path.name == "valid.yaml")
    (machine,) = read_machines(path).values()
    assert machine.field == "state"
    (transition,) = machine.allows("draft", "pending")
    assert (transition.guard.text(), transition.actions) == ("CanSubmit", ("NotifyReviewer",))


def test_unfilled_template_is_refused_with_its_place():
    stub = next((MACHINES / "statecraft_originals").rglob("*.stub"))
    (finding,) = read_machines(stub, strict=False).findings
    assert (finding.code, finding.line) == ("SM001", 9)
