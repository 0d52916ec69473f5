"""The only floor that names a stored table: SQL texts, connections, values and slices."""

from workbench.sql.complaints import complaint
from workbench.sql.connection import Database, connect, run, scratch_folder, wal
from workbench.sql.copying import copy_out, place_to_copy
from workbench.sql.groups import By, Key, calendar_zone, grouped, keys, unpacked
from workbench.sql.hours import hours, in_hours
from workbench.sql.keeping import install_changes, keep_changes, keeps_changes, kept_changes, renew_changes
from workbench.sql.macros import answered, make_macros
from workbench.sql.moments import moment_inputs, moment_of
from workbench.sql.slices import Asked, Choice, Slice, prelude, stored
from workbench.sql.texts import literal, pointer, render, single_select, text

__all__ = [
    "Asked", "By", "Choice", "Database", "Key", "Slice", "answered", "calendar_zone", "complaint", "connect",
    "copy_out", "grouped", "hours", "in_hours", "install_changes", "keep_changes", "keeps_changes", "kept_changes",
    "keys", "literal", "make_macros", "moment_inputs", "moment_of", "place_to_copy", "pointer", "prelude", "render",
    "renew_changes", "run", "scratch_folder", "single_select", "stored", "text", "unpacked", "wal",
]  # fmt: skip
