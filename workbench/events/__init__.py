"""How does an export become a log: canonical events, moves and lives in DuckDB?"""

from workbench.events.adding import Options
from workbench.events.imports import ImportReport
from workbench.events.log import EventLog
from workbench.events.mapping import Mapping, mappings, read_mapping
from workbench.events.previewing import Preview, preview
from workbench.events.storing import import_into, open_log, read_events

__all__ = [
    "EventLog", "ImportReport", "Mapping", "Options", "Preview", "import_into", "mappings", "open_log", "preview",
    "read_events", "read_mapping",
]  # fmt: skip
