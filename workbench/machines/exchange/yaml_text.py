"""How is plain data written as YAML that every reader, of YAML 1.1 or 1.2, understands alike?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.machines.scalars import coerced_by_yaml_1_1, value_of

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\\/-]*(?: [A-Za-z0-9_.\\/-]+)*")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"}
_LONGEST_PLAIN = 80
_LONGEST_KEY = 100


def text_of(text: str) -> str:
    """Return a text as a YAML scalar: plain where nobody can take it for something else, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and len(text) <= _LONGEST_PLAIN and text.casefold() not in _WORDS
    if plain and value_of(text) == text and coerced_by_yaml_1_1(text) is None:
        return text
    escaped = (c if c.isprintable() else _escape(c) for c in text.replace("\\", "\\\\").replace('"', '\\"'))
    return f'"{"".join(escaped)}"'


def scalar_of(value: Any) -> str:
    """Return a text, number, boolean or None as a YAML scalar."""
    return text_of(value) if isinstance(value, str) else json.dumps(value)


def row_of(values: Sequence[Any]) -> str:
    """Return scalars as a list on one line."""
    return "[" + ", ".join(map(scalar_of, values)) + "]"


def lines_of(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """Return a mapping as lines; its values are scalars, sequences or mappings."""
    lines: list[str] = []
    for key, part in value.items():
        lines += _entry(text_of(key), part, " " * indent, indent)
    return lines


def _entry(key: str, part: Any, pad: str, indent: int) -> list[str]:
    head = f"{pad}? {key}\n{pad}:" if len(key) > _LONGEST_KEY else f"{pad}{key}:"
    if isinstance(part, Mapping):
        return [head, *lines_of(part, indent + 2)] if part else [f"{head} {{}}"]
    if isinstance(part, list | tuple):
        if not any(isinstance(item, Mapping | list | tuple) for item in part):
            return [f"{head} {row_of(part)}"]
        return [head, *(line for item in part for line in _item(item, indent + 2))]
    return [f"{head} {scalar_of(part)}"]


def _item(item: Any, indent: int) -> list[str]:
    pad = " " * indent
    if isinstance(item, Mapping) and item:
        first, *rest = lines_of(item, indent + 2)
        return [f"{pad}- {first[indent + 2 :]}", *rest]
    if isinstance(item, Mapping):
        return [f"{pad}- {{}}"]
    if isinstance(item, list | tuple):
        if not any(isinstance(one, Mapping | list | tuple) for one in item):
            return [f"{pad}- {row_of(item)}"]
        return [f"{pad}-", *(line for one in item for line in _item(one, indent + 2))]
    return [f"{pad}- {scalar_of(item)}"]


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004  the widths of YAML's escapes
