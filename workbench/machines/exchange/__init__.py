"""Exchange: machines read from the files of other tools, and written for them."""

from __future__ import annotations

from workbench.machines.exchange.forms import FORMS, READABLE, WRITABLE, Written, files_as, form_of, write_as
from workbench.machines.exchange.reading import read_any, read_any_text

__all__ = [
    "FORMS",
    "READABLE",
    "WRITABLE",
    "Written",
    "files_as",
    "form_of",
    "read_any",
    "read_any_text",
    "write_as",
]
