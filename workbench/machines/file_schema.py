"""What may stand in a machine file, as a JSON Schema for editors: completion and underlining while one types."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.machines.dialects import BINDING_KEYS, FLAT, GUARD_KEYS, OURS, PACKAGE, Grammar

Schema = dict[str, Any]

_ABOUT = {
    "name": "What it is called.",
    "model": "The class it speaks for, such as App\\Models\\Order.",
    "initial_state": "The state every life begins in.",
    "initial": "The state every life begins in.",
    "field": "The attribute that holds the state.",
    "states": "The states, by name or as mappings; left out, they are those the transitions name.",
    "transitions": "What leads from which states to which.",
    "from": "The state or states it begins in; '*' means every state.",
    "to": "The state it leads to.",
    "guard": "When it may fire: a name, or names joined by and, or, not.",
    "guards": "Names that must all pass.",
    "action": "What it does, by name.",
    "actions": "What it does, by name, in order.",
    "emits": "The events it emits; of a machine: the events each action emits.",
    "attributes": "The attributes its model has.",
    "final": "Whether a life may end here.",
    "metadata": "Keys of your own, and color and timeout_seconds.",
    "event_bindings": "Which events concern which models.",
    "properties": "Rules in plain words: never, needs_before, leads_to, at_most, or a template by `rule`.",
}


def machine_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a machine file: either dialect, or a file of event bindings.

    A plain scalar is a name here, whatever YAML makes of it, so a name may be a text, a number or a boolean. Keys
    that begin with `x-` or a dot are the user's own.
    """
    own = _machine(PACKAGE)["properties"]
    beside = {"event_bindings": _ref("bindings"), **{key: own[key] for key in OURS}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A state machine, or event bindings",
        "anyOf": [
            _flat(),
            _object({"state_machine": _package(), **beside}, required=["state_machine"]),
            _object({"event_bindings": _ref("bindings")}, required=["event_bindings"]),
        ],
        "$defs": _definitions(),
    }


def _flat() -> Schema:
    schema = _machine(FLAT)
    schema["required"] = ["name"]
    schema["anyOf"] = [{"required": ["initial_state"]}, {"required": ["initial"]}]
    return schema


def _package() -> Schema:
    schema = _machine(PACKAGE)
    schema["required"] = ["name", "model", "initial", "states"]
    return schema


def _machine(grammar: Grammar) -> Schema:
    state: Schema = _ref("name")
    if grammar.lists:
        own = _object({key: _value(key) for key in grammar.state_keys}, required=["name"])
        state = {"anyOf": [_ref("name"), own]}
    keys = {key: _value(key) for key in grammar.machine_keys}
    keys["states"] = _about("states", {"type": "array", "minItems": 1, "items": state})
    keys["emits"] = _about("emits", {"type": ["object", "null"], "additionalProperties": _ref("some_names")})
    keys["transitions"] = _about("transitions", {"type": ["array", "null"], "items": _transition(grammar)})
    return _object(keys)


def _transition(grammar: Grammar) -> Schema:
    keys = {key: _value(key) for key in grammar.transition_keys}
    if not grammar.lists:
        keys["from"] = _about("from", _ref("name"))
        keys["action"] = _about("action", _ref("optional_name"))
    return _object(keys, required=["from", "to"])


def _value(key: str) -> Schema:
    """Return what may stand at a key that means the same in both dialects."""
    kinds: dict[str, Schema] = {
        "model": _ref("optional_name"),
        "field": _ref("optional_name"),
        "description": _ref("optional_name"),
        "from": _ref("names"),
        "guard": {"anyOf": [_ref("guard"), {"type": "null"}]},
        "guards": {"anyOf": [{"type": "array", "items": _ref("guard")}, _ref("guard"), {"type": "null"}]},
        "action": _ref("some_names"),
        "actions": _ref("some_names"),
        "emits": _ref("some_names"),
        "attributes": _ref("some_names"),
        "final": {"type": ["boolean", "null"]},
        "metadata": _ref("metadata"),
        "config": _ref("metadata"),
        "properties": _ref("properties"),
        "event_bindings": _ref("bindings"),
    }
    return _about(key, kinds.get(key, _ref("name")))


def _definitions() -> Schema:
    guard_parts = {"type": "array", "items": _ref("guard")}
    joined = {key: _ref("guard") if key == "not" else guard_parts for key in GUARD_KEYS}
    binding = {
        "event": _ref("name"),
        "target_models": _ref("names"),
        "parallel": {"type": ["boolean", "null"]},
    }
    return {
        "name": {"type": ["string", "number", "boolean"]},
        "optional_name": {"type": ["string", "number", "boolean", "null"]},
        "names": {"anyOf": [_ref("name"), {"type": "array", "items": _ref("name"), "minItems": 1}]},
        "some_names": {"anyOf": [_ref("names"), {"type": "array", "maxItems": 0}, {"type": "null"}]},
        "guard": {"anyOf": [_ref("name"), _object(joined) | {"minProperties": 1, "maxProperties": 1}]},
        "metadata": {
            "type": ["object", "null"],
            "properties": {
                "color": {"type": ["string", "null"], "description": "#RGB, #RRGGBB or a CSS name, in quotes."},
                "timeout_seconds": {"type": "number", "exclusiveMinimum": 0},
                "event_timeout": {"type": "number", "exclusiveMinimum": 0},
            },
        },
        "properties": {"type": ["array", "null"], "items": {"type": "object"}},
        "bindings": {
            "type": ["array", "null"],
            "items": _object(
                {key: binding.get(key, _ref("some_names")) for key in BINDING_KEYS}, required=["event", "target_models"]
            ),
        },
    }


def _object(keys: Schema, required: Iterable[str] = ()) -> Schema:
    schema: Schema = {
        "type": "object",
        "properties": keys,
        "patternProperties": {r"^(x-|\.)": {}},
        "additionalProperties": False,
    }
    return schema | {"required": list(required)} if required else schema


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _about(key: str, schema: Schema) -> Schema:
    return {"description": _ABOUT[key], **schema} if key in _ABOUT else schema
