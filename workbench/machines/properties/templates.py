"""Which rules about the order of things are there? The DECLARE templates, each as a formula and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Template:
    """A rule about one or two things; `counts` tells whether it takes a number of times, `n`."""

    name: str
    arity: int
    formula: Callable[[int], Formula]
    sentence: str
    counts: bool = False


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


def _fixed(name: str, arity: int, formula: Formula, sentence: str) -> Template:
    return Template(name, arity, lambda _: formula, sentence)


_ALL = (
    Template("existence", 1, existence, "{A} occurs at least {n}", counts=True),
    Template("absence", 1, absence, "{A} occurs less than {n}", counts=True),
    Template("exactly", 1, lambda n: all_of(existence(n), absence(n + 1)), "{A} occurs exactly {n}", counts=True),
    _fixed("init", 1, is_(A), "every life begins with {A}"),
    _fixed("end", 1, eventually(all_of(is_(A), next_if_any(FALSE))), "every life ends with {A}"),
    _fixed("choice", 2, any_of(_HAS_A, _HAS_B), "{A} or {B} occurs"),
    _fixed(
        "exclusive_choice",
        2,
        all_of(any_of(_HAS_A, _HAS_B), any_of(_NO_A, _NO_B)),
        "either {A} or {B} occurs, not both",
    ),
    _fixed("responded_existence", 2, any_of(_NO_A, _HAS_B), "where {A} occurs, {B} occurs, before or after"),
    _fixed(
        "coexistence",
        2,
        any_of(all_of(_HAS_A, _HAS_B), all_of(_NO_A, _NO_B)),
        "{A} and {B} occur together or not at all",
    ),
    _fixed("not_coexistence", 2, any_of(_NO_A, _NO_B), "{A} and {B} never occur in one life"),
    _fixed("response", 2, _RESPONSE, "after {A} comes {B}"),
    _fixed("precedence", 2, _PRECEDENCE, "{B} needs {A} before it"),
    _fixed("succession", 2, all_of(_RESPONSE, _PRECEDENCE), "after {A} comes {B}, and {B} needs {A} before it"),
    _fixed("not_succession", 2, always(any_of(not_(A), _NO_B)), "after {A} never comes {B}"),
    _fixed("alternate_response", 2, _ALTERNATE_RESPONSE, "after {A} comes {B}, before the next {A}"),
    _fixed("alternate_precedence", 2, _ALTERNATE_PRECEDENCE, "each {B} needs an {A} of its own before it"),
    _fixed(
        "alternate_succession",
        2,
        all_of(_ALTERNATE_RESPONSE, _ALTERNATE_PRECEDENCE),
        "{A} and {B} alternate, {A} first",
    ),
    _fixed("chain_response", 2, _CHAIN_RESPONSE, "right after {A} comes {B}"),
    _fixed("chain_precedence", 2, _CHAIN_PRECEDENCE, "right before {B} comes {A}"),
    _fixed(
        "chain_succession",
        2,
        all_of(_CHAIN_RESPONSE, _CHAIN_PRECEDENCE),
        "{A} and {B} come right after one another, {A} first",
    ),
    _fixed("not_chain_succession", 2, always(any_of(not_(A), next_if_any(not_(B)))), "right after {A} never comes {B}"),
)
TEMPLATES = {template.name: template for template in _ALL}
"""The DECLARE templates by name."""

REACHABLE = "reachable"
CAN_FINISH = "can_finish"
BRANCHING = (REACHABLE, CAN_FINISH)
"""Rules about what a machine can do rather than about each of its runs: a log can show no more than examples."""
