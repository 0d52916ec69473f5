"""How a file is matched against patterns without ever being held whole."""

from __future__ import annotations

import re
from typing import BinaryIO

from workbench.events.sources.landing import BLOCK, LINE_LIMIT


class Window:
    """The part of a file that is being read: `data[at:]` is next, `base` is where data begins in the file."""

    def __init__(self, file: BinaryIO, offset: int = 0) -> None:
        file.seek(offset)
        self.file, self.base, self.at = file, offset, 0
        self.data, self.ended = b"", False

    @property
    def offset(self) -> int:
        """Where the next byte stands in the file."""
        return self.base + self.at

    @property
    def left(self) -> int:
        """How many bytes of the window are still to be read."""
        return len(self.data) - self.at

    def grow(self) -> bool:
        """Drop what was read and read on; false once the file has ended."""
        block = self.file.read(BLOCK)
        self.data, self.base, self.at = self.data[self.at :] + block, self.base + self.at, 0
        self.ended = not block
        return bool(block)

    def match(self, pattern: re.Pattern[bytes], limit: int) -> re.Match[bytes] | None:
        """Match at the next byte, reading on (up to `limit` bytes) while more bytes could change the answer."""
        while True:
            found = pattern.match(self.data, self.at)
            if (found and found.end() < len(self.data)) or self.ended or self.left > limit:
                return found
            self.grow()

    def skip(self, pattern: re.Pattern[bytes], stop: re.Pattern[bytes]) -> None:
        """Move past all that the pattern matches, until `stop` comes next or nothing more can be read."""
        while True:
            if found := pattern.match(self.data, self.at):
                self.at = found.end()
            if stop.match(self.data, self.at) or self.left > LINE_LIMIT or not self.grow():
                return
