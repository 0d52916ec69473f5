"""What does a plain YAML scalar mean: by YAML 1.2, as Statecraft reads it, and by YAML 1.1, as PyYAML would?"""

from __future__ import annotations

import re

import yaml

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 300
_COERCED = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null", "timestamp")}

Scalar = str | bool | int | float | None


def is_null(text: str) -> bool:
    """Tell whether a plain scalar is YAML's null."""
    return text in _NULL


def value_of(text: str) -> Scalar:
    """Return what a plain scalar means by the core schema of YAML 1.2.

    Only true and false are booleans; there are no dates and no sexagesimals; `.inf` and `.nan` stay text,
    because JSON has no such numbers.

    Examples
    --------
    >>> [value_of(text) for text in ("on", "true", "12:30", "1e3", "0o17", "010", "2024-01-01", "~")]
    ['on', True, '12:30', 1000.0, 15, 10, '2024-01-01', None]
    """
    if is_null(text):
        return None
    if text in _BOOL:
        return _BOOL[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    for pattern, base in ((_INT, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            return int(text, base)
    return _finite(text) if _FLOAT.fullmatch(text) else text


def _finite(text: str) -> Scalar:
    number = float(text)
    return text if number in (float("inf"), float("-inf")) else number


def coerced_by_yaml_1_1(text: str) -> str | None:
    """Return what a YAML 1.1 reader would make of a plain scalar, as Python shows it; None if it stays text.

    Examples
    --------
    >>> [coerced_by_yaml_1_1(text) for text in ("on", "12:30", "010", "~", "paid")]
    ['True', '750', '8', 'None', None]
    """
    patterns = yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ())
    tag = next((tag for tag, pattern in patterns if pattern.match(text)), "")
    if tag not in _COERCED or len(text) > _LONGEST_NUMBER:
        return None
    if tag.endswith("timestamp"):
        return f"the date {text}"
    try:
        return repr(yaml.SafeLoader("").construct_object(yaml.ScalarNode(tag, text)))
    except ValueError:
        return tag.rsplit(":", 1)[-1]
