"""Whether the first row of a delimited file is names or data, and which names its columns bear."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DATA = re.compile(
    r"""[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?      # a number
    | \d{4}-\d\d-\d\d([T ].*)?                 # a day or an instant
    | \d{1,2}[./]\d{1,2}[./]\d{2,4}.*
    | [\[{].*[\]}]                             # JSON
    | [0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}
    | \\N | NULL | true | false""",
    re.VERBOSE | re.DOTALL,
)


def looks_like_data(values: Sequence[str | None]) -> bool:
    """Whether a first row holds values rather than names.

    Examples
    --------
    >>> looks_like_data(["id", "aggregate_type", "occurred_at"])
    False
    >>> looks_like_data(["1", "Order", "2026-01-05 10:00:00"])
    True
    """
    return any(value is not None and _DATA.fullmatch(value.strip()) for value in values)


def is_header(first: Sequence[str | None], others: Sequence[Sequence[str | None]], names: Sequence[str] | None) -> bool:
    """Whether a first row is a header; where the user gave names, only when there is proof, so that no row is lost."""
    if looks_like_data(first):
        return False
    if names is None:
        return True
    if [str(value).casefold() for value in first] == [name.casefold() for name in names]:
        return True
    columns = zip(first, *others, strict=True)
    return any(name and rest and all(looks_like_data([value]) for value in rest) for name, *rest in columns)


def column_names(values: Sequence[str | None]) -> tuple[str, ...]:
    """Return one name a column, none twice: an empty one becomes column_3, a second `name` name_2.

    Examples
    --------
    >>> column_names(["id", None, "id"])
    ('id', 'column_2', 'id_2')
    """
    names: list[str] = []
    for place, value in enumerate(values, 1):
        base = (value or "").strip() or f"column_{place}"
        name, count = base, 1
        while name in names:
            count += 1
            name = f"{base}_{count}"
        names.append(name)
    return tuple(names)
