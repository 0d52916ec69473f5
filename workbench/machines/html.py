"""What does a notebook show of machines and findings? Small tables, everything escaped, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from workbench.machines.collection import Machines
from workbench.machines.findings import Findings
from workbench.machines.model import Machine, State, Transition
from workbench.machines.svg import machine_svg, safe_color

if TYPE_CHECKING:
    from workbench.machines.versions.difference import Difference

_STYLE = (
    "<style>"
    ".wb-card{font-size:13px;line-height:1.45;max-width:72rem}"
    ".wb-card h4{margin:.2em 0;font-size:15px}"
    ".wb-card p{margin:.1em 0 .6em;opacity:.75}"
    ".wb-card .wb-drawing{overflow-x:auto;margin:.2em 0 .8em}"
    ".wb-card table{border-collapse:collapse;margin:.2em 0 1em;font-size:13px}"
    ".wb-card th,.wb-card td{text-align:left;vertical-align:top;padding:.25em .9em .25em .3em;"
    "border-bottom:1px solid rgba(128,128,128,.28);background:none}"
    ".wb-card th{font-weight:600;opacity:.75}"
    ".wb-card i.wb-ink{display:inline-block;width:.75em;height:.75em;border-radius:50%;margin-right:.5em}"
    ".wb-card b.wb-error{color:#D64545}.wb-card b.wb-warning{color:#C77700}.wb-card b.wb-info{color:#3E7CB1}"
    ".wb-card code{background:none;padding:0;font-size:12px}"
    "</style>"
)


def machine_html(machine: Machine) -> str:
    """Return a machine as HTML: its drawing, its states, its transitions."""
    said = [machine.model, f"field {machine.field}", machine.description, str(machine.place) if machine.path else None]
    states = _table(("state", "description", "", "metadata"), (_state_row(machine, s) for s in machine.states))
    transitions = _table(
        ("transition", "from", "to", "guard", "actions"), (_transition_row(t) for t in machine.transitions)
    )
    return _card(
        f"<h4>{_text(machine.name)}</h4><p>{_text(' · '.join(filter(None, said)))}</p>"
        f'<div class="wb-drawing">{machine_svg(machine)}</div>{states}{transitions}'
    )


def machines_html(machines: Machines) -> str:
    """Return machines as HTML: one line each."""
    rows = (
        [
            f"<b>{_text(machine.name)}</b>",
            _text(machine.model or ""),
            _text(machine.field),
            _text(machine.initial),
            str(len(machine.states)),
            str(len(machine.transitions)),
            f"<code>{_text(machine.path)}</code>",
        ]
        for machine in machines.values()
    )
    table = _table(("machine", "model", "field", "initial", "states", "transitions", "file"), rows)
    bound = f"<p>{len(machines.bindings)} event bindings</p>" if machines.bindings else ""
    found = findings_table(Findings(machines.findings)) if machines.findings else ""
    return _card(table + bound + found)


def findings_html(findings: Findings) -> str:
    """Return findings as HTML: how many, then one line each."""
    return _card(f"<h4>{_text(findings.summary())}</h4>" + (findings_table(findings) if findings else ""))


def findings_table(findings: Findings) -> str:
    """Return findings as an HTML table, without a frame."""
    rows = (
        [
            f'<b class="wb-{f.severity}">{f.severity}</b>',
            f"<code>{_text(f.code)}</code>",
            _text(f.message),
            _text(f.machine or ""),
            f"<code>{_text(str(f.place))}</code>",
        ]
        for f in findings
    )
    return _table(("", "code", "finding", "machine", "place"), rows)


def difference_html(found: Difference) -> str:
    """Return a difference as HTML: a line each change, then what is suggested and what the versions can do."""
    rows = (
        [change.kind, change.subject, f"<b>{_text(change.name)}</b>", _text(change.sentence), str(change.line)]
        for change in found.changes
    )
    told = "".join(f"<p>{_text(line)}</p>" for line in found.sentences[len(found.changes) or 1 :])
    head = f"<h4>{_text(found.new.name)}</h4>"
    table = _table(("", "of", "name", "change", "line"), rows) if found.changes else "<p>nothing is different</p>"
    return _card(head + table + told)


def _state_row(machine: Machine, state: State) -> list[str]:
    color = safe_color(state.color)
    ink = f'<i class="wb-ink" style="background:{color}"></i>' if color else ""
    marks = [
        "initial" if state.name == machine.initial else "",
        "final" if state.final else "",
        "implied" if state.implied else "",
    ]
    rest = {key: value for key, value in state.metadata.items() if key not in {"color", "final"}}
    return [
        f"{ink}<b>{_text(state.name)}</b>",
        _text(state.description or ""),
        " ".join(filter(None, marks)),
        _pairs(rest),
    ]


def _transition_row(transition: Transition) -> list[str]:
    return [
        f"<b>{_text(transition.name or '')}</b>",
        _text("* (every state)" if transition.wildcard else ", ".join(transition.from_states)),
        _text(transition.to_state),
        f"<code>{_text(transition.guard.text())}</code>" if transition.guard else "",
        "<br>".join(f"<code>{_text(action)}</code>" for action in transition.actions),
    ]


def _pairs(values: Mapping[str, object]) -> str:
    return "<br>".join(f"<code>{_text(str(key))}: {_text(_short(value))}</code>" for key, value in values.items())


def _short(value: object, most: int = 80) -> str:
    text = str(dict(value)) if isinstance(value, Mapping) else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"


def _table(heads: Iterable[str], rows: Iterable[list[str]]) -> str:
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _card(inside: str) -> str:
    return f'{_STYLE}<div class="wb-card">{inside}</div>'


def _text(text: str) -> str:
    return escape(text)
