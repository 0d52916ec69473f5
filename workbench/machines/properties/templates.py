"""Which rules about the order of things are there? The DECLARE templates, each as a formula and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workbench.machines.properties.formulas import (
    FALSE,
    TRUE,
    Formula,
    all_of,
    always,
    any_of,
    eventually,
    is_,
    next_,
    next_if_any,
    not_,
    unless,
    until,
)

MOST_TIMES = 100
A, B = "A", "B"


Where = Literal["anywhere", "later", "after", "next", "earlier", "since", "previous"]


class Half(NamedTuple):
    """What each `given` asks for: a `wanted` where it belongs, or, `forbidden`, none there.

    "later" and "earlier" include the position itself. "after" ends before the next `given`, "since" begins after the
    last one.
    """

    given: str
    wanted: str
    where: Where
    forbidden: bool = False


@dataclass(frozen=True)
class Template:
    """A rule about one or two things.

    Attributes
    ----------
    counts
        Whether it takes a number of times, `n`.
    concerns
        The things whose occurrence makes the rule ask something of a life; every life is concerned where there are
        none.
    halves
        The rule, told at each occurrence; empty where it speaks of a life as a whole.
    """

    name: str
    arity: int
    formula: Callable[[int], Formula]
    sentence: str
    counts: bool = False
    concerns: str = ""
    halves: tuple[Half, ...] = ()


def existence(times: int) -> Formula:
    """Return: A occurs at least so many times."""
    formula = TRUE
    for nth in range(times):
        formula = eventually(all_of(is_(A), next_(formula) if nth else TRUE))
    return formula


def absence(times: int) -> Formula:
    """Return: A occurs fewer than so many times."""
    formula = FALSE
    for nth in range(times):
        formula = always(any_of(not_(A), next_if_any(formula) if nth else FALSE))
    return formula


_RESPONSE = always(any_of(not_(A), eventually(is_(B))))
_PRECEDENCE = unless(not_(B), is_(A))
_ALTERNATE_RESPONSE = always(any_of(not_(A), next_(until(not_(A), is_(B)))))
_ALTERNATE_PRECEDENCE = all_of(_PRECEDENCE, always(any_of(not_(B), next_if_any(_PRECEDENCE))))
_CHAIN_RESPONSE = always(any_of(not_(A), next_(is_(B))))
_CHAIN_PRECEDENCE = all_of(not_(B), always(any_of(next_if_any(not_(B)), is_(A))))
_HAS_A, _HAS_B = eventually(is_(A)), eventually(is_(B))
_NO_A, _NO_B = always(not_(A)), always(not_(B))


def _whole(name: str, arity: int, formula: Formula, sentence: str) -> Template:
    return Template(name, arity, lambda _: formula, sentence)


def _told(name: str, formula: Formula, sentence: str, concerns: str, *halves: Half) -> Template:
    return Template(name, 2, lambda _: formula, sentence, concerns=concerns, halves=halves)


_ANSWERED, _PREPARED = Half(A, B, "later"), Half(B, A, "earlier")
_ANSWERED_AT_ONCE, _PREPARED_AT_ONCE = Half(A, B, "next"), Half(B, A, "previous")
_ANSWERED_EACH, _PREPARED_EACH = Half(A, B, "after"), Half(B, A, "since")


_ALL = (
    Template("existence", 1, existence, "{A} occurs at least {n}", counts=True),
    Template("absence", 1, absence, "{A} occurs less than {n}", counts=True),
    Template("exactly", 1, lambda n: all_of(existence(n), absence(n + 1)), "{A} occurs exactly {n}", counts=True),
    _whole("init", 1, is_(A), "every life begins with {A}"),
    _whole("end", 1, eventually(all_of(is_(A), next_if_any(FALSE))), "every life ends with {A}"),
    _whole("choice", 2, any_of(_HAS_A, _HAS_B), "{A} or {B} occurs"),
    _whole(
        "exclusive_choice",
        2,
        all_of(any_of(_HAS_A, _HAS_B), any_of(_NO_A, _NO_B)),
        "either {A} or {B} occurs, not both",
    ),
    _told(
        "responded_existence",
        any_of(_NO_A, _HAS_B),
        "where {A} occurs, {B} occurs, before or after",
        A,
        Half(A, B, "anywhere"),
    ),
    _told(
        "coexistence",
        any_of(all_of(_HAS_A, _HAS_B), all_of(_NO_A, _NO_B)),
        "{A} and {B} occur together or not at all",
        A + B,
        Half(A, B, "anywhere"),
        Half(B, A, "anywhere"),
    ),
    _told(
        "not_coexistence",
        any_of(_NO_A, _NO_B),
        "{A} and {B} never occur in one life",
        A + B,
        Half(A, B, "earlier", forbidden=True),
        Half(B, A, "earlier", forbidden=True),
    ),
    _told("response", _RESPONSE, "after {A} comes {B}", A, _ANSWERED),
    _told("precedence", _PRECEDENCE, "{B} needs {A} before it", B, _PREPARED),
    _told(
        "succession",
        all_of(_RESPONSE, _PRECEDENCE),
        "after {A} comes {B}, and {B} needs {A} before it",
        A + B,
        _ANSWERED,
        _PREPARED,
    ),
    _told(
        "not_succession",
        always(any_of(not_(A), _NO_B)),
        "after {A} never comes {B}",
        A,
        Half(B, A, "earlier", forbidden=True),
    ),
    _told("alternate_response", _ALTERNATE_RESPONSE, "after {A} comes {B}, before the next {A}", A, _ANSWERED_EACH),
    _told(
        "alternate_precedence", _ALTERNATE_PRECEDENCE, "each {B} needs an {A} of its own before it", B, _PREPARED_EACH
    ),
    _told(
        "alternate_succession",
        all_of(_ALTERNATE_RESPONSE, _ALTERNATE_PRECEDENCE),
        "{A} and {B} alternate, {A} first",
        A + B,
        _ANSWERED_EACH,
        _PREPARED_EACH,
    ),
    _told("chain_response", _CHAIN_RESPONSE, "right after {A} comes {B}", A, _ANSWERED_AT_ONCE),
    _told("chain_precedence", _CHAIN_PRECEDENCE, "right before {B} comes {A}", B, _PREPARED_AT_ONCE),
    _told(
        "chain_succession",
        all_of(_CHAIN_RESPONSE, _CHAIN_PRECEDENCE),
        "{A} and {B} come right after one another, {A} first",
        A + B,
        _ANSWERED_AT_ONCE,
        _PREPARED_AT_ONCE,
    ),
    _told(
        "not_chain_succession",
        always(any_of(not_(A), next_if_any(not_(B)))),
        "right after {A} never comes {B}",
        A,
        Half(B, A, "previous", forbidden=True),
    ),
)
TEMPLATES = {template.name: template for template in _ALL}
"""The DECLARE templates by name."""

REACHABLE = "reachable"
CAN_FINISH = "can_finish"
BRANCHING = (REACHABLE, CAN_FINISH)
"""Rules about what a machine can do rather than about each of its runs: a log can show no more than examples."""
