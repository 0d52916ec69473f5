"""What does a notebook show of machines and findings? A drawing and small tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from workbench.cards import Html, amount, card, code, marked, sentence, shown, table
from workbench.machines.collection import Machines
from workbench.machines.findings import Finding, Findings
from workbench.machines.model import Machine, State, Transition
from workbench.machines.svg import machine_svg, safe_color

if TYPE_CHECKING:
    from workbench.machines.properties import Verdicts
    from workbench.machines.versions.difference import Difference


def machine_html(machine: Machine) -> str:
    """Return a machine as HTML: its drawing, its states, its transitions."""
    said = [machine.model, f"field {machine.field}", machine.description, str(machine.place) if machine.path else None]
    states = table(("state", "description", "", "metadata"), (_state_row(machine, s) for s in machine.states))
    transitions = table(
        ("transition", "from", "to", "guard", "actions"), (_transition_row(t) for t in machine.transitions)
    )
    drawing = Html(f'<div class="wb-wide">{machine_svg(machine)}</div>')
    return card(machine.name, drawing, states, transitions, note=" · ".join(filter(None, said)))


def machines_html(machines: Machines) -> str:
    """Return machines as HTML: one line each."""
    rows = (
        [
            marked(machine.name), machine.model, machine.field, machine.initial, len(machine.states),
            len(machine.transitions), code(machine.path),
        ]
        for machine in machines.values()
    )  # fmt: skip
    each = table(("machine", "model", "field", "initial", "states", "transitions", "file"), rows)
    bound = amount(len(machines.bindings), "event binding") if machines.bindings else ""
    return card(amount(len(machines), "machine"), each, findings_table(machines.findings), note=bound)


def findings_html(findings: Findings) -> str:
    """Return findings as HTML: how many, then one line each."""
    return card(findings.summary(), findings_table(findings))


def findings_table(findings: Iterable[Finding]) -> Html:
    """Return findings as an HTML table, without a frame; nothing for none."""
    rows = (
        [marked(f.severity, f.severity), code(f.code), sentence(f.message), f.machine, code(f.place)] for f in findings
    )
    return table(("", "code", "finding", "machine", "place"), rows)


def difference_html(found: Difference) -> str:
    """Return a difference as HTML: a line each change, then what is suggested and what the versions can do."""
    rows = (
        [change.kind, change.subject, marked(change.name), sentence(change.sentence), change.line]
        for change in found.changes
    )
    changes = table(("", "of", "name", "change", "line"), rows) or "nothing is different"
    return card(found.new.name, changes, *found.sentences[len(found.changes) or 1 :])


def verdicts_html(verdicts: Verdicts) -> str:
    """Return verdicts as HTML: how many, then one line each, with the run that breaks a property."""
    rows = (
        [
            asked.declared.name, asked.machine, marked(asked.verdict, _MOOD.get(asked.verdict, "")),
            asked.certainty, asked.proof.run, asked.proof.guards, sentence(asked.proof.reason or ""),
        ]
        for asked in verdicts
    )  # fmt: skip
    each = table(("property", "machine", "verdict", "certainty", "run", "guards", "reason"), rows)
    said = f"{len(verdicts)} asked, {len(verdicts.violated)} violated"
    return card(said if verdicts else "no machine declares a property", each)


_MOOD = {"violated": "error", "unknowable": "warning"}


def _state_row(machine: Machine, state: State) -> list[object]:
    color = safe_color(state.color)
    ink = f'<i class="wb-ink" style="background:{color}"></i>' if color else ""
    marks = {"initial": state.name == machine.initial, "final": state.final, "implied": state.implied}
    rest = {key: value for key, value in state.metadata.items() if key not in {"color", "final"}}
    said = " ".join(mark for mark, holds in marks.items() if holds)
    return [Html(ink + marked(state.name)), state.description, said, _pairs(rest)]


def _transition_row(transition: Transition) -> list[object]:
    return [
        marked(transition.name or ""),
        "* (every state)" if transition.wildcard else ", ".join(transition.from_states),
        transition.to_state,
        code(transition.guard.text()) if transition.guard else None,
        Html("<br>".join(map(code, transition.actions))),
    ]


def _pairs(values: Mapping[str, object]) -> Html:
    return Html("<br>".join(f"<code>{escape(key)}: {escape(shown(value))}</code>" for key, value in values.items()))
