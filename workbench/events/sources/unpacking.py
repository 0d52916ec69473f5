"""How packed bytes become plain ones in the scratch folder: gzip, zstd, and text in UTF-16."""

from __future__ import annotations

import codecs
import gzip
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from workbench.errors import SourceError
from workbench.events.sources.landing import BLOCK, Asked

PACKED = {"gzip": ".gz", "zstd": ".zst"}
_RATIO, _SIZE = 200, 8 << 30


def unpack(asked: Asked, kind: str) -> Path:
    """Return a plain copy of a packed file, whole or not at all.

    Raises
    ------
    SourceError
        When the packed bytes are cut short or damaged, or unpack to absurdly many.
    """
    total = asked.path.stat().st_size
    handle, name = tempfile.mkstemp(prefix="plain-", dir=asked.scratch)
    with asked.path.open("rb") as packed, open(handle, "wb") as plain:  # noqa: PTH123  a descriptor
        written = 0
        for block in _blocks(asked, packed, kind):
            written += len(block)
            if written > _SIZE and written > _RATIO * total:
                raise SourceError(
                    f"{asked.name} unpacks to more than {_SIZE >> 30} GB, over {_RATIO} times its size: "
                    "unpack it yourself if that is meant"
                )
            plain.write(block)
            asked.tell(packed.tell(), total)
    if not written:
        raise SourceError(f"{asked.name} is empty: it unpacks to no byte at all")
    return Path(name)


def _blocks(asked: Asked, packed: BinaryIO, kind: str) -> Iterator[bytes]:
    """Yield the unpacked bytes; a truncated file raises rather than end early."""
    again = f"make or download it again (test it with {'gzip' if kind == 'gzip' else 'zstd'} -t)"
    zstd_error = _zstd().ZstdError if kind == "zstd" else zlib.error
    try:
        with _opened(packed, kind) as file:
            while block := file.read(BLOCK):
                yield block
    except EOFError as error:
        raise SourceError(f"{asked.name} is cut short: its packed data ends too early; {again}") from error
    except (gzip.BadGzipFile, zlib.error, zstd_error) as error:
        raise SourceError(f"{asked.name} is damaged: its packed data cannot be read ({error}); {again}") from error


def _opened(packed: BinaryIO, kind: str) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
    opened: IO[bytes] = _zstd().ZstdFile(packed)
    return opened


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def decode_utf16(asked: Asked) -> Path:
    """Return a copy of a UTF-16 (or UTF-32) file in UTF-8."""
    total = asked.path.stat().st_size
    handle, name = tempfile.mkstemp(prefix="utf8-", dir=asked.scratch)
    with asked.path.open("rb") as file, open(handle, "wb") as plain:  # noqa: PTH123  a descriptor
        wide = file.read(4) in {codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE}
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-32" if wide else "utf-16")()
        try:
            while block := file.read(BLOCK):
                plain.write(decoder.decode(block).encode())
                asked.tell(file.tell(), total)
            decoder.decode(b"", final=True)
        except UnicodeError as error:
            raise SourceError(
                f"{asked.name} begins as UTF-16 but is not UTF-16 throughout: convert it (iconv -t utf-8)"
            ) from error
    return Path(name)
