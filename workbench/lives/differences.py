"""Where do two JSON values part, however deep?"""

from __future__ import annotations

import json
from typing import Any

_ABSENT = object()


def differences(old: Any, new: Any) -> dict[str, tuple[Any, Any]]:
    """Return path -> (old, new) for each value that two JSON values do not share; None stands for absent as well.

    Objects are compared key by key and lists place by place; a path is written as `field_history` takes it. What has
    become of another kind is one difference. Numbers are equal as they are written: 1 and 1.0 differ.

    Examples
    --------
    >>> differences({"total": 5, "to": {"zip": "1", "city": "X"}}, {"total": 5, "to": {"zip": "2"}})
    {'to.city': ('X', None), 'to.zip': ('1', '2')}
    """
    found: dict[str, tuple[Any, Any]] = {}
    _collect("", old, new, found)
    return found


def _collect(path: str, old: Any, new: Any, found: dict[str, tuple[Any, Any]]) -> None:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            _collect(_joined(path, key), old.get(key, _ABSENT), new.get(key, _ABSENT), found)
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            before, after = (value[place] if place < len(value) else _ABSENT for value in (old, new))
            _collect(_joined(path, str(place)), before, after, found)
    else:
        before, after = (None if value is _ABSENT else value for value in (old, new))
        if json.dumps(before) != json.dumps(after):
            found[path] = (before, after)


def _joined(path: str, key: str) -> str:
    name = f'"{key}"' if "." in key or not key else key
    return f"{path}.{name}" if path else name
