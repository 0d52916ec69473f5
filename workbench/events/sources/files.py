"""Which kind of file a path leads to, and whether it can be read at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from pathlib import Path

from workbench.errors import SourceError, did_you_mean
from workbench.events.sources.landing import BLOCK, LINE_LIMIT

HEAD = 1 << 16
_LINES = {".ndjson", ".jsonl"}
_PACKED_NAMES = {".gz", ".gzip", ".tgz", ".zst", ".zstd"}
_WRAPPER = re.compile(rb'\{(?:\s*"[^"]*"\s*:\s*(?:"[^"]*"|\d+)\s*,)*\s*"[^"]*"\s*:\s*\[\s*\{')
_BOM = b"\xef\xbb\xbf"
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PAR1": "parquet",
    b"SQLite format 3\0": "sqlite",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_FOREIGN = {
    b"PK\x03\x04": "a zip archive (or an Excel workbook): unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV",
    b"%PDF": "a PDF",
    b"BZh": "packed by bzip2: unpack it first (bunzip2 -k)",
    b"\xfd7zXZ\0": "packed by xz: unpack it first (xz -dk)",
    b"7z\xbc\xaf": "a 7z archive: unpack it first",
    b"ARROW1": "an Arrow file: write it as Parquet",
    b"Obj\x01": "an Avro file: write it as Parquet or JSON lines",
}
_SQL_STARTS = (
    b"--",
    b"/*",
    b"insert ",
    b"create ",
    b"drop ",
    b"set ",
    b"use ",
    b"lock ",
    b"start transaction",
    b"begin",
)


def check_readable(path: Path) -> int:
    """Return the size of a file, or say in a sentence why it cannot be read.

    Raises
    ------
    SourceError
        When there is no such file, it is a folder or no plain file, it may not be read, or it is empty.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        raise SourceError(_missing(path)) from None
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_ISDIR(state.st_mode):
        raise SourceError(f"{path} is a folder: name the export files in it, one or several")
    if not stat.S_ISREG(state.st_mode):
        raise SourceError(f"{path} is not a plain file (a pipe or a device): save its content to a file first")
    if not os.access(path, os.R_OK):
        raise SourceError(f"{path} may not be read by this user: change its permissions or copy it")
    if not state.st_size:
        raise SourceError(f"{path} is empty: it holds no byte at all")
    return state.st_size


def _missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"no file {path}: there is no folder {folder}"
    files = (entry.name for entry in folder.iterdir() if entry.is_file())
    return f"no file {path.name} in {folder}{did_you_mean(path.name, files)}"


def kind_of(path: Path, name: str) -> str:
    """Return how a file is to be read: by its first bytes, and by its name only where they leave it open.

    Returns
    -------
    str
        gzip, zstd, utf-16, parquet, sqlite, mysqldump, json, ndjson or csv.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if Path(name).suffix.lower() in _PACKED_NAMES:
        raise SourceError(
            f"{name} is named like a packed file, but its first bytes are not: rename it if it is unpacked already"
        )
    if head[8:12] == b"DUCK":
        raise SourceError(f"{name} is a DuckDB database: open a stored log as one, or export its table to Parquet")
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise SourceError(f"{name} is {what}")
    return _kind_of_text(path, head, name)


def _kind_of_text(path: Path, head: bytes, name: str) -> str:
    head = head.removeprefix(_BOM)
    text = head.lstrip()
    if not text and len(head) < HEAD - len(_BOM):
        raise SourceError(f"{name} is empty: it holds nothing but white space")
    if _is_wide(head):
        raise SourceError(f"{name} looks like UTF-16 without a mark: convert it first (iconv -f utf-16le -t utf-8)")
    if _is_binary(head):
        raise SourceError(f"{name} is a binary file, not CSV, JSON, Parquet, SQLite or a mysqldump")
    if text.startswith(b"<"):
        raise SourceError(f"{name} is XML: export it as CSV, JSON lines or a mysqldump instead")
    suffix = Path(name).suffix.lower()
    if _mostly_objects(text) or (suffix in _LINES and _is_line_of_json(text)):
        return "ndjson"
    if text.startswith((b"{", b"[")):
        return "json" if _is_document(path) else "ndjson"
    return "mysqldump" if text[:20].lower().startswith(_SQL_STARTS) or suffix == ".sql" else "csv"


def packed_name(name: str) -> str:
    """Return the name of a packed file without what says that it is packed.

    Examples
    --------
    >>> packed_name("export.csv.gz")
    'export.csv'
    """
    return Path(name).stem if Path(name).suffix.lower() in _PACKED_NAMES else name


def _mostly_objects(text: bytes) -> bool:
    """Whether half the lines or more are an object each, whatever the first one is."""
    lines = [line.strip() for line in text.split(b"\n")[:-1] if line.strip()]
    objects = sum(line.startswith(b"{") and line.endswith(b"}") for line in lines)
    return len(lines) > 1 and objects * 2 >= len(lines)


def _is_line_of_json(text: bytes) -> bool:
    """Whether the first line may be a whole value, or another one begins like an object."""
    first = text.split(b"\n", 1)[0].rstrip()
    whole = first.startswith((b"{", b"[", b'"')) and not first.endswith((b",", b"{", b"["))
    return whole or b"\n{" in text


def _is_wide(head: bytes) -> bool:
    """Whether every other byte is NUL, as in UTF-16 of western text."""
    shares = sorted(head[start:4096:2].count(b"\0") / max(1, len(head[start:4096:2])) for start in (0, 1))
    return shares[0] < 0.1 and shares[1] > 0.8  # noqa: PLR2004  text has hardly another NUL, and few wide letters


def _is_binary(head: bytes) -> bool:
    """Whether the bytes hold more control bytes than any text or its damage explains."""
    odd = len(head) - len(head.translate(None, bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1b"))))
    return odd * 20 > len(head) and (b"\0" in head or not _is_utf8(head))


def _is_utf8(head: bytes) -> bool:
    """Whether the bytes are UTF-8, a letter cut at their end aside."""
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def _is_document(path: Path) -> bool:
    """Whether a file that begins with a bracket is one JSON document rather than JSON lines."""
    with path.open("rb") as file:
        first = file.readline(LINE_LIMIT).removeprefix(_BOM).strip() or file.readline(LINE_LIMIT).strip()
        second = file.read(HEAD).lstrip()[:1]
    if first.startswith(b"["):
        return second not in {b"{", b"["} or first in {b"[", b"[{"} or first.endswith(b",")
    return second != b"{" if second else first in {b"{", b""} or _wraps_rows(first)


def _wraps_rows(line: bytes) -> bool:
    """Whether the only line of a file is an object around an array of objects rather than one row."""
    try:
        whole = json.loads(line)
    except (ValueError, RecursionError):
        return _WRAPPER.match(line) is not None
    values = whole.values() if isinstance(whole, dict) else ()
    return any(isinstance(value, list) and value and all(isinstance(each, dict) for each in value) for value in values)


def digest(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()
