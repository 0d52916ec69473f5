"""Exchange: machines read from the files of other tools, and written for them."""

from __future__ import annotations

from workbench.machines.exchange.forms import FORMS, READABLE, WRITABLE, Written, read_any, write_as

__all__ = ["FORMS", "READABLE", "WRITABLE", "Written", "read_any", "write_as"]
