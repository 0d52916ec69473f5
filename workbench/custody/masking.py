"""Which values must a third party not see, and what stands in their place?

A mask is a YAML file: `key`, a secret that is kept and never handed on; `pseudonym` and `redact`, lists of paths.

    key: a long secret of our own
    pseudonym: [actor, aggregate_id, attributes.customer_id]
    redact: [attributes.email, data.context.ip, metadata]

`data.<path>` and `metadata.<path>` are values of payloads; `attributes.<path>` is an attribute wherever an event or a
roster holds it; `*` stands for one name or place of a list, `**` for any number. A column is named as it is: `data`,
`metadata`, `actor`, `aggregate_id`, `event_id` (with the causes that name it), `correlation_id`.
"""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from workbench.errors import MappingError, UnknownNameError

if TYPE_CHECKING:
    from workbench.events import EventLog

REDACTED = "(redacted)"
IDS = ("aggregate_id", "event_id", "correlation_id")
COLUMNS = ("actor", *IDS)
_ROOTS = ("data", "metadata", "attributes")
_SHORTEST_KEY = 16
_DIGITS = 16  # of a pseudonym: 64 bits
_PATHS = 20_000  # of payloads, kept to name the nearest
Place = tuple[str, ...]


@dataclass(frozen=True)
class Hit:
    """Masked data that a text typed into the question is, or is a part of."""

    rule: str
    value: str
    whole: bool


@dataclass
class Mask:
    """The rules of a mask, how often each was met, and which texts typed into the question are masked data."""

    key: str
    rules: Mapping[str, str]  # path -> "pseudonym" or "redact"
    met: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    typed: dict[str, Hit | None] = field(default_factory=dict)

    def column(self, name: str) -> str | None:
        """Return what is to be done with a column: "pseudonym", "redact" or None."""
        return self.rules.get(name)

    def masked(self, rule: str, value: str) -> str:
        """Return what stands in place of a value that meets a rule; a column is the rule of its name."""
        self._look(rule, value)
        return str(self.pseudonym(value)) if self.rules[rule] == "pseudonym" else REDACTED

    @cached_property
    def pseudonym(self) -> Any:
        """Return the function from a text to its pseudonym: the same text has the same one under the same key."""
        key = self.key.encode()

        @lru_cache(maxsize=100_000)
        def stand_in(text: str) -> str:
            return "p_" + hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:_DIGITS]

        return stand_in

    def document(self, root: str, text: str) -> str:
        """Return a JSON document with its masked values replaced; as it was, where none is."""
        try:
            value = json.loads(text)
            changed = self._walked(value, (root,))
            return text if changed is value else json.dumps(changed, ensure_ascii=False, allow_nan=False)
        except (RecursionError, ValueError):  # what cannot be looked through is not handed on
            return json.dumps(REDACTED)

    def _walked(self, value: Any, at: Place) -> Any:
        if len(self.seen) < _PATHS:
            self.seen.add(".".join(at))
        if rule := self._rule(at):
            self.met[rule] += value is not None
            return self._replaced(rule, value)
        if isinstance(value, dict):
            return _changed(value, {name: self._walked(item, (*at, name)) for name, item in value.items()})
        if isinstance(value, list):
            return _changed(value, [self._walked(item, (*at, "*")) for item in value])
        return value

    def _replaced(self, rule: str, value: Any) -> Any:
        if value is None:
            return None
        return self.masked(
            rule, value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
        )

    def _look(self, rule: str, value: str) -> None:
        for text, hit in self.typed.items():
            if text in (folded := value.casefold()) and not (hit and hit.whole):
                self.typed[text] = Hit(rule, value, whole=text == folded)

    @cached_property
    def _rule(self) -> Any:
        """Return the function from a place in a document to the rule that is met there, or None."""
        patterns = [(rule, _pattern(rule)) for rule in self.rules if rule not in COLUMNS]

        @lru_cache(maxsize=_PATHS)
        def rule(at: Place) -> str | None:
            return next((name for name, several in patterns if any(_meets(one, at) for one in several)), None)

        return rule

    def told(self) -> list[str]:
        """Return what was masked, a line a rule."""
        done = {"pseudonym": "replaced by keyed pseudonyms", "redact": "redacted"}
        return [f"{rule}: {self.met[rule]:,} values {done[how]}" for rule, how in self.rules.items()]

    def refuse_unmet(self, log: EventLog) -> None:
        """Stop for a rule that nothing in a log meets, not even outside of the part in hand.

        Raises
        ------
        UnknownNameError
            With the nearest path there is.
        """
        waiting = [rule for rule in self.rules if not self.met[rule]]
        if not waiting:
            return
        other = Mask(self.key, {rule: self.rules[rule] for rule in waiting})
        _look_through(other, log.whole)
        for rule in waiting:
            if not other.met[rule]:
                raise UnknownNameError.of("value to mask", rule, _candidates(rule, other.seen), where="this log")


def read_mask(rules: Mask | Mapping[str, Any] | str | Path) -> Mask:
    """Return the mask that a YAML file or a mapping describes.

    Raises
    ------
    MappingError
        When it cannot be read, or says something that no mask can do; one sentence tells what.
    """
    if isinstance(rules, Mask):
        return Mask(rules.key, rules.rules)
    given, where = (rules, "the mask") if isinstance(rules, Mapping) else (_read(Path(rules)), str(rules))
    if unknown := [str(name) for name in given if name not in {"key", "pseudonym", "redact"}]:
        raise MappingError(f"{where}: {unknown[0]!r} is no part of a mask: it has key, pseudonym and redact")
    paths: dict[str, str] = {}
    for how in ("pseudonym", "redact"):
        listed = given.get(how) or []
        if not isinstance(listed, list | tuple) or not all(isinstance(path, str) for path in listed):
            raise MappingError(f"{where}: {how} is a list of paths, such as [actor, data.context.ip]")
        for path in listed:
            _check(where, path, how, paths)
            paths[path] = how
    if not paths:
        raise MappingError(f"{where}: it masks nothing: list paths under pseudonym or redact")
    key = given.get("key")
    if "pseudonym" in paths.values() and (not isinstance(key, str) or len(key) < _SHORTEST_KEY):
        raise MappingError(
            f"{where}: pseudonyms need a key of at least {_SHORTEST_KEY} characters: "
            "whoever guesses it can tell whose a pseudonym is"
        )
    return Mask(str(key or ""), paths)


def _read(path: Path) -> Mapping[str, Any]:
    if not path.is_file():
        raise MappingError(f"there is no mask file {path}")
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise MappingError(f"{path} is not YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(found, Mapping):
        raise MappingError(f"{path} holds no mask: write key, pseudonym and redact")
    return found


def _check(where: str, path: str, how: str, others: Mapping[str, str]) -> None:
    root, dot, rest = path.partition(".")
    if path in others:
        raise MappingError(f"{where}: {path} is named twice")
    if path in IDS and how == "redact":
        raise MappingError(f"{where}: {path} tells rows apart: it can have a pseudonym, it cannot be redacted")
    if path in COLUMNS or path in {"data", "metadata"}:
        return
    if root not in _ROOTS or not dot or not all(rest.split(".")):
        known = [*COLUMNS, "data", "metadata", *(f"{root}.<path>" for root in _ROOTS)]
        raise MappingError(f"{where}: {path!r} names no value: it can be {', '.join(known)}")


def _pattern(rule: str) -> list[Place]:
    """Return the places a rule speaks of; an attribute stands in a roster's row, or anywhere in an event's data."""
    root, *names = rule.split(".")
    return [("data", "**", *names), ("roster", *names)] if root == "attributes" else [(root, *names)]


def _meets(pattern: Place, at: Place) -> bool:
    if not pattern:
        return not at
    first, *rest = pattern
    if first == "**":
        return any(_meets(tuple(rest), at[skipped:]) for skipped in range(len(at) + 1))
    return bool(at) and first in {"*", at[0]} and _meets(tuple(rest), at[1:])


def _changed(old: Any, new: Any) -> Any:
    """Return the old value unless a part of it was replaced: what is not masked keeps its text."""
    pairs = zip(old.values(), new.values(), strict=True) if isinstance(old, dict) else zip(old, new, strict=True)
    return old if all(one is other for one, other in pairs) else new


def _look_through(mask: Mask, log: EventLog) -> None:
    """Meet the rules of a mask with every event and roster of a log, one by one."""
    rows = log.fork().sql(f"SELECT {', '.join(COLUMNS)}, data, metadata FROM events")
    for *values, data, metadata in rows.iter_rows():
        for name, value in zip(COLUMNS, values, strict=True):
            mask.met[name] += value is not None
        for root, text in (("data", data), ("metadata", metadata)):
            if text is not None:
                mask.document(root, text)
    for (row,) in log.fork().sql("SELECT attributes FROM rosters WHERE attributes IS NOT NULL").iter_rows():
        mask.document("roster", row)


def _candidates(rule: str, seen: Iterable[str]) -> list[str]:
    """Return the paths that a rule may have meant."""
    if not rule.startswith("attributes."):
        return [*(path for path in seen if not path.startswith("roster")), *COLUMNS]
    parts = rule.count(".")
    return ["attributes." + ".".join(path.split(".")[-parts:]) for path in seen if path.count(".") >= parts]
