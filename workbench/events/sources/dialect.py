"""How a text is divided into fields: its delimiter, quotes, escapes and words for nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from workbench.events.sources.escapes import NO_CONTROL, json_text, unescape

SAMPLE = 1 << 18
_SAMPLE_ROWS = 300
NEVER_CLOSED = "a quote that is never closed"
_ALIKE = re.compile(rb'[^\x00-\x1f"\\]*+(?:\\["\\nrtb][^\x00-\x1f"\\]*+)*+')
_ALIKE_BARE = re.compile(rb"[^\x00-\x1f\\]*+(?:\\[\\nrtb][^\x00-\x1f\\]*+)*+")
_NUMBER = re.compile(rb"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


class Divided(NamedTuple):
    """Fields of one row, where the next row begins, what is wrong, and whether more bytes could not change that."""

    fields: tuple[bytes, ...]
    end: int
    wrong: str | None
    closed: bool


@dataclass(frozen=True)
class Dialect:
    """A way to divide text into fields; `nothing` are the unquoted words that mean null."""

    delimiter: bytes = b","
    quoting: bool = True
    escaping: bool = False
    nothing: frozenset[bytes] = frozenset({b"", rb"\N"})

    @property
    def quoted(self) -> bytes:
        """The pattern of a field in quotes."""
        if self.escaping:
            return rb'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"'
        return rb'"[^"]*+(?:""[^"]*+)*+"'

    @property
    def bare(self) -> bytes:
        """The pattern of a field without quotes."""
        stop = re.escape(self.delimiter)
        inside = (
            rb"[^\n\\" + stop + rb"]*+(?:\\.[^\n\\" + stop + rb"]*+)*+" if self.escaping else rb"[^\n" + stop + rb"]*+"
        )
        return (rb'(?!")' if self.quoting else b"") + inside

    @property
    def field(self) -> bytes:
        """The pattern of any field."""
        return self.quoted + b"|" + self.bare if self.quoting else self.bare

    @cached_property
    def one_field(self) -> re.Pattern[bytes]:
        """Matches one field and captures what ends it: a delimiter, a line end or the end of the bytes."""
        stop = re.escape(self.delimiter)
        return re.compile(rb"(" + self.field + rb")(" + stop + rb"|\r?\n|\r?\Z)?", re.DOTALL)

    def row(self, width: int) -> re.Pattern[bytes]:
        """Return the pattern of a whole row of `width` fields with its newline."""
        one = b"(" + self.field + b")"
        return re.compile(re.escape(self.delimiter).join([one] * width) + rb"\r?\n", re.DOTALL)

    def split(self, data: bytes, start: int) -> Divided:
        """Return the fields of the row that begins at `start`, or what is wrong with it."""
        fields: list[bytes] = []
        while True:
            found = self.one_field.match(data, start)
            if found is None:
                return Divided((), len(data), NEVER_CLOSED, closed=False)
            fields.append(found[1])
            start = found.end()
            if found[2] is None:
                wrong = "text after a closing quote" if found[1].startswith(b'"') else "a backslash at the end"
                return Divided((), start, wrong, closed=start < len(data))
            if found[2] != self.delimiter:
                return Divided((*fields[:-1], without_return(fields[-1])), start, None, closed=found[2].endswith(b"\n"))

    def text(self, field: bytes) -> bytes | None:
        """Return what a field says, or None: empty text is nothing, quoted or not."""
        if self.quoting and field.startswith(b'"'):
            inside = field[1:-1].replace(b'""', b'"')
            return (unescape(inside) if self.escaping else inside) or None
        if field in self.nothing:
            return None
        return unescape(field) if self.escaping else field

    def json(self, field: bytes) -> bytes:
        """Return what a field says as JSON; escapes that JSON spells alike stay as they are."""
        quoted = self.quoting and field.startswith(b'"')
        if not self.escaping:
            if not quoted:
                return b"null" if field in self.nothing else json_text(field)
            inside = field[1:-1]
            if inside and NO_CONTROL.fullmatch(inside):
                return b'"' + inside.replace(b"\\", b"\\\\").replace(b'""', b'\\"') + b'"'
        elif quoted:
            inside = field[1:-1]
            if inside and _ALIKE.fullmatch(inside):
                return b'"' + inside + b'"'
        elif _ALIKE_BARE.fullmatch(field) and field not in self.nothing:
            return b'"' + field.replace(b'"', b'\\"') + b'"'
        text = self.text(field)
        return b"null" if text is None else json_text(text)


def without_return(field: bytes) -> bytes:
    """Return the last field of a row without the carriage return of its line end."""
    return field[:-1] if field.endswith(b"\r") else field


@dataclass(frozen=True)
class Trial:
    """What a dialect makes of the first rows of a file; `rows` have the usual width, `first` may not."""

    dialect: Dialect
    first: Divided
    rows: tuple[tuple[bytes, ...], ...]
    width: int
    share: float

    @classmethod
    def of(cls, dialect: Dialect, sample: bytes) -> Trial:
        """Divide the sample and count how many rows have the usual width."""
        tried = list(_divided(dialect, sample))
        good = [row.fields for row in tried if row.wrong is None]
        widths = Counter(len(row) for row in good)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        rows = tuple(row for row in good if len(row) == width)
        return cls(dialect, tried[0], rows, width, times / len(tried))


def _divided(dialect: Dialect, sample: bytes) -> Iterator[Divided]:
    start = count = 0
    while start < len(sample) and count < _SAMPLE_ROWS:
        row = dialect.split(sample, start)
        if row.wrong:
            row = row._replace(end=sample.find(b"\n", start) + 1 or len(sample))
        if row.wrong or any(row.fields) or not count:
            yield row
            count += 1
        start = row.end


def sniff(sample: bytes, width: int | None = None) -> Trial:
    """Return the dialect that divides the sample best, with its rows.

    Parameters
    ----------
    sample : bytes
        Whole lines from the beginning of the file.
    width : int, optional
        The number of columns the user named: dialects that give as many go first.
    """
    best = [_of_delimiter(delimiter, sample) for delimiter in (b",", b"\t", b";", b"|")]
    return max(best, key=lambda trial: (trial.width == width, trial.width > 1, round(trial.share, 2), trial.width))


def _of_delimiter(delimiter: bytes, sample: bytes) -> Trial:
    """Return the better of quotes doubled (RFC 4180) and backslashes (MySQL) for one delimiter."""
    words = frozenset({b"", rb"\N", b"NULL"})
    doubled = Trial.of(Dialect(delimiter), sample)
    slashed = Trial.of(Dialect(delimiter, escaping=True, nothing=words), sample)
    if delimiter == b"\t":
        bare = Trial.of(Dialect(delimiter, quoting=False, escaping=True, nothing=words), sample)
        literal = Trial.of(Dialect(delimiter, quoting=False), sample)
        unquoted = bare if _all_escapes(sample) else literal
        doubled_wins = any(field.startswith(b'"') for row in doubled.rows for field in row) and b'\\"' not in sample
        return doubled if doubled_wins and doubled.share >= unquoted.share else unquoted
    if slashed.share > doubled.share or (slashed.share == doubled.share and _slashes_escape(slashed, sample)):
        return slashed
    return _with_null_word(doubled)


def _all_escapes(sample: bytes) -> bool:
    """Whether every backslash of the sample begins an escape that MySQL writes."""
    return b"\\" not in re.sub(rb"""\\[\\"'0bnrtZN\n\t,;|]""", b"", sample)


def _slashes_escape(slashed: Trial, sample: bytes) -> bool:
    """Whether backslashes are escapes in a sample that reads either way: only MySQL's bare null proves it."""
    null = any(field == rb"\N" for row in slashed.rows for field in row)
    return null and _all_escapes(sample) and not re.search(rb'[^,;|\n]""', sample)


def _with_null_word(trial: Trial) -> Trial:
    """Take a bare NULL for null where all other text is quoted, as phpMyAdmin writes."""
    bare = {field for row in trial.rows[1:] for field in row if not field.startswith(b'"')} - {b"", b"NULL", rb"\N"}
    quoted = any(field.startswith(b'"') for row in trial.rows for field in row)
    if not quoted or not all(_NUMBER.fullmatch(field) for field in bare):
        return trial
    return replace(trial, dialect=replace(trial.dialect, nothing=trial.dialect.nothing | {b"NULL"}))
