"""What can be wrong with the text of a machine file? These complaints arise while it is read."""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from workbench.machines.findings import Complaint
from workbench.machines.registry import rule

Complaints = tuple[Complaint, ...]


@rule("SM001", "error", scope="reading")
def unreadable_file() -> Complaints:
    r"""The file is no YAML text that can be read.

    It is empty, not UTF-8, no YAML, nested or aliased beyond any use, or too large. One fault ends the reading of
    its file; the message says where, and where it can how to mend it.

    Incorrect::

        name: Door
        model: "App\Models\Door"
        initial_state: open

    Correct::

        name: Door
        model: App\Models\Door
        initial_state: open
    """
    return ()


@rule("SM002", "error", scope="reading")
def duplicate_key() -> Complaints:
    """A mapping holds a key twice.

    Most YAML readers keep the last one and say nothing, so that a whole list of transitions may vanish.

    Incorrect::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: closed}
        transitions:
          - {name: open, from: closed, to: open}

    Correct::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: closed}
          - {name: open, from: closed, to: open}
    """
    return ()


@rule("SM003", "info", scope="reading")
def name_coerced_by_yaml_1_1() -> Complaints:
    """A name reads as text here, but as something else in a YAML 1.1 reader.

    Statecraft's own reader follows YAML 1.2, as this one does: on, off, yes and no are names, 12:30 is no number.
    Tools that follow YAML 1.1 (PyYAML, Ruby before 3.1) read true, false or 750. Quotes make it a name everywhere.

    Incorrect::

        name: Lamp
        initial_state: off
        transitions:
          - {name: switch_on, from: off, to: lit}
          - {name: switch_off, from: lit, to: off}

    Correct::

        name: Lamp
        initial_state: "off"
        transitions:
          - {name: switch_on, from: "off", to: lit}
          - {name: switch_off, from: lit, to: "off"}
    """
    return ()


@rule("SM004", "error", scope="reading")
def missing_or_wrong_value() -> Complaints:
    """A key is missing, or its value is of another kind than it must be.

    Incorrect::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open}

    Correct::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: closed}
    """
    return ()


@rule("SM005", "error", scope="reading")
def unknown_key() -> Complaints:
    """A key that nothing reads.

    An error when a right key is near, because then something was meant; else a warning. Keys that begin with `x-`
    or a dot are yours: nothing reads them and nothing complains.

    Incorrect::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: closed, gaurd: IsUnlocked}

    Correct::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: closed, guard: IsUnlocked}
    """
    return ()


@rule("SM006", "error", scope="reading")
def duplicate_machine() -> Complaints:
    """Two machines bear one name; the first is kept.

    Incorrect::

        name: Door
        initial_state: open
        ---
        name: Door
        initial_state: shut

    Correct::

        name: FrontDoor
        initial_state: open
        ---
        name: BackDoor
        initial_state: shut
    """
    return ()


@rule("SM007", "info", scope="reading")
def extension() -> Complaints:
    """Something is understood here that Statecraft itself does not promise to read.

    `from: '*'` means every state, the target included; `guards:` with a list means that all of them must pass.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: slam, from: '*', to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: slam, from: [open, shut], to: shut}
    """
    return ()


@rule("SM008", "warning", scope="reading")
def unknown_tag() -> Complaints:
    r"""A YAML tag that is not understood: the value is kept as its text.

    Incorrect::

        name: Door
        initial_state: open
        config:
          color: !php/const App\Color::RED

    Correct::

        name: Door
        initial_state: open
        config:
          color: red
    """
    return ()
