"""How bytes become a JSON string: as they stand, or out of MySQL's backslashes."""

from __future__ import annotations

import json
import re

NO_CONTROL = re.compile(rb"[^\x00-\x1f]*+")
_SINGLE = {
    b"\\0": b"\0",
    b"\\b": b"\b",
    b"\\n": b"\n",
    b"\\r": b"\r",
    b"\\t": b"\t",
    b"\\Z": b"\x1a",
    b"\\N": b"\\N",
}
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)


def json_text(text: bytes) -> bytes:
    r"""Return UTF-8 bytes (not checked here) as a JSON string.

    Examples
    --------
    >>> json_text(b'say "hi"')
    b'"say \\"hi\\""'
    """
    if NO_CONTROL.fullmatch(text):
        return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
    return json.dumps(text.decode(), ensure_ascii=False).encode()


def unescape(text: bytes, keep: bytes = b"") -> bytes:
    r"""Return what MySQL's backslash escapes mean; an unknown escape means its second byte.

    Parameters
    ----------
    text : bytes
        The text, its enclosing quotes taken off.
    keep : bytes
        Bytes whose backslash is kept: MySQL reads ``\%`` and ``\_`` in a string so.

    Examples
    --------
    >>> unescape(rb"C:\\tmp\n")
    b'C:\\tmp\n'
    """
    if b"\\" not in text:
        return text
    # a run of backslashes pairs from its left, so no piece holds one that belongs to a pair
    return b"\\".join(_unescape_piece(piece, keep) for piece in text.split(b"\\\\"))


def _unescape_piece(piece: bytes, keep: bytes) -> bytes:
    if b"\\" not in piece:
        return piece
    piece = piece.replace(b'\\"', b'"').replace(b"\\'", b"'")
    if b"\\" not in piece:
        return piece
    return _ESCAPE.sub(lambda found: _meaning(found, keep), piece)


def _meaning(found: re.Match[bytes], keep: bytes) -> bytes:
    if found[1] in keep:
        return found[0]
    return _SINGLE.get(found[0], found[1]) if found[0] != b"\\N" else b"N"
