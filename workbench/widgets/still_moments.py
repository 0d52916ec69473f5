"""How does one moment of a life look? HTML for people, every value escaped, light and dark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from workbench.cards import amount

if TYPE_CHECKING:
    from workbench.machines import Machine

_LONG = 160
_STYLE = """<style>
.wb-life{color:var(--jp-ui-font-color1,inherit);font-size:13px;line-height:1.45;padding:.4em 2px}
.wb-life .wb-head{font-size:15px}
.wb-life .wb-quiet,.wb-life caption{color:var(--jp-ui-font-color2,inherit);opacity:.85;text-align:left}
.wb-life table{border-collapse:collapse;margin:.6em 0}
.wb-life td,.wb-life th{text-align:left;vertical-align:top;padding:2px 20px 2px 0}
.wb-life td,.wb-life th{border-bottom:1px solid var(--jp-border-color2,rgba(128,128,128,.3))}
.wb-life summary{cursor:pointer}
.wb-life [data-now] rect{fill-opacity:.5;stroke-width:4}
</style>"""


def moment_page(shown: Mapping[str, Any], machine: Machine | None = None) -> str:
    """Return the HTML of one moment: its state, its event, what changed, all attributes, and the machine.

    Parameters
    ----------
    shown
        What `Life.data()` returns.
    machine
        Drawn with the state marked, when given.
    """
    marks = f'data-place="{shown["place"]}" data-state="{_text(shown["state"])}"'
    parts = [
        f'{_STYLE}<div class="wb-life" role="status" aria-live="polite" {marks}>',
        _head(shown),
        _drawing(machine, shown["state"]),
        _changes(shown["changed"]),
        _attributes(shown["attributes"], shown["changed"]),
        "</div>",
    ]
    return "".join(parts)


def _head(shown: Mapping[str, Any]) -> str:
    was, now = shown["state_before"], shown["state"]
    way = f"{_text(was)} → " if was is not None and was != now else ""
    said = [f"event {shown['place']} of {shown['places']}", f"{_text(shown['occurred_at'])} UTC"]
    said += [_text(shown["event_type"])]
    said += [f"version {_text(shown['version'])}"] if shown["version"] is not None else []
    said += [f"by {_text(shown['actor'])}"] if shown["actor"] is not None else []
    return (
        f'<div class="wb-head">{_text(shown["type"])} {_text(shown["aggregate_id"])}: {way}<b>{_text(now)}</b></div>'
        f'<div class="wb-quiet">{" · ".join(said)}</div>'
    )


def _changes(changed: Mapping[str, Any]) -> str:
    if not changed:
        return "<p>This event changed no attribute.</p>"
    lines = ((name, _value(old), _value(new)) for name, (old, new) in changed.items())
    return _table("What this event changed", ("attribute", "before", "after"), lines)


def _attributes(attributes: Mapping[str, Any], changed: Mapping[str, Any]) -> str:
    lines = ((f"{name} •" if name in changed else name, _value(value)) for name, value in attributes.items())
    inside = _table("• changed by this event", ("attribute", "value"), lines)
    return f"<details><summary>{amount(len(attributes), 'attribute')} after it</summary>{inside}</details>"


def _drawing(machine: Machine | None, state: object) -> str:
    if machine is None:
        return ""
    where = f'data-state="{escape(str(state))}"'
    return f'<div style="overflow-x:auto">{machine.svg().replace(where, f"{where} data-now", 1)}</div>'


def _table(title: str, heads: Iterable[str], lines: Iterable[Iterable[str]]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<table><caption>{title}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _value(value: object) -> str:
    """Return a value as text: text and times as they are, all else as JSON, an absent one as (none)."""
    if value is None:
        return "(none)"
    return str(value) if isinstance(value, str | datetime) else json.dumps(value, ensure_ascii=False, default=str)


def _text(value: object) -> str:
    words = _value(value)
    return escape(words if len(words) <= _LONG else words[: _LONG - 1] + "…")
