"""What does a YAML node hold: a name, a text, a list, keys? Whatever it should not hold becomes a finding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from workbench.errors import nearest
from workbench.machines.documents import PLAIN, TEXT, children
from workbench.machines.findings import Complaint, Finding, Place, Severity, listed
from workbench.machines.rules import RULES
from workbench.machines.scalars import coerced_by_yaml_1_1, is_null, value_of

_KNOWN_TAGS = {PLAIN, *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))}


class Entry(NamedTuple):
    """A key of a mapping and its value."""

    key: yaml.ScalarNode
    value: yaml.Node


Entries = Mapping[str, Entry]


class Nodes:
    """Reads the nodes of one file; `findings` fills on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.machine: str | None = None
        self.findings: list[Finding] = []
        self.coerced: set[str] = set()

    def place(self, node: yaml.Node) -> Place:
        """Return where a node begins."""
        mark = node.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def complain(
        self,
        code: str,
        at: yaml.Node | Place,
        message: str,
        *,
        subjects: tuple[str, ...] = (),
        severity: Severity | None = None,
    ) -> None:
        """Add a finding of the rule `code`."""
        place = at if isinstance(at, Place) else self.place(at)
        complaint = Complaint(place, message, subjects, (), severity)
        self.findings.append(RULES[code].finding(complaint, self.machine))

    def inspect(self, root: yaml.Node) -> None:
        """Complain of every duplicate key, every key that is no text and every unknown tag under a node."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if node.tag not in _KNOWN_TAGS:
                tag = node.tag.replace("tag:yaml.org,2002:", "!!")
                self.complain("SM008", node, f"the tag {tag} is not understood: its value is kept as it is written")
            if isinstance(node, yaml.MappingNode):
                self._inspect_keys(node)
            waiting.extend(children(node))

    def _inspect_keys(self, node: yaml.MappingNode) -> None:
        first: dict[str, yaml.Node] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.complain("SM004", key, f"a key must be a text, not {_kind(key)}")
            elif key.value in first and not _is_merge(key):
                line = self.place(first[key.value]).line
                self.complain(
                    "SM002", key, f"the key {key.value!r} stands here for the second time, first in line {line}"
                )
            else:
                first[key.value] = key

    def entries(self, node: yaml.Node) -> Entries:
        """Return the keys of a mapping, merge keys (`<<`) written out; its own keys win."""
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if not isinstance(key, yaml.ScalarNode):
                continue
            if _is_merge(key):
                parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
                for part in parts:
                    merged = {**self.entries(part), **merged}
            else:
                own.setdefault(key.value, Entry(key, value))
        return {**merged, **own}

    def only(self, entries: Entries, known: Collection[str], what: str, *, ignored: str = "nothing reads it") -> None:
        """Complain of every key that is not known; `what` says of what it is a key."""
        for name, entry in entries.items():
            if name in known or name.startswith(("x-", ".")):
                continue
            near = nearest(name, known)
            message = f"unknown key {name!r} of {what}: "
            if near and near not in entries:
                self.complain("SM005", entry.key, f"{message}did you mean {near!r}?", subjects=(name,))
            else:
                message += f"{ignored}; known are {', '.join(known)}"
                self.complain("SM005", entry.key, message, subjects=(name,), severity="warning")

    def text(self, node: yaml.Node, what: str) -> str | None:
        """Return the source text of a name; None, with a finding, where there is none."""
        if not isinstance(node, yaml.ScalarNode):
            self.complain("SM004", node, f"{what} must be a text, not {_kind(node)}")
            return None
        if not node.value:
            self.complain("SM004", node, f"{what} is empty{self._lost_to_a_comment(node)}")
            return None
        if node.tag == PLAIN and node.value not in self.coerced:
            coerced = coerced_by_yaml_1_1(node.value)
            if coerced is not None:
                self.coerced.add(node.value)
                message = (
                    f"{node.value!r} reads as text here; a YAML 1.1 reader would read {coerced}: quotes make it sure"
                )
                self.complain("SM003", node, message, subjects=(node.value,))
        return str(node.value)

    def optional(self, entries: Entries, key: str, what: str) -> str | None:
        """Return the text at a key, or None where the key is missing or null."""
        node = given(entries, key)
        return None if node is None else self.text(node, what)

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        """Return the items of a list; a finding where it is something else."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if not absent(node):
            self.complain("SM004", node, f"{what} must be a list, not {_kind(node)}")
        return []

    def texts(self, node: yaml.Node, what: str) -> list[tuple[str, Place]]:
        """Return the texts of a list, or of one text that stands for itself, each with its place."""
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found = [(self.text(item, what), self.place(item)) for item in nodes]
        return [(text, place) for text, place in found if text is not None]

    def names(self, entries: Entries, key: str, what: str) -> tuple[str, ...]:
        """Return the texts at a key, of a list or of one that stands for itself; none where it is missing or null."""
        node = given(entries, key)
        return () if node is None else tuple(text for text, _ in self.texts(node, what))

    def flag(self, entries: Entries, key: str, what: str, *, default: bool = False) -> bool:
        """Return the boolean at a key."""
        node = given(entries, key)
        if node is None:
            return default
        value = self.value(node)
        if not isinstance(value, bool):
            self.complain("SM004", node, f"{what} must be true or false, not {shown(node)}")
            return default
        return value

    def mapping(self, entries: Entries, key: str, what: str) -> Mapping[str, Any]:
        """Return the values of the mapping at a key, typed by YAML 1.2."""
        node = given(entries, key)
        if node is None:
            return MappingProxyType({})
        if not isinstance(node, yaml.MappingNode):
            self.complain("SM004", node, f"{what} must be a mapping of keys to values, not {_kind(node)}")
            return MappingProxyType({})
        return MappingProxyType(dict(self.value(node)))

    def value(self, node: yaml.Node) -> Any:
        """Return a node as plain data: mappings, tuples, and scalars typed by YAML 1.2."""
        if isinstance(node, yaml.MappingNode):
            entries = self.entries(node)
            return MappingProxyType({key: self._valued(entry) for key, entry in entries.items()})
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item) for item in node.value)
        return node.value if node.tag == TEXT or node.tag not in _KNOWN_TAGS else value_of(node.value)

    def _valued(self, entry: Entry) -> Any:
        lost = self._lost_to_a_comment(entry.value)
        if lost:
            message = f"the key {entry.key.value!r} has no value{lost}"
            self.complain("SM004", entry.key, message, severity="warning")
        return self.value(entry.value)

    def _lost_to_a_comment(self, node: yaml.Node) -> str:
        buffer = node.start_mark.buffer
        if not isinstance(node, yaml.ScalarNode) or node.value or node.tag != PLAIN or not isinstance(buffer, str):
            return ""
        rest = buffer[node.start_mark.pointer :].split("\n", 1)[0].strip(" \t\r\0")
        if not rest.startswith("#") or rest[1:2] in {"", " ", "#", "!"}:
            return ""
        return f": an unquoted # begins a comment, write '{rest.split()[0]}' in quotes"


def given(entries: Entries, key: str) -> yaml.Node | None:
    """Return the value at a key, or None where the key is missing or its value null."""
    entry = entries.get(key)
    return None if entry is None or absent(entry.value) else entry.value


def absent(node: yaml.Node) -> bool:
    """Tell whether a value is null: left out, `~` or `null` without quotes."""
    return isinstance(node, yaml.ScalarNode) and node.tag == PLAIN and is_null(node.value)


def shown(node: yaml.Node) -> str:
    """Return what stands there, for a sentence."""
    return repr(node.value) if isinstance(node, yaml.ScalarNode) else _kind(node)


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        return f"a mapping ({listed(keys, 3)})" if keys else "a mapping"
    return f"the text {node.value!r}" if node.value else "nothing"


def _is_merge(key: yaml.ScalarNode) -> bool:
    return key.tag == PLAIN and key.value == "<<"
