"""What is a machine as Mermaid text? Generated ids and escaped labels, so that no name can break it."""

from __future__ import annotations

import re

from workbench.machines.model import Machine

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SPECIAL = re.compile(r"[^\w .,()\[\]-]|(?<![^\W_])_|_(?![^\W_])")  # `_` at the edge of a word makes it bold


def mermaid(machine: Machine) -> str:
    """Return the machine as a `stateDiagram-v2`, one line a state, one a from-state of each transition.

    Examples
    --------
    >>> from workbench.machines import Machine, State, Transition
    >>> door = Machine("Door", "open", (State("open"), State("shut")), (Transition("close", ("open",), "shut"),))
    >>> print(mermaid(door))
    stateDiagram-v2
        direction LR
        state "open" as s0
        state "shut" as s1
        [*] --> s0
        s0 --> s1 : close
        s1 --> [*]
    """
    ids = {name: f"s{number}" for number, name in enumerate(machine.known_states)}
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{_label(name or " ")}" as {id}' for name, id in ids.items()]
    if machine.initial in ids:
        lines.append(f"    [*] --> {ids[machine.initial]}")
    for transition in machine.transitions:
        text = transition.name if transition.name is not None else ""
        text += f" [{transition.guard.text()}]" if transition.guard else ""
        label = f" : {_label(text.strip())}" if text.strip() else ""
        for from_state in dict.fromkeys(transition.from_states):
            lines.append(f"    {ids[from_state]} --> {ids[transition.to_state]}{label}")
    lines += [f"    {ids[name]} --> [*]" for name in machine.finals]
    for number, state in enumerate(machine.states):
        if state.color and _HEX.fullmatch(state.color):
            lines.append(f"    classDef c{number} stroke:{state.color},stroke-width:2px")
            lines.append(f"    class {ids[state.name]} c{number}")
    return "\n".join(lines)


def _label(text: str) -> str:
    return _SPECIAL.sub(lambda found: " " if found[0].isspace() else f"#{ord(found[0])};", text)
