"""What was asked, what was found, and what cannot be known from it? One page beside the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import workbench as wb
from workbench.cards import Html, amount, card, code, table

if TYPE_CHECKING:
    from workbench.custody.asking import Answered
    from workbench.custody.provenance import Asked, Provenance
    from workbench.machines import Machines

_ROWS = 200
_COLUMNS = 24  # as many as a page can bear
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>
:root{{color-scheme:light dark;--page:#fff;--ink:#1f2937}}
@media(prefers-color-scheme:dark){{:root{{--page:#111418;--ink:#e6e9ee}}}}
body{{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Segoe UI","DejaVu Sans",sans-serif}}
main{{max-width:72rem;margin:0 auto;padding:1.5rem 1.25rem 3rem}}
h1{{font-size:1.5rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}}
.wb-card{{margin:0 0 1.5rem;font-size:14px}}.wb-card h4{{font-size:17px}}
.wb-card table{{font-size:13px}}
@media print{{.wb-card{{break-inside:avoid}}}}
</style></head><body><main><h1>{title}</h1>
{body}
</main></body></html>
"""


def statement(told: Answered, origin: Provenance, machines: Machines | None, rests: str) -> str:
    """Return the page: what was asked and found, what cannot be known, how to check it; `rests` says on what."""
    question = origin.question
    assert question is not None  # noqa: S101  for the type checker: evidence is always of a question
    parts = [
        card("What was asked", question.about, code(question.python), _values(question), note=_extent(origin)),
        card("What was found", *told.sentences, _found(told)),
        card("What cannot be known", _list(_unknown(told, origin, machines, question))),
        card("Where it comes from", _sources(origin), _machine_files(origin)),
        card("How to check it", _list(_checks(rests, masked=bool(origin.masked)))),
    ]
    return _PAGE.format(title=escape(f"Evidence: {question.name}"), body="\n".join(parts))


def _values(question: Asked) -> Html:
    return table(("value", "given"), question.values.items())


def _extent(origin: Provenance) -> str:
    part, masked = origin.part, " The data is masked." if origin.masked else ""
    if not part.events:
        return "Of no event at all."
    return (
        f"Of {amount(part.events, 'event')} of {amount(part.aggregates, 'aggregate')}, "
        f"{part.first} to {part.last} UTC; "
        f"answered for {origin.instant} UTC by workbench {origin.workbench}.{masked}"
    )


def _found(told: Answered) -> Html:
    rows = told.table.limit(_ROWS + 1).fetchall()
    if not rows:
        return Html("<p>No row: nothing of the kind is in these events.</p>")
    shown = table(told.table.columns[:_COLUMNS], (row[:_COLUMNS] for row in rows[:_ROWS]), most=_ROWS)
    return Html(shown + "<p>More rows stand in result.csv.</p>") if len(rows) > _ROWS else shown


def _unknown(told: Answered, origin: Provenance, machines: Machines | None, question: Asked) -> Iterator[str]:
    """Tell what the answer leaves open, a sentence each."""
    for one in origin.imports:
        if one.zone_assumed:
            yield f"Times in {one.source} that bear no offset were taken as {one.zone}: nobody said so."
    yield from _rejected(told, origin)
    if origin.part.sql:
        yield "A part of the log was asked: whatever it leaves out is not in this file."
    if one_case := {"type", "id"} <= set(question.values):
        yield "The whole of that was looked through; the files hold the lives that the answer names, and no other."
    for row in _doubts(told, whole=not (origin.part.sql or one_case)):
        yield f"{row['check'].capitalize()}: {row['count']:,} ({row['explanation']})."
    stays, still_open = told.log.sql("SELECT count(*), count(*) FILTER (left_at IS NULL) FROM moves").fetchall()[0]
    if still_open:
        are = "is" if still_open == 1 else "are"
        yield f"{still_open:,} of {amount(stays, 'stay')} {are} open where the log ends: what came later is not in it."
    if machines is not None:
        yield from _unspoken(told, machines, question)
    yield from (f"Masked: {rule}." for rule in origin.masked)
    if origin.masked:
        yield "Only that was masked: where the same is said elsewhere in a payload it can be read there."


def _rejected(told: Answered, origin: Provenance) -> Iterator[str]:
    lost = sum(one.rejected for one in origin.imports)
    if not lost:
        return
    reasons = "SELECT reason, count(*) FROM rejected GROUP BY reason ORDER BY count(*) DESC, reason LIMIT 5"
    said = ", ".join(f"{many:,} x {reason}" for reason, many in told.log.sql(reasons).fetchall())
    became = "an event and is" if lost == 1 else "events and are"
    yield f"{amount(lost, 'row')} of the sources could not become {became} not in the answer: {said}."


def _doubts(told: Answered, *, whole: bool) -> list[dict[str, Any]]:
    """Return what `quality` finds in the events behind the answer; rejected rows are told apart.

    Between the ids of a part there are holes that say nothing.
    """
    found = wb.quality(told.log)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    return [row for row in rows if not row["check"].startswith("rejected" if whole else ("rejected", "hole"))]


def _unspoken(told: Answered, machines: Machines, question: Asked) -> Iterator[str]:
    match = question.values.get("match")
    spoken = {short: machines.for_type(short, told.log.full_type(short), match) for short in told.log.types}
    if silent := [short for short, found in spoken.items() if not found]:
        yield f"No machine speaks for {', '.join(silent)}: nothing is said of what is allowed there."
    idle = set(machines) - {machine.name for found in spoken.values() for machine in found}
    if idle:
        yield f"No life belongs to {', '.join(sorted(idle))}."
    if any(transition.guard for machine in machines.values() for transition in machine.transitions):
        yield "Guards are read and not evaluated: a move they would have refused counts as allowed."


def _sources(origin: Provenance) -> Html:
    columns = ("source", "sha256", "mapping", "zone", "assumed", "read", "loaded", "duplicate", "rejected")
    return table(
        columns,
        (
            [
                one.source, code(one.sha256 or ""), one.mapping, one.zone, one.zone_assumed, one.read, one.loaded,
                one.duplicate, one.rejected,
            ]
            for one in origin.imports
        ),
    )  # fmt: skip


def _machine_files(origin: Provenance) -> Html:
    return table(
        ("machines", "file", "sha256"),
        ([", ".join(one.machines), one.file, code(one.sha256 or "")] for one in origin.machines),
    )


def _checks(rests: str, *, masked: bool) -> Iterator[str]:
    yield "sha256sum -c SHA256SUMS, where this was unpacked: nothing was changed since."
    yield (
        "duckdb -c '.read question.sql' -c \"COPY answer TO 'again.csv' (HEADER)\" answers anew from the events in "
        "tables/: again.csv must be result.csv, byte for byte."
    )
    yield rests
    yield "sha256sum of the exports themselves against imports.csv: these are the files that were read."
    save = ", save what is masked" if masked else ""
    yield f"Each line of events.ndjson names its source and the row there: the events are what the export says{save}."


def _list(lines: Iterable[str]) -> Html:
    said = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return Html(f"<ul>{said}</ul>") if said else Html("<p>Nothing that the workbench can see.</p>")
