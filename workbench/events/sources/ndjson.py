"""How a file of JSON lines is read: in place when its bytes are clean, else through a cleaned copy."""

from __future__ import annotations

import codecs
import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from workbench.events.sources.landing import (
    BLOCK,
    DELIMITER,
    LINE_LIMIT,
    Asked,
    Checkpoint,
    Landed,
    Refused,
    keys_of,
    lines_query,
)
from workbench.events.sources.lines import clean_copy, find_lines, first_lines, longest_line

_BOM = codecs.BOM_UTF8
_ODD_BYTES = (b"\r", b"\0", DELIMITER.encode())


@dataclass
class BytePass:
    """What one pass over the bytes of a file found."""

    size: int = 0
    newlines: int = 0
    longest: int = 0
    clean: bool = True
    ended: bool = True
    checkpoints: list[Checkpoint] = field(default_factory=lambda: [Checkpoint(0, 0)])
    sha256: str = ""

    @property
    def rows(self) -> int:
        """Lines of the file; what follows the last newline counts only when it is not empty."""
        return self.newlines + (not self.ended)


def scan(asked: Asked) -> BytePass:
    """Return size, sha256, lines and whether DuckDB may read the file in place, from one pass over its bytes."""
    found, total = BytePass(), asked.path.stat().st_size
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    tail = 0
    with asked.path.open("rb", buffering=0) as file, ThreadPoolExecutor(1) as beside:
        pending: Future[None] | None = None
        while block := file.read(BLOCK):
            if pending is not None:
                pending.result()
            pending = beside.submit(digest.update, block)
            if found.clean:
                found.clean = _is_clean(block, decoder, first=found.size == 0, after_newline=tail == 0)
            tail = _measure(found, block, tail)
            found.size += len(block)
            asked.tell(found.size, total)
    found.ended = tail == 0
    found.longest = max(found.longest, tail)
    found.sha256 = digest.hexdigest()
    if decoder.getstate()[0] or found.longest > LINE_LIMIT:
        found.clean = False
    return found


def _is_clean(block: bytes, decoder: codecs.IncrementalDecoder, *, first: bool, after_newline: bool) -> bool:
    """Whether a block holds nothing that DuckDB's line reader loses, doubles or chokes on."""
    if any(byte in block for byte in _ODD_BYTES) or b"\n\n" in block or (after_newline and block.startswith(b"\n")):
        return False
    if first and block.startswith(_BOM):
        return False
    if block.isascii() and not decoder.getstate()[0]:
        return True
    try:
        decoder.decode(block)
    except UnicodeDecodeError:
        decoder.reset()
        return False
    return True


def _measure(found: BytePass, block: bytes, tail: int) -> int:
    """Count the newlines of a block and bound its longest line; return the bytes after its last newline."""
    count = block.count(b"\n")
    if not count:
        return tail + len(block)
    found.longest = max(found.longest, tail + block.find(b"\n"))
    found.newlines += count
    last = block.rfind(b"\n")
    found.checkpoints.append(Checkpoint(found.newlines, found.size + last + 1))
    found.longest = max(found.longest, longest_line(block))
    return len(block) - last - 1


def land_ndjson(asked: Asked) -> Landed:
    """Return the lines of a file, read in place if clean; each line that cannot be read is refused with its bytes."""
    found = scan(asked)
    query, rows = lines_query(asked.path, found.longest), found.rows
    refused: tuple[Refused, ...] = ()
    if not found.clean:
        sheet = clean_copy(asked)
        query, rows, refused = sheet.query, sheet.rows, tuple(sheet.refused)
    return Landed(
        name=asked.name,
        kind="ndjson",
        query=query,
        rows=rows,
        refused=refused,
        sha256=found.sha256,
        size=found.size,
        zone=None,
        columns=keys_of(first_lines(asked.path)),
        headerless=False,
        locate=partial(find_lines, asked.path, found.checkpoints),
        upto=found.size,
    )
