"""What came of an import, and how is it said?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Table
from dataclasses import dataclass, field

from workbench.cards import amount, card, table, visible


@dataclass(frozen=True, repr=False)
class ImportReport:
    """What one import (or several together) read, and what became of every row.

    `read = loaded + duplicate + rejected`, always.
    """

    source: str
    mapping: str
    why: str
    read: int
    loaded: int
    duplicate: int
    rejected: int
    reasons: Table[str, int] = field(default_factory=dict)
    zone: str = "UTC"
    zone_assumed: bool = False
    ambiguous_hours: int = 0
    seconds: float = 0.0
    import_ids: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        read = amount(self.read, "row")
        counts = f"{self.loaded:,} loaded, {self.duplicate:,} duplicate, {self.rejected:,} rejected"
        lines = [f"{self.source}: {read} read as {self.mapping} ({self.why}): {counts}, {self.seconds:.1f} s"]
        lines += [f"  rejected {count:,}: {reason}" for reason, count in self.reasons.items()]
        return "\n".join([*lines, *(f"  {note}" for note in self._said())])

    def _said(self) -> list[str]:
        """Return what is to be known of its times, then its notes."""
        said = []
        if self.zone_assumed:
            said.append(f"times without an offset were taken as {self.zone}; say so with timezone= if they are not")
        if self.ambiguous_hours:
            said.append(
                f"{self.ambiguous_hours:,} local times fall in an hour that {self.zone} has twice or not at all"
            )
        return [*said, *self.notes]

    def __repr__(self) -> str:
        return "<ImportReport of " + "\n".join(map(visible, str(self).split("\n"))) + ">"

    def _repr_html_(self) -> str:
        counts = (
            ("read", self.read),
            ("loaded", self.loaded),
            ("duplicate", self.duplicate),
            ("rejected", self.rejected),
        )
        told = table(tuple(name for name, _ in counts), [[f"{number:,}" for _, number in counts]])
        reasons = table(("rejected because", "rows"), self.reasons.items())
        return card(self.source, told, reasons, *self._said(), note=f"{self.mapping}: {self.why}; {self.seconds:.1f} s")


def together(reports: list[ImportReport]) -> ImportReport:
    """Return one report for several imports."""
    if len(reports) == 1:
        return reports[0]
    reasons: Counter[str] = Counter()
    for report in reports:
        reasons.update(report.reasons)
    return ImportReport(
        source=", ".join(report.source for report in reports),
        mapping=", ".join(dict.fromkeys(report.mapping for report in reports)),
        why=f"{len(reports)} sources",
        read=sum(report.read for report in reports),
        loaded=sum(report.loaded for report in reports),
        duplicate=sum(report.duplicate for report in reports),
        rejected=sum(report.rejected for report in reports),
        reasons=dict(reasons.most_common()),
        zone=", ".join(dict.fromkeys(report.zone for report in reports)),
        zone_assumed=any(report.zone_assumed for report in reports),
        ambiguous_hours=sum(report.ambiguous_hours for report in reports),
        seconds=sum(report.seconds for report in reports),
        import_ids=tuple(number for report in reports for number in report.import_ids),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
    )
