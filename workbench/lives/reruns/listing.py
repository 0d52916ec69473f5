"""Which SQL lists the aggregates of a state in the application itself?"""

from __future__ import annotations

import re

_IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women"}
_UNCOUNTED = frozenset({"equipment", "information", "money", "news", "series", "species", "data", "staff"})
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def listing(aggregate_type: str, field: str, state: str) -> str:
    r"""Return the statement that lists a model's rows in a state, in the table Laravel would keep them in.

    Examples
    --------
    >>> listing("App\\Models\\SmartDevice", "status", "on_hold")
    "SELECT id FROM smart_devices WHERE status = 'on_hold'"
    """
    # MySQL reads a backslash as an escape, PostgreSQL does not: doubled it can end the text in neither.
    quoted = state.replace("\\", "\\\\").replace("'", "''")
    return f"SELECT id FROM {_name(table_of(aggregate_type))} WHERE {_name(field)} = '{quoted}'"


def table_of(aggregate_type: str) -> str:
    r"""Return the name Laravel gives a model's table: the last part of its class, plural, in snake case.

    Examples
    --------
    >>> table_of("App\\Models\\InventoryCategory"), table_of("address")
    ('inventory_categories', 'addresses')
    """
    return plural(words(aggregate_type).replace(" ", "_"))


def words(aggregate_type: str) -> str:
    r"""Return a model's name in words.

    Examples
    --------
    >>> words("App\\Models\\SmartDevice")
    'smart device'
    """
    name = re.split(r"[\\./:]+", aggregate_type)[-1]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def plural(word: str) -> str:
    """Return the English plural of a word in lower case, or of the last part of one joined by `_` or spaces."""
    head, last = re.fullmatch(r"(.*[_ ])?(.*)", word, re.DOTALL).groups("")  # type: ignore[union-attr]
    if last in _UNCOUNTED:
        return word
    if last in _IRREGULAR:
        return head + _IRREGULAR[last]
    if re.search(r"[^aeiou]y$", last):
        return head + last[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", last) else "s")


def _name(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else '"' + text.replace('"', '""') + '"'
