"""What is no log of this version is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from stored_shop import Shop

import workbench as wb
from workbench.errors import LogError
from workbench.events import import_into
from workbench.sql import connect


def test_a_log_written_by_a_newer_version_is_refused(log: Path, shop: Shop) -> None:
    connect(log).connection.execute("UPDATE about SET format = 99")
    for write in (False, True):
        with pytest.raises(LogError, match=r"was written by a newer version .*: upgrade statecraft-workbench"):
            wb.open_log(log, write=write)
    with pytest.raises(LogError, match="newer version"):
        import_into(log, [shop.export], replace_file=True)


def test_what_is_no_log_is_said_so(tmp_path: Path) -> None:
    database, text, half = (tmp_path / name for name in ("other.duckdb", "text.duckdb", "half.duckdb"))
    duckdb.connect(database).execute("CREATE TABLE about AS SELECT 1 AS x").close()
    text.write_text("id,name\n1,a\n")
    half.write_bytes(b"\0" * 8 + b"DUCK" + b"\0" * 500)
    expected = {
        database: "is a DuckDB database but not a log",
        text: "is not a log: it is no DuckDB file .import it first",
        half: "cannot be opened|is not a log|newer|is damaged",
        tmp_path: "is a folder: name the log file in it",
        tmp_path / "missing" / "a.duckdb": "there is no log",
        tmp_path / "othr.duckdb": "did you mean .*other.duckdb",
    }
    for path, sentence in expected.items():
        with pytest.raises(LogError, match=sentence) as told:
            wb.open_log(path)
        assert "\n" not in str(told.value)
