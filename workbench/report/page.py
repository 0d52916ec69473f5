"""How do the sections become one file that needs nothing else?"""

from __future__ import annotations

import os
import re
import tempfile
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import workbench as wb
from workbench.report import machine_pictures, sections
from workbench.report.markup import Section, contents, drawings, script_json, section

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines
    from workbench.report.sections import Match

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

    told, breaches = sections.findings(log, machines, match)
    parts = [told, *_answers(log, machines, match)]
    if trail:
        parts.append(sections.trail(log, machines, *trail))
    parts += [machine_pictures.declared(machines, log, match), sections.sources(log)]
    numbers = {"figures": 0, "sections": 0}
    drawn = [f'{{"light": {one.light.to_json()}, "dark": {one.dark.to_json()}}}' for one in drawings(parts)]
    return _filled(
        "page.html",
        version=escape(wb.__version__),
        title=escape(f"What {name} says"),
        sub=escape(_extent(log)),
        mood="bad" if breaches else "good",
        verdict=escape(_verdict(breaches)),
        contents=contents(parts),
        sections="\n".join(section(part, numbers) for part in parts),
        footer=escape(f"Made by workbench {wb.__version__} at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. Times are UTC."),
        css=_text("page.css"),
        js=_text("page.js"),
        plotly=get_plotlyjs(),
        figures=script_json("[" + ",".join(drawn) + "]"),
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
    path = Path(path)
    raw = page(log, machines, match=match, trail=trail, name=name).encode("utf-8", "replace")
    handle, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return len(raw)


def _answers(log: EventLog, machines: Machines, match: Match | None) -> list[Section]:
    if log.last is None:
        return []
    where, how = sections.population(log, machines), sections.traffic(log, machines)
    return [*where, *how, sections.funnels(log, machines, match), sections.variants(log, machines)]


def _verdict(breaches: int) -> str:
    if not breaches:
        return "History keeps to the declared machines."
    return "1 move breaks a declared machine." if breaches == 1 else f"{breaches:,} moves break a declared machine."


def _extent(log: EventLog) -> str:
    if log.last is None:
        return "The log is empty."
    events, aggregates, first = log.sql(
        "SELECT count(*), count(DISTINCT life), min(effective_at) FROM events"
    ).fetchall()[0]
    return (
        f"{events:,} events of {aggregates:,} aggregates ({', '.join(log.types)}), "
        f"{first:%Y-%m-%d %H:%M} to {log.last:%Y-%m-%d %H:%M} UTC."
    )


def _filled(name: str, **values: str) -> str:
    # One pass over our own template: what is filled in is never looked at for holes.
    return _HOLE.sub(lambda hole: values[hole[1]], _text(name))


def _text(name: str) -> str:
    return files("workbench.report").joinpath(name).read_text(encoding="utf-8")
