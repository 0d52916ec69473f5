"""The only floor that names a stored table: SQL texts, connections, values and slices."""

from workbench.sql.connection import Database, connect, run
from workbench.sql.slices import Slice, prelude
from workbench.sql.texts import literal, render, single_select, text

__all__ = ["Database", "Slice", "connect", "literal", "prelude", "render", "run", "single_select", "text"]
