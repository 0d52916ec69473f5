"""What is a machine as DOT or Markdown? Generated ids and quoted labels, whatever the names contain."""

from __future__ import annotations

from workbench.cards import markdown_cell
from workbench.machines.collection import Machines
from workbench.machines.exchange.losses import not_drawn
from workbench.machines.model import Machine
from workbench.machines.reach import unreachable


def dot_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines as DOT, one digraph each; a final state has two borders, what no run reaches is dashed."""
    return "\n".join(_digraph(machine) for machine in machines.values()), not_drawn(machines)


def markdown_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines as Markdown: a diagram in Mermaid, then tables of their states and transitions."""
    text = "\n".join(_page(machine) for machine in machines.values())
    return text, not_drawn(machines, written=("model", "descriptions", "actions"))


def _digraph(machine: Machine) -> str:
    ids = {name: f"s{number}" for number, name in enumerate(machine.known_states)}
    never = set(unreachable(machine))
    lines = [f"digraph {_quoted(machine.name)} {{", "  rankdir=LR", '  node [shape=box, style="rounded"]']
    lines.append("  begin [shape=point]")
    for name, id in ids.items():
        marks = ", peripheries=2" if name in machine.declared_finals else ""
        marks += ', style="rounded,dashed"' if name in never else ""
        lines.append(f"  {id} [label={_quoted(name)}{marks}]")
    if machine.initial in ids:
        lines.append(f"  begin -> {ids[machine.initial]}")
    for transition in machine.transitions:
        text = transition.name or ""
        text += f" [{transition.guard.text()}]" if transition.guard else ""
        end = f"{ids[transition.to_state]} [label={_quoted(text.strip())}]"
        lines += [f"  {ids[name]} -> {end}" for name in dict.fromkeys(transition.from_states)]
    return "\n".join([*lines, "}", ""])


def _page(machine: Machine) -> str:
    about = [f"of {markdown_cell(machine.model)}"] if machine.model else []
    about += [f"field {markdown_cell(machine.field)}", f"begins in **{markdown_cell(machine.initial)}**"]
    lines = [f"# {markdown_cell(machine.name)}", "", ", ".join(about), ""]
    lines += [markdown_cell(machine.description), ""] if machine.description else []
    lines += ["```mermaid", machine.mermaid(), "```", "", "| state | | description |", "|---|---|---|"]
    for state in machine.states:
        marks = ["initial"] if state.name == machine.initial else []
        marks += ["final"] if state.final else []
        lines.append(f"| {markdown_cell(state.name)} | {' '.join(marks)} | {markdown_cell(state.description or '')} |")
    lines += ["", "| transition | from | to | guard | actions |", "|---|---|---|---|---|"]
    for one in machine.transitions:
        cells = [one.name or "", ", ".join(one.from_states), one.to_state]
        cells += [one.guard.text() if one.guard else "", ", ".join(one.actions)]
        lines.append(f"| {' | '.join(map(markdown_cell, cells))} |")
    return "\n".join([*lines, ""])


def _quoted(text: str) -> str:
    line = "".join(c if c.isprintable() else " " for c in text)
    return '"' + line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') + '"'
