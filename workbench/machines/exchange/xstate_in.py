"""Which machine does XState JSON declare? States within states become names with dots; parallel ones are refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, overload

from workbench.errors import MachineError
from workbench.machines.exchange.xstate_out import OURS
from workbench.machines.guards import And, Guard, Name, Not, Or
from workbench.machines.model import Machine, State, Transition

Keys = Mapping[str, Any]
_DEEPEST = 50
_UNTIMED = ("always", "onDone")


def read_xstate(keys: Keys, file: str) -> Machine:
    """Return the machine of an XState configuration, ours or anyone's."""
    about = _ours(keys)
    names: dict[str, str] = {}
    nodes: dict[str, Keys] = {}
    for path, node in _nodes(keys, (), file):
        names[".".join(path)] = str(_ours(node).get("name", ".".join(path)))
        nodes[".".join(path)] = node
    leaves = {path: node for path, node in nodes.items() if not node.get("states")}
    first = _leaf(str(keys.get("initial", "")), nodes)
    states = tuple(_state(names[path], node) for path, node in leaves.items() if _ours(node).get("declared", True))
    return Machine(
        name=_said(about.get("name"), str(keys.get("id") or Path(file).stem)),
        initial=_said(about.get("initial"), names.get(first, first)),
        states=states,
        transitions=tuple(_transitions(keys, nodes, names, file)),
        model=_said(about.get("model")),
        field=_said(about.get("field"), "status"),
        description=_said(keys.get("description")),
        config=frozen(dict(_mapping(about.get("config")))),
        properties=tuple(frozen(one) for one in _list(about.get("properties")) if isinstance(one, dict)),
        emits=MappingProxyType({action: _texts(events) for action, events in _mapping(about.get("emits")).items()}),
        attributes=_texts(about.get("attributes")),
        dialect="package" if about.get("dialect") == "package" else "flat",
        path=file,
    )


def guard_of(value: Any, depth: int = 0) -> Guard:
    """Return the guard that a name, or a mapping of and, or or not, stands for."""
    if depth > _DEEPEST:
        raise MachineError(f"a guard nested more than {_DEEPEST} deep is refused")
    if isinstance(value, Mapping):
        if "not" in value:
            return Not(guard_of(value["not"], depth + 1))
        for key, kind in (("and", And), ("or", Or)):
            if isinstance(value.get(key), list):
                return kind(tuple(guard_of(part, depth + 1) for part in value[key]))
        kind_of = value.get("type", value.get("name", "?"))
        return guard_of(value["params"], depth + 1) if _joins(value.get("params")) else Name(str(kind_of))
    return Name(str(value))


def frozen(value: Any) -> Any:
    """Return plain data as the reader of machine files keeps it."""
    if isinstance(value, dict):
        return MappingProxyType({key: frozen(part) for key, part in value.items()})
    return tuple(frozen(part) for part in value) if isinstance(value, list) else value


def _nodes(keys: Keys, path: tuple[str, ...], file: str) -> Iterator[tuple[tuple[str, ...], Keys]]:
    states = keys.get("states") or {}
    if not isinstance(states, Mapping) or not (states or path):
        raise MachineError(f"{file}: this is no XState machine: expected an object of states under `states`")
    if keys.get("type") == "parallel":
        where = ".".join(path) or "the machine"
        raise MachineError(f"{file}: {where} has parallel states: expected one current state at a time")
    if len(path) > _DEEPEST:
        raise MachineError(f"{file}: states nested more than {_DEEPEST} deep are refused")
    for name, node in states.items():
        found = node if isinstance(node, Mapping) else {}
        yield (*path, name), found
        yield from _nodes(found, (*path, name), file)


def _state(name: str, node: Keys) -> State:
    about = _ours(node)
    final = about.get("final", node.get("type") == "final") is True
    metadata = about.get("metadata") if OURS in _meta(node) else _meta(node)
    kept = frozen(dict(_mapping(metadata)))
    return State(name, _said(node.get("description")), kept, final, about.get("implied") is True)


def _transitions(root: Keys, nodes: Mapping[str, Keys], names: Mapping[str, str], file: str) -> list[Transition]:
    grouped: dict[int, list[tuple[int, Transition]]] = {}
    for path, node in [("", root), *nodes.items()]:
        inside = [one for one in nodes if f"{one}.".startswith(f"{path}." if path else "")]
        begins = [one for one in inside if not nodes[one].get("states")]
        for event, edge in _edges(node):
            ours = _ours(edge)
            target = _target(edge.get("target"), path, nodes, root, file)
            for start in begins:
                ordinal, position = ours.get("transition"), ours.get("from")
                key = ordinal if isinstance(ordinal, int) else -len(grouped) - 1
                transition = _transition(event, edge, names[start], names[target or start])
                grouped.setdefault(key, []).append((position if isinstance(position, int) else 0, transition))
    order = sorted(grouped) if all(key >= 0 for key in grouped) else list(grouped)
    return [_joined(sorted(grouped[key], key=lambda part: part[0])) for key in order]


def _joined(parts: list[tuple[int, Transition]]) -> Transition:
    begins = tuple(name for _, transition in parts for name in transition.from_states)
    return replace(parts[0][1], from_states=begins)


def _transition(event: str | None, edge: Keys, start: str, end: str) -> Transition:
    about = _ours(edge)
    guard = edge.get("guard", edge.get("cond"))
    actions = edge.get("actions") or []
    return Transition(
        name=about["name"] if isinstance(about.get("name", 0), str | None) else event,
        from_states=(start,),
        to_state=end,
        guard=None if guard is None else guard_of(guard),
        actions=tuple(_action(one) for one in (actions if isinstance(actions, list) else [actions])),
        description=_said(edge.get("description")),
        metadata=frozen(dict(_mapping(about.get("metadata")))),
        wildcard=about.get("wildcard") is True,
        emits=_texts(about.get("emits")),
    )


def _edges(node: Keys) -> Iterator[tuple[str | None, Keys]]:
    """Yield each transition of a node with its event; None for one without."""
    for event, value in _mapping(node.get("on")).items():
        yield from ((event or None, edge) for edge in _several(value))
    for delay, value in _mapping(node.get("after")).items():
        yield from ((f"after {delay}", edge) for edge in _several(value))
    for key in _UNTIMED:
        yield from ((None if key == "always" else key, edge) for edge in _several(node.get(key)))
    for invoked in _several(node.get("invoke")):
        for key in ("onDone", "onError"):
            yield from ((key, edge) for edge in _several(invoked.get(key)))


def _several(value: Any) -> list[Keys]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [one if isinstance(one, Mapping) else {"target": one} for one in values]


def _target(target: Any, path: str, nodes: Mapping[str, Keys], root: Keys, file: str) -> str | None:
    if isinstance(target, list):
        target = target[0] if target else None
    if target is None:
        return None
    text = str(target)
    parent = path.rpartition(".")[0]
    by_id = {f"#{node['id']}": one for one, node in nodes.items() if "id" in node}
    inside = text.removeprefix(f"#{root.get('id')}.")
    below = f"{path}{text}" if text.startswith(".") else f"{parent}.{text}".lstrip(".")
    for found in (by_id.get(text), inside if inside != text else None, below.lstrip("."), text):
        if found in nodes:
            return _leaf(str(found), nodes)
    raise MachineError(f"{file}: a transition of {path or 'the machine'!r} leads to {text!r}, which is no state there")


def _leaf(path: str, nodes: Mapping[str, Keys]) -> str:
    """Return the state without states of its own that is entered by way of this one."""
    while inner := _mapping(nodes.get(path, {}).get("states")):
        first = str(nodes[path].get("initial"))
        path = f"{path}.{first if first in inner else next(iter(inner))}"
    return path


def _action(action: Any) -> str:
    return str(action.get("type", "?")) if isinstance(action, Mapping) else str(action)


def _joins(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in {"and", "or", "not"}


def _meta(node: Keys) -> Keys:
    return _mapping(node.get("meta"))


def _ours(node: Keys) -> Keys:
    return _mapping(_meta(node).get(OURS))


def _mapping(value: Any) -> Keys:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(one for one in _list(value) if isinstance(one, str))


@overload
def _said(value: Any) -> str | None: ...
@overload
def _said(value: Any, otherwise: str) -> str: ...
def _said(value: Any, otherwise: str | None = None) -> str | None:
    return value if isinstance(value, str) else otherwise
