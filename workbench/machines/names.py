r"""Which name is meant, with or without its namespace: App\Events\OrderConfirmed or OrderConfirmed?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def short_name(name: str) -> str:
    r"""Return the last part of a name.

    Examples
    --------
    >>> short_name(r"App\Events\OrderConfirmed")
    'OrderConfirmed'
    """
    return name.replace("/", "\\").replace(".", "\\").replace("::", "\\").rsplit("\\", 1)[-1]


def snake_case(name: str) -> str:
    r"""Return how a model is written as a variable.

    Examples
    --------
    >>> snake_case(r"App\Models\InventoryItem")
    'inventory_item'
    """
    return _HUMP.sub("_", short_name(name)).lower()


def settled_names(names: Iterable[str]) -> Mapping[str, str]:
    r"""Return for each name the one it stands for: a short name for the only full one that ends in it."""
    given = dict.fromkeys(names)
    full: dict[str, list[str]] = {}
    for name in given:
        if name != short_name(name):
            full.setdefault(short_name(name), []).append(name)
    return {name: full[name][0] if len(full.get(name, ())) == 1 else name for name in given}


def waits_for(guard: str, event: str) -> bool:
    r"""Tell whether a guard is named after an event: OrderConfirmedEvent or OrderConfirmed for OrderConfirmed.

    Examples
    --------
    >>> waits_for("OrderConfirmedEvent", r"App\Events\OrderConfirmed")
    True
    """
    return short_name(guard).removesuffix("Event") == short_name(event).removesuffix("Event")
