"""How is a question's SQL found, and how do values get into it?

Every statement stands in a `.sql` file beside this module; `$name` is replaced by a literal that
DuckDB itself has quoted, never by string formatting of a user's text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb

from workbench.errors import LogError
from workbench.sql.complaints import complaint

_TABLES = {"events", "moves", "lives", "variants", "rosters", "changes"}
_QUALIFIED_VIEW = re.compile(r'(?i)(\bfrom|\bjoin|,)\s*[\w"]+(\s*\.\s*[\w"]+)*\s*\.\s*"?changes\b')
_AS_IN = re.compile(r"(FROM|JOIN) (\w+) -- as in ([\w/]+)\.sql")
_HOLE = re.compile(r"--[^\n]*|\$([a-z_]+)\b")  # a line break in a value would end a comment that holds it


@cache
def text(name: str) -> str:
    """Return the SQL of `workbench/sql/<name>.sql`; a table "as in" another file is what that file says."""
    own = files("workbench.sql").joinpath(f"{name}.sql").read_text(encoding="utf-8")
    return _AS_IN.sub(lambda found: f"{found[1]} ({text(found[3])}) AS {found[2]}", own)


def literal(value: Any) -> str:
    """Return a value as SQL: quoted by DuckDB, whatever it holds; an object, or a list of them, as JSON to be cast.

    Examples
    --------
    >>> literal("O'Hara")
    "'O''Hara'"
    """
    if isinstance(value, dict) or (isinstance(value, (list, tuple)) and value and isinstance(value[0], dict)):
        return f"{literal(json.dumps(value))}::JSON"  # read thirty times as fast as literals of STRUCTs
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(literal(item) for item in value) + "]"
    return str(duckdb.ConstantExpression(value))


def pointer(keys: Iterable[str]) -> str:
    """Return the JSON pointer of keys one inside the other; numbers are places of a list.

    Examples
    --------
    >>> pointer(["items", "0", "a/b"]), pointer([])
    ('/items/0/a~1b', '')
    """
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def render(sql: str, **values: Any) -> str:
    """Return the SQL with each `$name` outside of comments replaced by its value as a literal.

    Examples
    --------
    >>> render("SELECT $state", state="paid")
    "SELECT 'paid'"
    """
    return _HOLE.sub(lambda hole: literal(values[hole[1]]) if hole[1] else hole[0], sql)


def single_select(sql: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return a user's text if it is exactly one reading statement, else say what it is.

    Raises
    ------
    LogError
        For a syntax error, several statements, or one that would write.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise LogError(f"the query cannot be read: {complaint(error)}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise LogError("write exactly one SELECT (or FROM ...): a log is asked, not changed, by SQL")
    query = statements[0].query.strip().rstrip(";")
    if _qualified(query, connection) or re.search(r"(?i)\bquery(_table)?\s*\(", query):
        raise LogError(
            "write table names without a database or schema before them (moves, not main.moves), nor by query(): "
            "such a name would answer from the whole log, whatever part of it you hold"
        )
    return query


def _qualified(query: str, connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether a query names one of our tables in a way that passes by the slice around it."""
    if _QUALIFIED_VIEW.search(query):  # a view would be told by the tables it reads
        return True
    try:
        names = connection.get_table_names(query, qualified=True)
    except duckdb.Error:  # what cannot be bound is told when it is asked
        return False
    return any("." in name and name.rpartition(".")[2].strip('"').lower() in _TABLES for name in names)
