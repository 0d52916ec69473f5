"""How are JSON lines taken apart by as few passes over their text as can be?

All paths of a mapping become one nested structure for `json_transform`; a path that is both a value and the
way to deeper values (`context` and `context.correlation_id`) is taken as text first and then apart in turn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from workbench.sql import literal


@dataclass
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    is_value: bool = False
    as_json: bool = False

    @property
    def is_document(self) -> bool:
        return bool(self.children) and self.is_value

    def structure(self) -> object:
        """Return what json_transform is asked for below this node."""
        if self.is_value or not self.children:
            return "JSON" if self.as_json or self.children else "VARCHAR"
        return {name: child.structure() for name, child in self.children.items()}


class Documents:
    """The paths read from each line, and the SQL that reads them."""

    def __init__(self) -> None:
        self._root = _Node()

    def want(self, path: tuple[str, ...], *, as_json: bool = False) -> None:
        """Ask for a path: as text, or with its JSON kind kept."""
        node = self._root
        for depth, key in enumerate(path):
            node = node.children.setdefault(key, _Node())
            if depth == 0 and len(path) > 1:
                # A column that holds JSON may hold it as text inside a string.
                node.is_value = node.as_json = True
        node.is_value = True
        node.as_json = node.as_json or as_json

    def holds(self, path: tuple[str, ...]) -> bool:
        """Tell whether a column is taken apart as a JSON document."""
        return path[0] in self._root.children and self._node(path).is_document

    def text(self, path: tuple[str, ...]) -> str:
        """Return the SQL of a wanted path as text."""
        node = self._node(path)
        return f"({self.json(path)} ->> '$')" if node.as_json or node.children else self._reach(path)

    def json(self, path: tuple[str, ...]) -> str:
        """Return the SQL of a wanted path as JSON."""
        return f'"doc:{path[0]}"' if len(path) == 1 and self._node(path).is_document else self._reach(path)

    def document(self, path: tuple[str, ...]) -> str:
        """Return the SQL of a path as a JSON document: JSON text inside a string is opened."""
        return self.json(path) if self._node(path).is_document and len(path) == 1 else opened(self._reach(path))

    def select(self, query: str) -> str:
        """Return a SELECT over `position, line` rows that has every wanted path within reach."""
        structure = {name: child.structure() for name, child in self._root.children.items()}
        sql = (
            f'SELECT *, TRY(json_transform(line, {literal(json.dumps(structure))})) AS "at:" '
            f"FROM ({query}) WHERE line <> ''"
        )
        level: list[tuple[str, ...]] = [(key,) for key, node in self._root.children.items() if node.is_document]
        if level:
            opened_columns = ", ".join(f'{opened(self._reach(path))} AS "doc:{path[0]}"' for path in level)
            sql = f"SELECT *, {opened_columns} FROM ({sql})"
        while level:
            columns = ", ".join(f"{self._transform(path)} AS {_alias(path)}" for path in level)
            sql = f"SELECT *, {columns} FROM ({sql})"
            level = [deeper for path in level for deeper in self._documents_below(path, self._node(path))]
        return sql

    def _transform(self, path: tuple[str, ...]) -> str:
        structure = {name: child.structure() for name, child in self._node(path).children.items()}
        return f"TRY(json_transform({self.json(path)}, {literal(json.dumps(structure))}))"

    def _documents_below(self, path: tuple[str, ...], node: _Node) -> list[tuple[str, ...]]:
        found = []
        for key, child in node.children.items():
            below = (*path, key)
            found += [below] if child.is_document else self._documents_below(below, child)
        return found

    def _reach(self, path: tuple[str, ...]) -> str:
        """Return the way from the nearest document above a path down to it."""
        depth = max((d for d in range(1, len(path)) if self._node(path[:d]).is_document), default=0)
        sql = _alias(path[:depth])
        for key in path[depth:]:
            sql = f"struct_extract({sql}, {literal(key)})"
        return sql

    def _node(self, path: tuple[str, ...]) -> _Node:
        node = self._root
        for key in path:
            node = node.children[key]
        return node


def opened(sql: str) -> str:
    """Return the SQL of a JSON value, opened where it is a string that holds JSON text."""
    return f"CASE WHEN starts_with({sql}::VARCHAR, '\"') THEN TRY(json(nullif({sql} ->> '$', ''))) ELSE {sql} END"


def _alias(path: tuple[str, ...]) -> str:
    return '"at:' + ".".join(path).replace('"', '""') + '"'
