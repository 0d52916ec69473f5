"""How do columns share the width of a terminal, so that words stay whole where they can?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.cells import cell_len

Lines = tuple[list[str], list[str]]
_NARROWEST = 10
_PIECE = re.compile(r"[^\s_\\/]*[\s_\\/]|[^\s_\\/]+")


def layout(names: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[bool], width: int) -> Lines:
    """Return a table's heading and its body, line by line; two empty lists when no layout keeps the columns readable.

    Numbers are flush right and never folded; words are folded at spaces, after `_` and after slashes, and cut only
    where nothing else helps.
    """
    sizes = [max(map(cell_len, (name, *(row[i] for row in cells)))) for i, name in enumerate(names)]
    for gap, gentle in ((2, True), (1, True), (1, False)):
        room = width - gap * (len(names) - 1)
        columns = [[name, *(row[i] for row in cells)] for i, name in enumerate(names)]
        least = [_least(column, number=number, gentle=gentle) for column, number in zip(columns, numbers, strict=True)]
        if sum(least) <= room:
            shares = _shares(sizes, least, room)
            body = [line for row in cells for line in _lines(row, shares, numbers, gap)]
            return _lines(names, shares, numbers, gap), body
    return [], []


def fold(text: str, width: int) -> list[str]:
    """Return the text in lines of at most `width`.

    Examples
    --------
    >>> fold("state_transitioned twice", 12)
    ['state_', 'transitioned', 'twice']
    """
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and cell_len(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
        while cell_len(line.rstrip()) > width:
            cut = next(size for size in range(len(line), 0, -1) if cell_len(line[:size]) <= width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _least(column: Sequence[str], *, number: bool, gentle: bool) -> int:
    if number:
        name, *values = column
        return max([*map(cell_len, values), *map(cell_len, map(str.rstrip, _PIECE.findall(name)))])
    longest = max((cell_len(piece.rstrip()) for text in column for piece in _PIECE.findall(text)), default=0)
    natural = max(map(cell_len, column))
    return min(natural, max(longest, _NARROWEST) if gentle else _NARROWEST)


def _shares(sizes: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    # The widest column that can still give gives, until all fit.
    shares = list(sizes)
    while sum(shares) > room:
        widest = max((i for i in range(len(shares)) if shares[i] > least[i]), key=lambda i: shares[i])
        shares[widest] -= 1
    return shares


def _lines(row: Sequence[str], shares: Sequence[int], numbers: Sequence[bool], gap: int) -> list[str]:
    folded = [fold(text, share) for text, share in zip(row, shares, strict=True)]
    tall = max(map(len, folded))
    lines = []
    for index in range(tall):
        parts = [column[index] if index < len(column) else "" for column in folded]
        spaces = [" " * (share - cell_len(part)) for part, share in zip(parts, shares, strict=True)]
        padded = [s + p if n else p + s for p, s, n in zip(parts, spaces, numbers, strict=True)]
        lines.append((" " * gap).join(padded).rstrip())
    return lines
