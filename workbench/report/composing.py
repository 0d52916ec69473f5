"""How do the sections become one file that needs nothing else?"""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import workbench as wb
from workbench.cards import amount
from workbench.custody import Provenance
from workbench.report import findings, machine_pictures, origins, sections, waiting
from workbench.report.captions import drawn
from workbench.report.markup import Section, contents, drawings, glance, script_json, section
from workbench.report.travelling import travel
from workbench.writing import write_text

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match

_HOLE = re.compile(r"@([a-z]+)@")


def page(
    log: EventLog,
    machines: Machines,
    *,
    match: Match | None = None,
    trail: tuple[str, str] | None = None,
    name: str = "the log",
) -> str:
    """Return the report as one HTML page without a link to anything outside it; payloads stay out.

    Parameters
    ----------
    log, machines
        What happened, and what was declared.
    match
        The machine that speaks for a type, where the models do not say so.
    trail
        The type and id of one aggregate whose events are to be shown.
    name
        What the log is called in the title.
    """
    from plotly.offline import get_plotlyjs

    found = findings.findings(log, machines, match)
    origin = Provenance.of(log, machines=machines)
    parts = [found.section, *_answers(log, machines, match)]
    if trail:
        parts.append(sections.trail(log, machines, *trail))
    parts += [machine_pictures.declared(machines, log, match), origins.sources(origin)]
    numbers = {"figures": 0, "sections": 0}
    return _filled(
        "page.html",
        version=escape(wb.__version__),
        title=escape(f"What {name} says"),
        sub=escape(_extent(log)),
        mood="bad" if found.breaches or found.broken else "good",
        verdict=escape(found.verdict),
        glance=glance(found.numbers),
        contents=contents(parts),
        sections="\n".join(section(part, numbers) for part in parts),
        footer=escape(f"Made by workbench {wb.__version__}, as of {origin.instant or 'no event'}. Times are UTC."),
        css=_text("page.css"),
        js=_text("page.js"),
        plotly=get_plotlyjs(),
        figures=script_json(drawn((one.light, one.dark) for one in drawings(parts))),
        provenance=script_json(origin.json()),
    )


def write_page(
    log: EventLog,
    machines: Machines,
    path: str | Path,
    *,
    match: Match | None = None,
    trail: tuple[str, str] | None = None,
    name: str = "the log",
) -> int:
    """Write the report to a file, whole or not at all, and return its size in bytes."""
    text = page(log, machines, match=match, trail=trail, name=name)
    write_text(path, text)
    return len(text.encode("utf-8", "replace"))


def _answers(log: EventLog, machines: Machines, match: Match | None) -> list[Section]:
    if log.last is None:
        return []
    where, how = sections.population(log, machines), sections.traffic(log, machines)
    came = [sections.funnels(log, machines, match), sections.variants(log, machines)]
    return [
        *travel(log, machines),
        *where,
        waiting.waits(log, machines, match),
        *how,
        *came,
        waiting.again(log, machines),
        waiting.hours(log, machines),
    ]


def _extent(log: EventLog) -> str:
    if log.last is None:
        return "The log is empty."
    events, aggregates, first = log.sql(
        "SELECT count(*), count(DISTINCT life), min(effective_at) FROM events"
    ).fetchall()[0]
    return (
        f"{amount(events, 'event')} of {amount(aggregates, 'aggregate')} ({', '.join(log.types)}), "
        f"{first:%Y-%m-%d %H:%M} to {log.last:%Y-%m-%d %H:%M} UTC."
    )


def _filled(name: str, **values: str) -> str:
    # One pass over our own template: what is filled in is never looked at for holes.
    return _HOLE.sub(lambda hole: values[hole[1]], _text(name))


def _text(name: str) -> str:
    return files("workbench.report").joinpath(name).read_text(encoding="utf-8")
