"""What does a YAML text hold? Its documents as nodes with marks, or the first thing that is no YAML, with a hint."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import yaml
from yaml.composer import Composer, ComposerError
from yaml.constructor import BaseConstructor
from yaml.resolver import BaseResolver

if yaml.__with_libyaml__:
    from yaml._yaml import CParser

PLAIN = "plain"
TEXT = "tag:yaml.org,2002:str"
MAX_DEPTH = 50
MAX_NODES = 1_000_000
_READ_OTHERWISE = re.compile("[?!\t\r\x85\u2028\u2029\ufeff]")  # libyaml takes more of these, or counts them otherwise
_HALF = re.compile("[\ud800-\udfff]")  # an escape can name half of a pair, which no file or page can hold
_UNQUOTED_STAR = re.compile(r"scanning an alias|undefined alias|expected alphabetic")


class Broken(NamedTuple):
    """Where and why a text is no YAML we read; line and column count from 1."""

    line: int
    column: int
    message: str


class _Careful:
    """Composes nodes, keeps plain scalars apart from quoted ones, and refuses what only harms."""

    level = 0

    def begin(self, text: str) -> None:
        """Keep the text, for the marks of nodes that hold nothing."""
        self.text = text
        self.measured: dict[int, tuple[yaml.Node, int, int]] = {}

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: tuple[bool, bool] | bool | None) -> str:
        if kind is yaml.ScalarNode:
            return PLAIN if isinstance(implicit, tuple) and implicit[0] else TEXT
        return str(super().resolve(kind, value, implicit))  # type: ignore[misc]  # of the loader it is mixed into

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[attr-defined]  # of the loader it is mixed into
        self.level += 1
        if self.level > MAX_DEPTH:
            raise _refusal(f"nested more than {MAX_DEPTH} levels deep; no machine needs that", event)
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[misc]  # likewise
        self.level -= 1
        if isinstance(node, yaml.ScalarNode) and (half := _HALF.search(node.value)):
            raise _refusal(f"the escape \\u{ord(half[0]):X} is but half of a character", event)
        if node is not None:
            self._measure(node, event)
        return node

    def _measure(self, node: yaml.Node, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            if id(node) not in self.measured:
                raise _refusal(f"the alias *{event.anchor} stands inside what it repeats, so it never ends", event)
            return
        parts = [self.measured[id(child)] for child in children(node)]
        size = 1 + sum(part[1] for part in parts)
        depth = 1 + max((part[2] for part in parts), default=0)
        if size > MAX_NODES or depth > MAX_DEPTH:
            much = f"more than {MAX_NODES:,} values" if size > MAX_NODES else f"more than {MAX_DEPTH} levels"
            raise _refusal(f"with its aliases written out this holds {much}; it is refused unread", event)
        self.measured[id(node)] = (node, size, depth)


class _Python(_Careful, yaml.BaseLoader):
    """Reads with PyYAML itself."""

    def __init__(self, text: str) -> None:
        self.begin(text)
        super().__init__(text)


if yaml.__with_libyaml__:

    class _Libyaml(_Careful, Composer, CParser, BaseConstructor, BaseResolver):
        """Reads with libyaml, several times as fast."""

        def __init__(self, text: str) -> None:
            self.begin(text)
            CParser.__init__(self, text)
            Composer.__init__(self)
            BaseConstructor.__init__(self)
            BaseResolver.__init__(self)

        def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
            """Return the node; one without text gets a mark in the text, as PyYAML's have, by which to look around."""
            node = super().compose_scalar_node(anchor)
            if not node.value:
                mark = node.start_mark
                node.start_mark = yaml.Mark("", mark.index, mark.line, mark.column, self.text, mark.index)
            return node


def children(node: yaml.Node) -> Iterator[yaml.Node]:
    """Return the nodes directly under a node: keys and values, or items."""
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _refusal(message: str, event: yaml.Event) -> ComposerError:
    return ComposerError(None, None, message, event.start_mark)  # type: ignore[arg-type]  # either kind of mark


def compose_documents(text: str) -> tuple[list[yaml.Node], Broken | None]:
    """Return the documents of a YAML text up to the first fault, and that fault, or None.

    Read by libyaml where it is there and counts as PyYAML does; a fault is always told by PyYAML.
    """
    documents: list[yaml.Node] = []
    if yaml.__with_libyaml__ and not _READ_OTHERWISE.search(text):
        with suppress(yaml.YAMLError, ValueError, OverflowError):
            return list(_nodes(_Libyaml(text))), None
    try:
        documents.extend(_nodes(_Python(text)))
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        return documents, Broken(line, column, f"the character U+{error.character:04X} may not stand in YAML")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join((error.problem or error.context or "not YAML").split())
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        return documents, Broken(line, column, problem + _hint(problem, text, line, column))
    except (ValueError, OverflowError) as error:
        return documents, Broken(1, 1, f"a number or an escape is out of range: {error}")
    return documents, None


def compose_precisely(text: str) -> list[yaml.Node]:
    """Return the documents of a YAML text with PyYAML's own marks, of beginnings and of ends; none of a broken one."""
    try:
        return list(_nodes(_Python(text)))
    except (yaml.YAMLError, ValueError, OverflowError):
        return []


def _nodes(reader: Any) -> Iterator[yaml.Node]:
    while reader.check_node():
        node = reader.get_node()
        if node is not None:
            yield node


def _hint(problem: str, text: str, line: int, column: int) -> str:
    lines = text.splitlines()
    source = lines[line - 1] if line <= len(lines) else ""
    here = source[column - 1 : column]
    hints = {
        "in double quotes a backslash begins an escape: write App\\Models\\Order without quotes, or in single ones": (
            "escape" in problem and '"' in source
        ),
        "a * begins an alias: write '*' in quotes to mean every state": _UNQUOTED_STAR.search(problem) is not None,
        "indent by spaces, not by tabs": "'\\t'" in problem or here == "\t",
        "this looks like a template, not like a machine: fill it in first": "{{"
        in "".join(lines[max(0, line - 2) : line]),
        "a text that holds ': ' needs quotes, and the keys of a mapping begin in one column": "values" in problem,
        f"a text that begins with {here} needs quotes": here in {"@", "`", "%", "&", "!"},
        "check the indentation of this line and of those before it": "block end" in problem,
    }
    return next((f"; {hint}" for hint, fits in hints.items() if fits), "")
