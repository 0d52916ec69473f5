"""How the lines of a file are taken one by one: copied without what cannot be read, or found again by number."""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.events.sources.landing import (
    BLOCK,
    DELIMITER,
    LINE_LIMIT,
    RAW_LIMIT,
    Asked,
    Checkpoint,
    Sheet,
    Spot,
    open_sheet,
)

_BOM = codecs.BOM_UTF8
_STEP = 1 << 16
_EDGE = DELIMITER.encode()
TOO_LONG = f"longer than {LINE_LIMIT >> 20} MB"


class Piece(NamedTuple):
    """Whole lines of a file, or (`over` set) the beginning of one line that is too long to hold."""

    offset: int
    body: bytes
    over: int | None = None


def pieces(file: BinaryIO, offset: int = 0) -> Iterator[Piece]:
    """Yield a file from `offset` on as blocks of whole lines; memory stays bounded however long a line is."""
    file.seek(offset)
    carry = b""
    while block := file.read(BLOCK):
        cut = block.rfind(b"\n") + 1
        if not cut:
            carry += block
            if len(carry) > LINE_LIMIT:
                over, carry = _skip_line(file, carry)
                yield Piece(offset, over.body, over.over)
                offset += (over.over or 0) + 1
            continue
        body = carry + block[:cut]
        yield Piece(offset, body)
        offset += len(body)
        carry = block[cut:]
    if carry:
        yield Piece(offset, carry)


def _skip_line(file: BinaryIO, carry: bytes) -> tuple[Piece, bytes]:
    """Read past a line that is too long; return its beginning with its length, and what follows it."""
    length = len(carry)
    while block := file.read(BLOCK):
        stop = block.find(b"\n")
        if stop >= 0:
            return Piece(0, carry[:RAW_LIMIT], length + stop), block[stop + 1 :]
        length += len(block)
    return Piece(0, carry[:RAW_LIMIT], length), b""


def clean_copy(asked: Asked) -> Sheet:
    """Return a copy whose lines DuckDB can read: CRLF as LF, no BOM, each line that cannot be read left empty."""
    total = asked.path.stat().st_size
    with asked.path.open("rb") as file, open_sheet(asked) as sheet:
        start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        for piece in pieces(file, start):
            if piece.over is not None:
                sheet.refuse(piece.offset, piece.over, piece.body, TOO_LONG)
                continue
            _copy_block(sheet, piece)
            asked.tell(piece.offset + len(piece.body), total)
    return sheet


def _copy_block(sheet: Sheet, piece: Piece) -> None:
    """Copy whole lines at once where nothing is wrong with them, else one by one."""
    body = piece.body.replace(b"\r\n", b"\n")
    if not body.endswith(b"\n"):
        body = body.removesuffix(b"\r") + b"\n"
    if len(body) <= LINE_LIMIT and not body.startswith(b"\n") and b"\n\n" not in body and flaw(body) is None:
        sheet.write(body, body.count(b"\n"), len(body))
        return
    offset = piece.offset
    for line in piece.body.removesuffix(b"\n").split(b"\n"):
        text = line.removesuffix(b"\r")
        reason = "empty line" if not text else flaw(text)
        if reason is None:
            sheet.write(text + b"\n", 1, len(text))
        else:
            sheet.refuse(offset, len(text), text, reason)
        offset += len(line) + 1


def flaw(text: bytes) -> str | None:
    """Return why these bytes cannot be a line for DuckDB, or None; the words are the same for the same flaw."""
    reason = text_flaw(text)
    if reason is None and b"\r" in text:
        reason = "a carriage return inside the line"
    if reason is None and _EDGE in text:
        reason = "a bare control byte 0x1f"
    return reason


def text_flaw(text: bytes) -> str | None:
    """Return why these bytes are no text of a row, or None."""
    if len(text) > LINE_LIMIT:
        return TOO_LONG
    if b"\0" in text:
        return "a NUL byte"
    try:
        text.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    return None


def longest_line(block: bytes) -> int:
    """Return a bound on the longest whole line of a block: exact above 64 kB, which few steps prove."""
    start, last, longest = 0, block.rfind(b"\n"), _STEP
    while start < last:
        stop = block.rfind(b"\n", start, start + _STEP)
        if stop < 0:
            stop = block.find(b"\n", start)
            longest = max(longest, stop - start)
        start = stop + 1
    return longest


def first_lines(path: Path, count: int = 100) -> list[bytes]:
    """Return the first lines of a file, a byte-order mark and lines over the limit left out; fewer if they are long."""
    found: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        while len(found) < count and size < 2 * LINE_LIMIT and (line := file.readline(LINE_LIMIT)):
            if len(line) < LINE_LIMIT:
                found.append(line)
                size += len(line)
            while line and not line.endswith(b"\n"):
                line = file.readline(LINE_LIMIT)
    return found


def find_lines(path: Path, checkpoints: Sequence[Checkpoint], positions: Sequence[int]) -> dict[int, Spot]:
    """Return for each line number (from 1) where the line begins, its length without its end, and its first bytes."""
    counts = [checkpoint.rows for checkpoint in checkpoints]
    found: dict[int, Spot] = {}
    with path.open("rb") as file:
        at = offset = 0
        bom = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        file.seek(0)
        for position in sorted(set(positions)):
            near = checkpoints[bisect_right(counts, position - 1) - 1]
            if near.rows > at:
                at, offset = near
                file.seek(offset)
            while at < position:
                begin, (length, raw, end) = offset, _read_line(file)
                at, offset = at + 1, offset + end
            skip = bom if begin == 0 else 0
            found[position] = (begin + skip, length - skip, raw[skip:])
    return found


def find_sheet_lines(path: Path, positions: Sequence[int]) -> dict[int, Spot]:
    """Return rows of a source that has no bytes of its own as the JSON they became, without an offset."""
    found = find_lines(path, [Checkpoint(0, 0)], positions)
    return {position: (None, None, raw) for position, (_, _, raw) in found.items()}


def _read_line(file: BinaryIO) -> tuple[int, bytes, int]:
    """Return the length of the next line without its end, its first bytes, and its length with the end."""
    raw = piece = file.readline(RAW_LIMIT)
    whole, last = len(raw), raw[-2:]
    while piece and not last.endswith(b"\n"):
        piece = file.readline(RAW_LIMIT)
        whole, last = whole + len(piece), (last + piece)[-2:]
    end = 2 if last == b"\r\n" else int(last.endswith(b"\n"))
    return whole - end, raw[: whole - end], whole
