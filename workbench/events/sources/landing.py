"""What a source looks like once it has been read: one JSON object a line, every row accounted for."""

from __future__ import annotations

import json
import os
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from workbench.errors import SourceError

if TYPE_CHECKING:
    import duckdb

BLOCK = 4 << 20
LINE_LIMIT = 16 << 20
RAW_LIMIT = 1 << 16
REFUSED_LIMIT = 1_000_000
REFUSED_BYTES = 512 << 20
CHECKPOINT_EVERY = 4096
DELIMITER = "\x1f"

Progress = Callable[[int, int], None]
Spot = tuple[int | None, int | None, bytes]
Locate = Callable[[Sequence[int]], dict[int, Spot]]


@dataclass(frozen=True)
class Refused:
    """A row that cannot even be read as an object line; raw holds its first 64 kB."""

    position: int
    offset: int | None
    length: int | None
    raw: bytes
    reason: str


@dataclass(frozen=True)
class Landed:
    """A source as JSON lines: `query` yields (position, line) for each of `rows` rows, refused ones with an empty line.

    `columns` are the keys of the first 100 rows; `zone` is one the source itself declares, and speaks of
    `zoned_columns` only; `locate` finds the bytes of a row in the (decompressed) source; `notes` say in a
    sentence each what was done to the bytes on the way. A source that can grow says how far it was read: `upto` this
    byte, or this rowid of a table whose `last_row` has this sha256; `before` counts the rows of earlier readings.
    """

    name: str
    kind: str
    query: str
    rows: int
    refused: tuple[Refused, ...]
    sha256: str | None
    size: int
    zone: str | None
    columns: tuple[str, ...]
    headerless: bool
    locate: Locate
    zoned_columns: tuple[str, ...] = ()
    table: str | None = None
    notes: tuple[str, ...] = ()
    upto: int | None = None
    last_row: str | None = None
    before: int = 0


@dataclass(frozen=True)
class Asked:
    """A file to read and how its reader was asked to read it."""

    path: Path
    name: str
    connection: duckdb.DuckDBPyConnection
    scratch: Path
    table: str | None = None
    columns: tuple[str, ...] | None = None
    fits: Callable[[Sequence[str]], bool] | None = None
    progress: Progress | None = None

    def tell(self, done: int, total: int) -> None:
        """Report progress, if anybody listens."""
        if self.progress is not None:
            self.progress(done, total)


class Checkpoint(NamedTuple):
    """`rows` rows of a source end just before byte `offset`."""

    rows: int
    offset: int


@dataclass
class Sheet:
    """A file of JSON lines being written in the scratch folder, with its refused rows left empty."""

    path: Path
    file: BinaryIO
    source: str
    rows: int = 0
    longest: int = 0
    held: int = 0
    refused: list[Refused] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=lambda: [Checkpoint(0, 0)])

    def write(self, lines: bytes, rows: int, longest: int) -> None:
        """Add `rows` whole lines, none longer than `longest` bytes."""
        self.file.write(lines)
        self.rows += rows
        self.longest = max(self.longest, longest)

    def refuse(self, offset: int | None, length: int | None, raw: bytes, reason: str) -> None:
        """Add an empty line for a row that cannot be read, and keep its bytes and the reason."""
        self.file.write(b"\n")
        self.rows += 1
        self.held += min(len(raw), RAW_LIMIT)
        if len(self.refused) >= REFUSED_LIMIT or self.held > REFUSED_BYTES:
            raise SourceError(
                f"{self.source} has more than {len(self.refused):,} rows that cannot be read, the last because of "
                f"{reason!r}: convert the file (iconv -t utf-8) or say another format"
            )
        self.refused.append(Refused(self.rows, offset, length, bytes(raw[:RAW_LIMIT]), reason))

    def passed(self, offset: int) -> None:
        """Remember that all rows so far end before `offset`, now and then."""
        if self.rows >= self.checkpoints[-1].rows + CHECKPOINT_EVERY:
            self.checkpoints.append(Checkpoint(self.rows, offset))

    @property
    def query(self) -> str:
        """The SELECT of position and line over what was written."""
        return lines_query(self.path, self.longest)


@contextmanager
def open_sheet(asked: Asked) -> Iterator[Sheet]:
    """Give an empty sheet in the scratch folder, written to disk when the block ends."""
    handle, path = tempfile.mkstemp(prefix="lines-", suffix=".ndjson", dir=asked.scratch)
    with os.fdopen(handle, "wb", buffering=1 << 20) as file:
        yield Sheet(Path(path), file, asked.name)


def text_literal(text: str) -> str:
    """Return the text as an SQL literal.

    Examples
    --------
    >>> text_literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def path_literal(path: Path) -> str:
    """Return an SQL literal that names this one file, whatever wildcards its name holds."""
    name = str(path.resolve())
    for wildcard in "[*?":
        name = name.replace(wildcard, "[[]" if wildcard == "[" else f"[{wildcard}]")
    return text_literal(name)


def lines_query(path: Path, longest: int) -> str:
    """Return the SELECT that yields each line of a clean UTF-8 file as (position, line), in the file's order."""
    return (
        "SELECT row_number() OVER () AS position, line FROM read_csv("
        f"{path_literal(path)}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=false, "
        f"delim='{DELIMITER}', quote='', escape='', comment='', new_line='\\n', null_padding=false, "
        f"compression='none', max_line_size={max(longest + 2, 2_000_000)})"
    )


def keys_of(lines: Iterable[bytes]) -> tuple[str, ...]:
    """Return the keys of the objects among some lines, in order of first sight."""
    keys: dict[str, None] = {}
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            keys.update(dict.fromkeys(row))
    return tuple(keys)


def find_again(
    spots: Callable[[int], Iterator[Spot]], checkpoints: Sequence[Checkpoint], positions: Sequence[int]
) -> dict[int, Spot]:
    """Return where rows are in their source by reading it again from the checkpoint before each.

    Parameters
    ----------
    spots : callable
        Yields the place of each row from a byte offset on.
    checkpoints : sequence of Checkpoint
        Offsets at which a row begins.
    positions : sequence of int
        Numbers of rows, from 1.
    """
    counts = [checkpoint.rows for checkpoint in checkpoints]
    found: dict[int, Spot] = {}
    reading: Iterator[Spot] = iter(())
    at = -1
    for position in sorted(set(positions)):
        near = checkpoints[bisect_right(counts, position - 1) - 1]
        if near.rows > at:
            reading, at = spots(near.offset), near.rows
        for spot in reading:
            at += 1
            if at == position:
                found[position] = spot
                break
    return found
