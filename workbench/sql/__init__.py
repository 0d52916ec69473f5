"""The only floor that names a stored table: SQL texts, connections, values and slices."""

from workbench.sql.connection import Database, connect, run, scratch_folder
from workbench.sql.groups import By, Key, calendar_zone, grouped, keys, unpacked
from workbench.sql.macros import macros
from workbench.sql.slices import Asked, Choice, Slice, prelude, stored
from workbench.sql.texts import literal, render, single_select, text

__all__ = [
    "Asked", "By", "Choice", "Database", "Key", "Slice", "calendar_zone", "connect", "grouped", "keys", "literal",
    "macros", "prelude", "render", "run", "scratch_folder", "single_select", "stored", "text", "unpacked",
]  # fmt: skip
