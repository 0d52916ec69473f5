"""Every .sql file says its question and is SQL that a second parser understands too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlglot

PACKAGE = Path(__file__).resolve().parents[2] / "workbench"
SQL = sorted(PACKAGE.rglob("*.sql"))


def test_there_are_sql_files():
    assert SQL


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.name)
def test_first_line_is_a_comment(path: Path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("-- ")
    assert len(first) > len("-- ") + 10


@pytest.mark.parametrize("path", SQL, ids=lambda path: path.name)
def test_sql_is_understood_by_sqlglot(path: Path):
    known = re.sub(r" USING COMPRESSION \w+", "", path.read_text(encoding="utf-8"))  # DuckDB's, which sqlglot lacks
    statements = sqlglot.parse(known, read="duckdb")
    assert any(statement is not None for statement in statements)
    assert not [s for s in statements if isinstance(s, sqlglot.exp.Command)], "sqlglot took a statement as opaque text"


def test_text_becomes_a_time_in_one_place_only():
    """`'...+02:00'::TIMESTAMP` drops the offset without a word; values rendered by us, and NULL, are no text."""
    allowed = re.compile(r"(\$\w+|NULL|::TIMESTAMPTZ)::TIMESTAMP\b")
    told = []
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in {".py", ".sql"} and path.name != "staging.py":
            text = path.read_text(encoding="utf-8")
            told += [path.name for _ in re.findall(r"::TIMESTAMP\b(?!TZ)", allowed.sub("", text))]
    assert told == []


def test_an_arrow_stands_in_brackets_where_it_is_compared():
    """DuckDB 1 binds it last: `a ->> 'b' = c` is `a ->> ('b' = c)` there, and evidence is for any DuckDB."""
    compared = re.compile(r"->>? '[^']*'\s+(=|<|>|!|IS\b|IN\b|NOT\b|LIKE\b|\|\|)|(=|<|>|\|\|)\s+[\w.]+ ->>? '")
    assert [path.name for path in SQL if compared.search(path.read_text(encoding="utf-8"))] == []
