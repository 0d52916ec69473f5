"""Which property does an entry of `properties:` mean, or what is wrong with it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal

from workbench.errors import InstantError, MachineError, did_you_mean
from workbench.instants import duration
from workbench.machines.findings import Place
from workbench.machines.model import NOWHERE
from workbench.machines.properties.automata import Automaton, automaton_of
from workbench.machines.properties.conditions import read_condition
from workbench.machines.properties.templates import BRANCHING, CAN_FINISH, MOST_TIMES, REACHABLE, TEMPLATES, Template

Kind = Literal["state", "transition", "event"]
KINDS: tuple[Kind, ...] = ("state", "transition", "event")
PLAIN = ("never", "needs_before", "leads_to", "at_most", "reachable", "always")
UNTIMED = ("init", "end", *BRANCHING)
KEYS = ("name", "description", "rule", "of", "n", "on", "when", "within", *PLAIN, *KINDS)


@dataclass(frozen=True)
class Property:
    """A rule a machine, or a log, keeps or breaks.

    Attributes
    ----------
    name
        As given, else the rule in words.
    rule
        A name of TEMPLATES, or "reachable" or "can_finish".
    of, on
        For each thing the rule is about the names that count as it, and whether they are of states, transitions or
        events. In a letter the first thing is "A", the second "B".
    times
        The number of `existence`, `absence` and `exactly`.
    when
        For each thing the CEL condition under which an occurrence of it counts, None where each does; empty where
        there is none. Asked of logs only.
    within
        The longest time, asked of logs only.
    """

    name: str
    rule: str
    of: tuple[tuple[str, ...], ...] = ()
    on: tuple[Kind, ...] = ()
    times: int = 1
    when: tuple[str | None, ...] = ()
    within: timedelta | None = None
    place: Place = field(default=NOWHERE, compare=False, repr=False)

    @property
    def template(self) -> Template:
        """Return the template of the rule."""
        if self.rule not in TEMPLATES:
            raise MachineError(f"the rule {self.rule!r} speaks of a machine's choices; no automaton of words tells it")
        return TEMPLATES[self.rule]

    @cached_property
    def automaton(self) -> Automaton:
        """Return the smallest automaton of the words that keep the rule; its letters are sets of "A" and "B"."""
        return automaton_of(self.template.formula(self.times), ("A", "B")[: self.template.arity])

    def letter(self, **names: str | Iterable[str] | None) -> frozenset[str]:
        """Return the letter of a position: what holds there, given its state, transition and events."""
        given = {kind: {value} if isinstance(value, str) else set(value or ()) for kind, value in names.items()}
        thing = zip("AB", self.of, self.on, strict=False)
        return frozenset(letter for letter, group, kind in thing if not given.get(kind, set()).isdisjoint(group))

    @property
    def words(self) -> str:
        """Return the rule as a sentence."""
        return in_words(self.rule, things_in_words(self.of, self.when), self.times)


def things_in_words(of: tuple[tuple[str, ...], ...], when: tuple[str | None, ...]) -> dict[str, str]:
    """Return the things a rule is about, by letter."""
    names = [" or ".join(map(repr, group)) for group in of]
    told = [
        name if condition is None else f"{name} (where {condition})"
        for name, condition in zip(names, when or (None,) * len(names), strict=True)
    ]
    return dict(zip("AB", told, strict=False))


def in_words(rule: str, things: Mapping[str, str], times: int) -> str:
    """Return a rule about these things as a sentence."""
    if rule == REACHABLE:
        return f"{things['A']} can be reached"
    if rule == CAN_FINISH:
        return "every life can always finish"
    if rule == "absence":
        most = {1: "never", 2: "at most once"}.get(times, f"at most {times - 1} times")
        return f"{things['A']} {'never occurs' if times == 1 else f'occurs {most}'}"
    return TEMPLATES[rule].sentence.format(**things, n="once" if times == 1 else f"{times} times")


def read_property(keys: Mapping[str, Any], place: Place = NOWHERE) -> Property:
    """Return the property an entry of `properties:` means.

    Parameters
    ----------
    keys
        The entry: `rule` and `of`, or one of never, needs_before, leads_to, at_most, reachable, always.
    place
        Where it stands.

    Raises
    ------
    MachineError
        When it cannot be understood; the sentence says what was expected.

    Examples
    --------
    >>> read_property({"state": "fulfilled", "needs_before": "confirmed"}).words
    "'fulfilled' needs 'confirmed' before it"
    """
    for key in keys:
        if key not in KEYS and not key.startswith(("x-", ".")):
            raise MachineError(f"unknown key {key!r} of a property{did_you_mean(key, KEYS)}")
    forms = [key for key in ("rule", *PLAIN) if key in keys]
    if len(forms) != 1:
        raise MachineError(
            f"a property says one thing, by `rule` or by one of {', '.join(PLAIN)}, not {' and '.join(forms) or 'none'}"
        )
    rule, of, on, times = _ruled(keys) if forms == ["rule"] else _plain(keys, forms[0])
    if rule in UNTIMED and "within" in keys:
        raise MachineError(f"`within` says nothing beside {rule}: leave it out")
    if len(of) > 1 and on[0] == on[1] and (both := set(of[0]) & set(of[1])):
        raise MachineError(f"{min(both)!r} stands on both sides of {rule}: a rule about two things needs two")
    when = _conditions(keys, forms[0], len(of))
    return Property(
        name=_text(keys, "name") or in_words(rule, things_in_words(of, when), times),
        rule=rule,
        of=of,
        on=on,
        times=times,
        when=when,
        within=_span(keys),
        place=place,
    )


Rule = tuple[str, tuple[tuple[str, ...], ...], tuple[Kind, ...], int]


def _ruled(keys: Mapping[str, Any]) -> Rule:
    rule = str(keys["rule"]).strip().replace(" ", "_").replace("-", "_").lower()
    rule = CAN_FINISH if rule == "always_can_finish" else rule
    if rule not in TEMPLATES and rule not in BRANCHING:
        known = [*TEMPLATES, *BRANCHING]
        hint = did_you_mean(rule, known, f": there is {', '.join(known)}")
        raise MachineError(f"no rule named {keys['rule']!r}{hint}")
    if stray := [kind for kind in KINDS if kind in keys]:
        raise MachineError(f"`{stray[0]}` belongs to needs_before, leads_to and at_most: write `of` with `rule`")
    if rule == CAN_FINISH:
        return rule, (), (), 1
    arity = TEMPLATES[rule].arity if rule in TEMPLATES else 1
    counts = rule in TEMPLATES and TEMPLATES[rule].counts
    if "n" in keys and not counts:
        raise MachineError(f"the rule {rule} takes no `n`: existence, absence and exactly do")
    given = keys.get("of")
    things = given if isinstance(given, tuple | list) and (arity > 1 or len(given) == 1) else (given,)
    if len(things) != arity or given is None:
        raise MachineError(f"the rule {rule} needs `of: [{', '.join('AB'[:arity])}]`, not {_shown(given)}")
    groups = tuple(_names(thing, "`of`") for thing in things)
    return rule, groups, _kinds(keys, arity), _number(keys, "n", 1) if counts else 1


def _plain(keys: Mapping[str, Any], form: str) -> Rule:
    for key in ("of", "n"):
        if key in keys:
            raise MachineError(f"`{key}` belongs to `rule`: {form} names what it is about itself")
    if form == "always":
        if str(keys["always"]).replace("_", " ") != "can finish":
            raise MachineError(f"`always` is followed by `can finish`, not by {_shown(keys['always'])}")
        return CAN_FINISH, (), (), 1
    subjects: list[Kind] = [kind for kind in KINDS if kind in keys]
    if form in {"never", "reachable"}:
        if subjects:
            raise MachineError(f"`{form}` names what it is about itself: say `on: {subjects[0]}` for another kind")
        rule = "absence" if form == "never" else REACHABLE
        return rule, (_names(keys[form], f"`{form}`"),), _kinds(keys, 1), 1
    if len(subjects) != 1:
        raise MachineError(f"`{form}` needs one of state, transition or event beside it: what is it said of?")
    kind = subjects[0]
    subject = _names(keys[kind], f"`{kind}`")
    if form == "at_most":
        return "absence", (subject,), (kind,), _number(keys, "at_most", 0) + 1
    other = _names(keys[form], f"`{form}`")
    (of_other,) = _kinds(keys, 1, default=kind)
    if form == "needs_before":
        return "precedence", (other, subject), (of_other, kind), 1
    return "response", (subject, other), (kind, of_other), 1


def _kinds(keys: Mapping[str, Any], count: int, default: Kind = "state") -> tuple[Kind, ...]:
    given = keys.get("on", default)
    each = tuple(given) if isinstance(given, tuple | list) else (given,) * count
    kinds = tuple(kind for one in each for kind in KINDS if kind == one)
    if len(kinds) != len(each) or len(kinds) != count:
        wanted = "state, transition or event" + (", or one of these for each" if count > 1 else "")
        raise MachineError(f"`on` is {wanted}, not {_shown(given)}")
    return kinds


def _names(given: Any, where: str) -> tuple[str, ...]:
    each = tuple(given) if isinstance(given, tuple | list) else (given,)
    for name in each:
        if not isinstance(name, str) or not name:
            hint = ": write it in quotes" if isinstance(name, bool | int | float) else ""
            raise MachineError(f"{where} must be a name or a list of names, not {_shown(name)}{hint}")
    if not each:
        raise MachineError(f"{where} is an empty list: name at least one")
    return tuple(dict.fromkeys(each))


def _number(keys: Mapping[str, Any], key: str, least: int) -> int:
    given = keys.get(key, 1)
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= MOST_TIMES:
        raise MachineError(f"`{key}` is a number from {least} to {MOST_TIMES}, not {_shown(given)}")
    return given


def _text(keys: Mapping[str, Any], key: str) -> str | None:
    given = keys.get(key)
    if isinstance(given, Mapping | tuple | list):
        raise MachineError(f"`{key}` of a property must be a text, not {_shown(given)}")
    return None if given is None else str(given)


def _conditions(keys: Mapping[str, Any], form: str, things: int) -> tuple[str | None, ...]:
    """Return the conditions of things: one that stands alone is of what the property names first."""
    given = keys.get("when")
    if given is None:
        return ()
    each = tuple(given) if isinstance(given, tuple | list) else (given, *(None,) * (things - 1))
    if len(each) != things or not any(one is not None for one in each):
        wanted = "one condition, or one of each thing" if things > 1 else "one condition" if things else "left out"
        raise MachineError(f"`when` is {wanted} here, not {_shown(given)}")
    told = tuple(None if one is None else read_condition(str(_text({"when": one}, "when"))) for one in each)
    return told[::-1] if form == "needs_before" else told


def _span(keys: Mapping[str, Any]) -> timedelta | None:
    text = _text(keys, "within")
    try:
        return None if text is None else duration(text)
    except InstantError as error:
        raise MachineError(f"`within`: {error}") from error


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_shown, value))}]"
    return "nothing" if value is None else repr(value)
