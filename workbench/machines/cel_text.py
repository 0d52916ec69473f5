"""Is a text a CEL expression, and which fields does it read?

The grammar is the library's, imported when first used; which dotted names it reads is told by a small reader here,
because the library lists the roots of paths only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

LONGEST = 2_000
_SHOWN = 80
_SAID = tuple(  # what the parser says, and what a person reads
    (re.compile(pattern), said)
    for pattern, said in (
        (r"Recursion limit of (\d+) exceeded", "it is nested deeper than {0}"),
        (r"^(?:mismatched|extraneous) input '<EOF>'|at '<EOF>'|^Incomplete ", "it ends too early"),
        (r"^token recognition error at: '(.+?)\s*'$", "unexpected {0!r}"),
        (r"^(?:mismatched|extraneous) input '(.+?)'(?: expecting|$)", "unexpected {0!r}"),
        (r"^no viable alternative at input '(.+?)'$", "unexpected {0!r}"),
    )
)
_TOKEN = re.compile(
    r"""
    (?P<text>[rRbB]{0,2}(?:'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\"|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"))
    | (?P<comment>//[^\n]*)
    | (?P<number>\d[\w.]*)
    | (?P<path>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)(?P<call>\s*\()?
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true", "false", "null", "in"}
_MACROS = {"all", "exists", "exists_one", "existsOne", "map", "filter"}
_NATIVE = {
    "has", "size", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "type", "dyn", "startsWith",
    "endsWith", "matches", "getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear",
    "getHours", "getMinutes", "getSeconds", "getMilliseconds",
}  # fmt: skip


def cel_fault(text: str) -> str | None:
    """Return why a text is no CEL expression, or None.

    Examples
    --------
    >>> cel_fault("order.total >= 10")
    """
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST} characters"
    import cel

    try:
        cel.compile(text)
    except ValueError as error:
        return _first_reason(str(error), text)
    return None


def _first_reason(message: str, text: str) -> str:
    found = re.search(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)", message)
    if not found:
        return message.partition("\n")[0]
    told = (said.format(*hit.groups()) for pattern, said in _SAID if (hit := pattern.search(found[3])))
    line = "" if found[1] == "1" else f" of line {found[1]}"
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return f"{next(told, found[3])} at character {found[2]}{line} of {shown!r}"


def field_paths(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the dotted names an expression reads, each once, without methods and the variables of its macros.

    Examples
    --------
    >>> field_paths("order.items.contains(inventory_item.product_id) && order.total > 1.5")
    (('order', 'items'), ('inventory_item', 'product_id'), ('order', 'total'))
    """
    found: dict[tuple[str, ...], None] = {}
    bound: set[str] = set()
    before, after_macro = "", False
    namespaced = {tuple(name.split(".")) for name in library() if "." in name}
    for token in _TOKEN.finditer(text):
        if token["other"] is not None and token["other"].isspace():
            continue
        if token["path"] is not None:
            parts = tuple(part.strip() for part in token["path"].split("."))
            if after_macro:
                bound.add(parts[0])
            after_macro = bool(token["call"]) and parts[-1] in _MACROS
            parts = () if parts in namespaced else parts[:-1] if token["call"] else parts
            if parts and before != "." and parts[0] not in bound and parts[0] not in _WORDS:
                found.setdefault(parts)
        else:
            after_macro = False
        before = "(" if token["call"] else token[0][-1]
    return tuple(found)


def functions_called(text: str) -> tuple[str, ...]:
    """Return the functions and methods an expression calls, each once; those of a namespace with it.

    Examples
    --------
    >>> functions_called("data.items.contains(1) && math.abs(data.total) > 2")
    ('contains', 'math.abs')
    """
    calls = ("".join(token["path"].split()) for token in _TOKEN.finditer(text) if token["call"])
    return tuple(dict.fromkeys(name if name in library() else name.rpartition(".")[2] for name in calls))


def functions_known() -> set[str]:
    """Return every function and macro an expression may call."""
    return {*_MACROS, *_NATIVE, *library()}


@cache
def library() -> Mapping[str, Callable[..., Any]]:
    """Return the functions that CEL's core lacks and every implementation adds, by name."""
    from cel.stdlib import STDLIB_FUNCTIONS

    return STDLIB_FUNCTIONS
