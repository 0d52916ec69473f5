"""Which aggregate does a row name that could not be read?"""

from __future__ import annotations

import json
import re

from workbench.events.mapping import Mapping, Value


def named_in(raw: bytes, mapping: Mapping) -> dict[str, str]:
    """Return the aggregate's type and id, each where the bytes of a JSON line name it once and plainly.

    Examples
    --------
    >>> from workbench.events.mapping import read_mapping
    >>> named_in(b'{"aggregate_type": "Order", "aggregate_id": 42, "event_da', read_mapping("event_store"))
    {'aggregate_type': 'Order', 'aggregate_id': '42'}
    """
    line = raw.decode("utf-8", "replace")
    told = {name: _told(line, mapping.columns.get(name, ())) for name in ("aggregate_type", "aggregate_id")}
    return {name: value for name, value in told.items() if value}


def _told(line: str, values: tuple[Value, ...]) -> str | None:
    for value in values:
        if value.constant is not None:
            return value.constant
        if len(value.path) == 1 and not value.namespace:
            found = re.findall(rf'{re.escape(json.dumps(value.path[0]))}\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+\b(?!\.))', line)
            if len(found) == 1:
                return _text(found[0])
    return None


def _text(token: str) -> str | None:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return None
