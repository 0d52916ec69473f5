"""Which files do the numbers come from, and how can that be checked?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report.markup import Section, table

if TYPE_CHECKING:
    from workbench.custody import Provenance


def sources(origin: Provenance) -> Section:
    """Return every file the log and the machines were read from, each with its sha256; and the versions that did."""
    asked = "the whole log" if not origin.part.sql else origin.part.python
    lead = (
        f"Every file the log was made of; read = loaded + duplicate + rejected. Asked of {asked}, "
        f"by workbench {origin.workbench} on DuckDB {origin.duckdb}; the log was written by {origin.log_written_by}."
    )
    imports = [
        {
            "source": one.source, "mapping": one.mapping, "zone": one.zone, "zone_assumed": one.zone_assumed,
            "read": one.read, "loaded": one.loaded, "duplicate": one.duplicate, "rejected": one.rejected,
            "sha256": one.sha256,
        }
        for one in origin.imports
    ]  # fmt: skip
    machines = [
        {"machines": ", ".join(one.machines), "file": one.file, "sha256": one.sha256} for one in origin.machines
    ]
    note = "<p class='more'>The same as JSON stands in this page's source, in the element with the id provenance.</p>"
    return Section(
        "Where the numbers come from", lead, ("log.imports", "wb.Provenance.of(log, machines=machines)"),
        tables=(table(imports), table(machines)), html=note,
    )  # fmt: skip
