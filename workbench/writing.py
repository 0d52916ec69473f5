"""How does a file come to be, whole or not at all?"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from workbench.errors import SourceError


@contextmanager
def whole_file(target: str | Path) -> Iterator[Path]:
    """Give a file beside the target, which takes the target's place when all has gone well; else it is gone.

    What is no ordinary file (a pipe, /dev/stdout) is written as it is.

    Raises
    ------
    SourceError
        When the target cannot be written, and why; what was there before is as it was.
    """
    named, place = Path(target), Path(os.path.realpath(target))
    try:
        if named.exists() and not named.is_file():
            yield named
            return
        part = place.with_name(f".workbench-{token_hex(8)}{''.join(place.suffixes[-2:])}")
        part.touch(exist_ok=False)
        try:
            yield part
            part.replace(place)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
    except OSError as error:
        raise SourceError(f"{named} cannot be written: {why_not_written(error, place)}") from error


def check_writable(target: str | Path, *read: str | Path) -> None:
    """Refuse a file that could not be written, before much work is done for it.

    Parameters
    ----------
    target
        The file to write.
    read
        Files that are read for it, and must not be lost.

    Raises
    ------
    SourceError
        When it is a folder or one of those files, or nobody may write where it is to be.
    """
    place = Path(target)
    if place.exists() and any(Path(one).exists() and place.samefile(one) for one in read):
        raise SourceError(f"{target} is what is read, and would be lost: name another file to write")
    if place.is_dir():
        raise SourceError(f"{target} cannot be written: it is a folder")
    folder = place if place.exists() and not place.is_file() else place.absolute().parent
    if not folder.exists():
        raise SourceError(f"{target} cannot be written: there is no folder {folder}")
    if not os.access(folder, os.W_OK):
        raise SourceError(f"{target} cannot be written: no permission to write in {folder}")


def write_text(target: str | Path, text: str) -> None:
    """Write a text file whole or not at all, as UTF-8; what cannot be encoded becomes a question mark."""
    with whole_file(target) as part:
        part.write_bytes(text.encode("utf-8", "replace"))


def why_not_written(error: OSError, target: Path) -> str:
    """Return why a file could not be written, in words about the target."""
    said = {
        errno.ENOENT: f"there is no folder {target.parent}",
        errno.ENOTDIR: f"{target.parent} is no folder",
        errno.EISDIR: "it is a folder",
        errno.EACCES: f"no permission to write in {target.parent}",
        errno.EPERM: f"no permission to write in {target.parent}",
        errno.EROFS: f"{target.parent} is read-only",
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
    }
    return said.get(error.errno or 0, error.strerror or str(error))
