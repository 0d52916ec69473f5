"""What is wrong: in moves, in rules, in the machines, in the log itself?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import workbench as wb
from workbench.cards import amount
from workbench.errors import WorkbenchError
from workbench.report.markup import Row, Section, table
from workbench.report.sections import PAYLOADS, drawing

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match

_LISTED = 100
_JUDGED = ("type", "property", "asked_of", "verdict", "concerned", "satisfied", "violated", "pending", "unknowable")


@dataclass(frozen=True)
class Found:
    """What is wrong, as a part of the page; how many moves break a machine, and how many rules lives break."""

    section: Section
    breaches: int
    broken: int
    numbers: tuple[tuple[str, int, str], ...]

    @property
    def verdict(self) -> str:
        """Return the judgement in words."""
        said = []
        if self.breaches:
            said.append(f"{_many(self.breaches, 'move')} a declared machine.")
        if self.broken:
            said.append(f"{_many(self.broken, 'life', 'lives')} a declared rule.")
        return " ".join(said) or "History keeps to the declared machines."


def findings(log: EventLog, machines: Machines, match: Match | None) -> Found:
    """Return what breaks the declared machines and rules, and what to know of the data."""
    breaches = wb.off_machine(log, machines, match=match).to_dicts()
    fitness = wb.conformance(log, machines, match=match).to_dicts()
    faults = [finding for finding in (*machines.findings, *wb.check(machines)) if finding.severity != "info"]
    quality = wb.quality(log).to_dicts()
    rules, broken = _rules(log, machines, match)
    moves = sum(int(row["moves"] or 0) for row in fitness if row["machine"])
    parts = [
        _off_machine(breaches, moves),
        *rules,
        Section(
            "Lives against their machines",
            "How many lives and moves each machine speaks for, and the share that keeps to it.",
            ("wb.conformance(log, machines)",),
            drawings=(drawing(wb.figures.conformance, fitness, None, "lives that keep to their machine"),),
            tables=(table(fitness),),
        ),
        Section(
            "The machines themselves",
            f"{amount(len(faults), 'finding')}." if faults else "The machines are sound.",
            ("wb.check(machines)",),
            tables=(table([_finding(fault) for fault in faults]),) if faults else (),
        ),
        Section(
            "Quality of the log",
            "What in the export itself may mislead: ties, gaps, holes, clocks that run back, rejected rows.",
            ("wb.quality(log)",),
            tables=(table(quality, most=_LISTED, without=PAYLOADS),),
        ),
    ]
    whole = Section("Findings", "What breaks the declared machines, and what to know of the data.", parts=parts)
    return Found(whole, len(breaches), broken, (*_extent(log), *_wrong(log, len(breaches), moves, broken, len(faults))))


def _off_machine(breaches: Sequence[Row], moves: int) -> Section:
    return Section(
        "Moves that no transition allows",
        _why(breaches, moves),
        ("wb.off_machine(log, machines)",),
        tables=(table([_breach(row) for row in breaches], most=_LISTED),) if breaches else (),
    )


def _rules(log: EventLog, machines: Machines, match: Match | None) -> tuple[list[Section], int]:
    """Return the rules that the machines declare, if any, and how many lives break one."""
    if not any(machine.properties for machine in machines.values()):
        return [], 0
    asked = ("wb.holds(log, machines)", "wb.violations(log, machines)")
    try:
        judged = wb.holds(log, machines, match=match).to_dicts()
        broken = wb.violations(log, machines, match=match).to_dicts()
    except WorkbenchError as error:
        return [Section("Rules that must always hold", f"They cannot be asked: {error}.", asked)], 0
    lives = sum(int(row["violated"] or 0) for row in judged)
    lead = f"{_many(lives, 'life', 'lives')} a rule." if lives else "No life breaks one."
    drawings = (drawing(wb.figures.holds, judged, None, "lives that keep the declared rules"),)
    tables = [table([{name: row.get(name) for name in _JUDGED} for row in judged])]
    if broken:
        tables.append(table([_breach(row) | {"rule": row["property"]} for row in broken], most=_LISTED))
    return [Section("Rules that must always hold", lead, asked, drawings, tables)], lives


def _extent(log: EventLog) -> Iterator[tuple[str, int, str]]:
    events, aggregates = log.sql("SELECT count(*), count(DISTINCT life) FROM events").fetchall()[0]
    yield "events", events, "log.events"
    yield "aggregates", aggregates, "log.lives"


def _wrong(log: EventLog, breaches: int, moves: int, broken: int, faults: int) -> Iterator[tuple[str, int, str]]:
    rejected = log.sql("SELECT coalesce(sum(rejected), 0)::BIGINT FROM imports").fetchall()[0][0]
    yield f"of {amount(moves, 'move')} off their machine", breaches, "wb.off_machine"
    yield "lives that break a rule", broken, "wb.holds"
    yield "findings in the machines", faults, "wb.check"
    yield "rows rejected", rejected, "log.rejected"


def _why(breaches: Sequence[Row], moves: int) -> str:
    """Return how many moves break a machine, and for which reasons."""
    if not breaches:
        return f"None among {amount(moves, 'move')}."
    reasons = Counter(str(row["why"]) for row in breaches).most_common()
    return (
        f"{len(breaches):,} of {amount(moves, 'move')}: "
        + ", ".join(f"{many:,} x {why}" for why, many in reasons)
        + "."
    )


def _breach(row: Row) -> Row:
    return {
        "aggregate": f"{row['type']} {row['aggregate_id']}",
        "place": row["place"],
        "occurred_at": row["occurred_at"],
        "move": f"{row['from_state'] or ''} → {row['to_state']}".strip() if row["to_state"] else None,
        "event": row["event_type"],
        "actor": row["actor"],
        "why": row["why"],
    }


def _finding(fault: Any) -> Row:
    place = f"{fault.file}:{fault.line}:{fault.column}"
    return {"place": place, "code": fault.code, "severity": fault.severity, "finding": fault.message}


def _many(number: int, one: str, several: str = "") -> str:
    return f"{amount(number, one, several)} {'breaks' if number == 1 else 'break'}"
