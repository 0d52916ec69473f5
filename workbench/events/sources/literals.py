"""How a value written in SQL becomes JSON, MySQL's escapes and binary literals included."""

from __future__ import annotations

import re

from workbench.events.sources.escapes import json_text, unescape

_QUOTED = rb"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'"
_DOUBLE = rb'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'
VALUE = (
    rb"(" + _QUOTED + rb"|(?i:NULL)\b|[+-]?\d[0-9.eE+-]*+(?![\w'])|" + _DOUBLE + rb"|(?i:TRUE|FALSE|DEFAULT)\b"
    rb"|(?:_\w+\s*)?(?:0x[0-9A-Fa-f]*|0b[01]+|[xXbB]'[0-9A-Fa-f]*'|[nN]?" + _QUOTED + rb"))"
)
# the escapes that JSON and MySQL spell alike, and \\', whose backslash JSON does without
_SPELLED_ALIKE = re.compile(rb"""[^\x00-\x1f"'\\]*+(?:\\["'\\nrtb][^\x00-\x1f"'\\]*+)*+""")
_SAFE_INTEGER = re.compile(rb"-?(?:0|[1-9]\d{0,17})")
_WORDS = {b"null": b"null", b"default": b"null", b"true": b"1", b"false": b"0"}
_MARKED = re.compile(
    rb"(?:_(\w+)\s*)?(?:0x([0-9A-Fa-f]*)|[xX]'([0-9A-Fa-f]*)'|0b([01]+)|[bB]'([01]*)'|[nN]?(['\"].*))", re.DOTALL
)


def json_of_literal(literal: bytes) -> bytes:
    r"""Return an SQL literal as JSON; a number that JSON readers would round becomes text.

    Examples
    --------
    >>> json_of_literal(rb"'say \"hi\"'"), json_of_literal(b"42"), json_of_literal(b"19.90"), json_of_literal(b"NULL")
    (b'"say \\"hi\\""', b'42', b'"19.90"', b'null')
    """
    if literal[:1] == b"'":
        inside = literal[1:-1]
        if _SPELLED_ALIKE.fullmatch(inside):
            return b'"' + inside.replace(b"\\'", b"'") + b'"'
        return json_text(_string(literal))
    if _SAFE_INTEGER.fullmatch(literal):
        return literal
    word = _WORDS.get(literal.lower())
    return word if word is not None else _json_of_marked(literal, fixed=False)


def json_of_binary(literal: bytes, *, fixed: bool) -> bytes:
    """Return a literal of a binary column as JSON: BINARY(n) as hex digits, a blob as text where it is UTF-8.

    Examples
    --------
    >>> json_of_binary(b"0x6869", fixed=True), json_of_binary(b"_binary 'hi'", fixed=False)
    (b'"6869"', b'"hi"')
    """
    word = _WORDS.get(literal.lower())
    return word if word is not None else _json_of_marked(literal, fixed=fixed)


def _json_of_marked(literal: bytes, *, fixed: bool) -> bytes:
    marked = _MARKED.fullmatch(literal)
    if marked is None:
        return json_text(literal)
    _, zero_x, hexed, zero_b, bits, quoted = marked.groups()
    digits = zero_x if zero_x is not None else hexed
    if digits is not None:
        return json_of_bytes(bytes.fromhex("0" * (len(digits) % 2) + digits.decode()), fixed=fixed)
    if quoted is not None:
        return json_of_bytes(_string(quoted), fixed=fixed)
    return b"%d" % int(zero_b or bits or b"0", 2)


def _string(quoted: bytes) -> bytes:
    """Return what a quoted string says."""
    quote = quoted[:1]
    return unescape(quoted[1:-1].replace(quote * 2, quote), keep=b"%_")


def json_of_bytes(value: bytes, *, fixed: bool = False) -> bytes:
    """Return bytes as JSON text where they are UTF-8 text, else as hex digits."""
    if not fixed and b"\0" not in value:
        try:
            value.decode()
        except UnicodeDecodeError:
            pass
        else:
            return json_text(value)
    return b'"' + value.hex().encode() + b'"'
