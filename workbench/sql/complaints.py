"""What does DuckDB complain of, in a line for a person?"""

from __future__ import annotations

import re

_CLASS = re.compile(r"^(?:[A-Z][A-Za-z ]* Error: )+")
_NO_COLUMN = re.compile(r'^Referenced column "(.+?)" not found in FROM clause$')
_HINT = re.compile(r'(?:Did you mean|Candidate bindings:?|Candidate functions:?) "?([\w.]+)"?')


def complaint(error: BaseException) -> str:
    r"""Return a complaint of DuckDB without its class and its caret, with the nearest name that it knows.

    Examples
    --------
    >>> complaint(Exception("Binder Error: no column sate!\nCandidate bindings: \"state\", \"life\"\n\nLINE 1: ..."))
    "no column sate: did you mean 'state'?"
    >>> complaint(Exception("FATAL Error: Failed: database has been invalidated because of a previous fatal error."))
    'the log could not be written to its end and cannot be asked any more: close it and open it again'
    """
    text = str(error)
    if "has been invalidated" in text:
        return "the log could not be written to its end and cannot be asked any more: close it and open it again"
    if "No space left" in text:
        return "the disk is full"
    first = _CLASS.sub("", text.split("\n", maxsplit=1)[0]).rstrip("!. ")
    first = _NO_COLUMN.sub(r"there is no column \1", first)
    hint = _HINT.search(text)
    return first + (f": did you mean {hint[1]!r}?" if hint and hint[1] not in first else "")
