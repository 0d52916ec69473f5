"""Which edit of a YAML text adds a key, a state or a transition, and leaves all else as it is written?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from workbench.machines.documents import children, compose_precisely
from workbench.machines.exchange.yaml_text import text_of
from workbench.machines.findings import Place


@dataclass(frozen=True)
class Edit:
    """From `start` to `end`, counted in characters from 0, this stands instead."""

    start: int
    end: int
    text: str


class Text:
    """A YAML text and its nodes; edits keep comments, order and style."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.documents = compose_precisely(text)

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text after all edits; where two stand at one place, the first comes first."""
        text = self.text
        for edit in sorted(dict.fromkeys(edits), key=lambda edit: edit.start)[::-1]:
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def root(self, place: Place) -> yaml.MappingNode | None:
        """Return the mapping that begins at a place: a machine."""
        return next((n for n in self._nodes() if isinstance(n, yaml.MappingNode) and _at(n, place)), None)

    def key_added(self, root: yaml.MappingNode, key: str, value: str) -> tuple[Edit, ...]:
        """Return the edit that writes a key before all others of a mapping, or after its name."""
        first = root.value[0]
        if root.flow_style:
            return (Edit(at := first[0].start_mark.index, at, f"{key}: {text_of(value)}, "),)
        after = next((v for k, v in root.value if k.value == "name" and isinstance(v, yaml.ScalarNode)), None)
        pad = " " * first[0].start_mark.column
        if after is None:
            return (Edit(at := first[0].start_mark.index, at, f"{key}: {text_of(value)}\n{pad}"),)
        return self._line_after(after, f"{pad}{key}: {text_of(value)}")

    def replaced(self, root: yaml.MappingNode, keys: tuple[str, ...], value: str) -> tuple[Edit, ...]:
        """Return the edits that give another value to each of these keys that is there."""
        return tuple(_instead(v, text_of(value)) for k, v in root.value if k.value in keys)

    def renamed(self, place: Place, name: str, new: str) -> tuple[Edit, ...]:
        """Return the edit that writes another name at a place."""
        found = (n for n in self._nodes() if isinstance(n, yaml.ScalarNode) and n.value == name and _at(n, place))
        return tuple(_instead(node, text_of(new)) for node in found)[:1]

    def state_added(self, root: yaml.MappingNode, name: str) -> tuple[Edit, ...]:
        """Return the edit that declares one more state, in the style of the last."""
        states = _items(root, "states")
        mapped = bool(states) and isinstance(states[-1], yaml.MappingNode)
        return self._item_added(root, "states", f"{{name: {text_of(name)}}}" if mapped else text_of(name))

    def transition_added(self, root: yaml.MappingNode, name: str | None, begin: str, end: str) -> tuple[Edit, ...]:
        """Return the edit that declares one more transition."""
        named = f"name: {text_of(name)}, " if name is not None else ""
        return self._item_added(root, "transitions", f"{{{named}from: {text_of(begin)}, to: {text_of(end)}}}")

    def made_final(self, root: yaml.MappingNode, name: str) -> tuple[Edit, ...]:
        """Return the edit that marks a state as final; none where something is said about that already."""
        for item in _items(root, "states"):
            if isinstance(item, yaml.ScalarNode) and item.value == name:
                return (_instead(item, f"{{name: {text_of(name)}, final: true}}"),)
            if not isinstance(item, yaml.MappingNode):
                continue
            keys = {k.value: v for k, v in item.value if isinstance(k, yaml.ScalarNode)}
            if "final" in keys or not isinstance(said := keys.get("name"), yaml.ScalarNode) or said.value != name:
                continue
            if item.flow_style:
                return (Edit(at := said.end_mark.index, at, ", final: true"),)
            return self._line_after(said, " " * item.value[0][0].start_mark.column + "final: true")
        return ()

    def _item_added(self, root: yaml.MappingNode, key: str, item: str) -> tuple[Edit, ...]:
        node = _list(root, key)
        if node is None:
            return ()
        if not node.value:
            return (_instead(node, f"[{item}]"),)
        if node.flow_style:
            return (Edit(at := node.value[-1].end_mark.index, at, f", {item}"),)
        return self._line_after(_last(node), f"{' ' * node.start_mark.column}- {item}")

    def _line_after(self, node: yaml.Node, line: str) -> tuple[Edit, ...]:
        """Return the edit that writes a line after the one in which a node ends."""
        end = node.end_mark.index - (node.end_mark.column == 0)
        at = self.text.find("\n", end)
        if at < 0:
            return (Edit(len(self.text), len(self.text), f"\n{line}\n"),)
        before_lf = "\r" if self.text[at - 1 : at] == "\r" else ""
        return (Edit(at, at, f"\n{line}{before_lf}"),)

    def _nodes(self) -> Iterator[yaml.Node]:
        seen: set[int] = set()
        waiting = list(self.documents[::-1])
        while waiting:
            node = waiting.pop()
            if id(node) not in seen:
                seen.add(id(node))
                yield node
                waiting.extend(children(node))


def _list(root: yaml.MappingNode, key: str) -> yaml.SequenceNode | None:
    return next((v for k, v in root.value if k.value == key and isinstance(v, yaml.SequenceNode)), None)


def _items(root: yaml.MappingNode, key: str) -> list[yaml.Node]:
    node = _list(root, key)
    return [] if node is None else node.value


def _last(node: yaml.Node) -> yaml.Node:
    """Return what is written last of a block: a flow collection, or a scalar."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style:
        node = list(children(node))[-1]
    return node


def _instead(node: yaml.Node, text: str) -> Edit:
    return Edit(node.start_mark.index, node.end_mark.index, text)


def _at(node: yaml.Node, place: Place) -> bool:
    return (node.start_mark.line + 1, node.start_mark.column + 1) == (place.line, place.column)
