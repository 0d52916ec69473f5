"""A life may begin elsewhere than in the initial state, where the machine says so."""

from workbench.machines import check
from workbench.machines.properties import properties_of, prove
from workbench.machines.reader import read_text

INVOICE = """
name: Invoice
initial_state: incoming
states:
  - {name: incoming}
  - {name: in_process, metadata: {entry: true}}
  - {name: sent, final: true}
transitions:
  - {name: send, from: [incoming, in_process], to: sent}
properties:
  - {state: sent, needs_before: incoming}
"""


def test_entries_are_the_initial_state_and_those_marked():
    assert read_text(INVOICE)["Invoice"].entries == ("incoming", "in_process")


def test_a_marked_state_counts_as_reachable():
    assert "SM301" not in {finding.code for finding in check(read_text(INVOICE))}
    assert "SM301" in {finding.code for finding in check(read_text(INVOICE.replace(", metadata: {entry: true}", "")))}


def test_a_property_is_proved_from_every_entry():
    machine = read_text(INVOICE)["Invoice"]
    (declared,) = properties_of(machine)
    assert prove(machine, declared).run == ("in_process", "send", "sent")
