"""A source is landed, and its lines are read back."""

import json
import sys
from pathlib import Path

import duckdb
import pytest

from workbench.events.sources import land

sys.path.append(str(Path(__file__).parent))  # for what these tests share


@pytest.fixture
def lines_of(tmp_path):
    """Land a source; return what is told of it, and its lines."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    connection = duckdb.connect()
    connection.execute("SET GLOBAL TimeZone = 'UTC'")

    def landing(source, **asked):
        landed = land(source, connection=connection, scratch=scratch, **asked)
        lines = connection.sql(landed.query).fetchall()
        assert [position for position, _ in lines] == list(range(1, landed.rows + 1))
        return landed, [line for _, line in lines]

    yield landing
    connection.close()


@pytest.fixture
def read(tmp_path, lines_of):
    """Read a source, or a file of this name and content; return what is told of it, and its rows."""

    def reading(source, content=None, **asked):
        if isinstance(source, str):
            source = tmp_path / source
            if content is not None:
                source.write_bytes(content if isinstance(content, bytes) else content.encode())
        landed, lines = lines_of(source, **asked)
        return landed, [json.loads(line) if line else None for line in lines]

    return reading
