"""How does a log stand right now? All that a dashboard shows, from four questions that can be asked every second."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from workbench.figures.theme import Ink, inks, legible
from workbench.metrics import moves_over_time, pulse, recent_moves
from workbench.metrics.tracks import machine_of
from workbench.sql import literal
from workbench.widgets.bins import STRIDES, YEAR_ONE
from workbench.widgets.wire import MICROSECOND, micros

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines

CRITICAL = frozenset({"error", "failed", "suspended", "cancelled"})
_BARS = 60  # of the chart, at most
_LAST = 20
_MOST_CARDS = 24
_MOST_LAYERS = 8  # of a bar; more colours no eye tells apart
_OTHER = "#8A94A6"
_LONGEST = 400  # letters of a name that travel
MOVE = ("at", "type", "id", "from", "to", "transition", "actor")

Key = tuple[str, str]


class Critical:
    """Which states are critical: some by their name, unless the machine's `metadata.critical` says otherwise."""

    def __init__(self, machines: Machines | None = None, named: Iterable[str] | None = None) -> None:
        self._machines = machines
        self._named = CRITICAL if named is None else frozenset([named] if isinstance(named, str) else named)
        self._speaks: dict[str, Machine | None] = {}
        self._of_type: dict[str, dict[str, bool]] = {}

    def machine(self, type: str) -> Machine | None:
        """Return the machine that speaks for a type that was learned of."""
        return self._speaks[type]

    def learn(self, types: Iterable[str], log: EventLog) -> None:
        """Read what the machines say of the states of types not seen before."""
        for type in set(types).difference(self._speaks):
            self._speaks[type] = machine = machine_of(log, type, self._machines)
            states = machine.states if machine else ()
            self._of_type[type] = {
                state.name: bool(state.metadata["critical"]) for state in states if "critical" in state.metadata
            }

    def among(self, states: Iterable[Key]) -> set[Key]:
        """Return those of some states that are."""
        return {
            (type, state)
            for type, state in states
            if self._of_type.get(type, {}).get(state, state.casefold() in self._named)
        }


def standing(log: EventLog, span: timedelta, critical: Critical) -> dict[str, Any]:
    """Return how a log stands: the instant of its last event, cards, bars, the last moves and those that alarm.

    Returns
    -------
    dict
        at, span, stride, start (microseconds; at since 1970); totals (aggregates, change, moves, moves_before,
        critical, alarms); cards (type, field (None but where a type has two), state, color, aggregates, share, entered,
        exited, entered_before, critical), more (cards left out); layers of bars (name, color, pattern, ink,
        counts from `start` on); moves, alerts (at, type, id, from, to, transition, actor, critical). Empty
        where there is no event.
    """
    now = log.last
    if now is None:
        return {}
    field = "field" if log.has_tracks else "NULL AS field"
    states = pulse(log, span).select(f"type, {field}, state, aggregates, entered, exited, entered_before").to_dicts()
    critical.learn({state["type"] for state in states}, log)
    colors = _inks(states, critical)
    alarming = critical.among((state["type"], state["state"]) for state in states)
    stride = next((one for one in STRIDES if one * _BARS >= span // MICROSECOND), STRIDES[-1]) * MICROSECOND
    last = YEAR_ONE - (YEAR_ONE - now) // stride * stride
    first = last + (span // -stride + 1) * stride
    return {
        "at": micros(now),
        "span": span // MICROSECOND,
        "stride": stride // MICROSECOND,
        "start": micros(first),
        "totals": _totals(states, alarming) | _of_tracks(log, states, alarming, now - span),
        **_cards(states, alarming, colors),
        "layers": _layers(log, stride, (first, last), colors),
        "moves": _moves(log, None, None, alarming)[:_LAST],
        "alerts": _moves(log, sorted({state for _, state in alarming}), now - span, alarming) if alarming else [],
    }


def _inks(states: list[dict[str, Any]], critical: Critical) -> dict[Key, Ink]:
    by_type: dict[str, list[str]] = {}
    for state in states:
        by_type.setdefault(state["type"], []).append(state["state"])
    return {
        (type, name): ink
        for type, names in by_type.items()
        for name, ink in inks(dict.fromkeys(names), critical.machine(type)).items()
    }


def _totals(states: list[dict[str, Any]], alarming: set[Key]) -> dict[str, int]:
    return {
        "aggregates": sum(state["aggregates"] for state in states),
        "change": sum(state["entered"] - state["exited"] for state in states),
        "moves": sum(state["entered"] for state in states),
        "moves_before": sum(state["entered_before"] for state in states),
        "critical": sum(state["aggregates"] for state in states if (state["type"], state["state"]) in alarming),
        "alarms": sum(state["entered"] for state in states if (state["type"], state["state"]) in alarming),
    }


def _of_tracks(log: EventLog, states: list[dict[str, Any]], alarming: set[Key], since: datetime) -> dict[str, int]:
    """Return the totals of aggregates where some have two state fields: each is counted once."""
    if all(state["field"] is None for state in states):
        return {}
    wrong = ", ".join(f"({literal(type)}, {literal(state)})" for type, state in sorted(alarming)) or "(NULL, NULL)"
    now, before, critical = log.sql(
        "SELECT count(DISTINCT life) FILTER (left_at IS NULL), "
        f"count(DISTINCT life) FILTER (entered_at IS NULL OR entered_at < TIMESTAMP '{since}'), "
        f"count(DISTINCT life) FILTER (left_at IS NULL AND (type, to_state) IN ({wrong})) FROM moves"
    ).fetchall()[0]
    return {"aggregates": now, "change": now - before, "critical": critical}


def _cards(states: list[dict[str, Any]], alarming: set[Key], colors: Mapping[Key, Ink]) -> dict[str, Any]:
    of_track: Counter[tuple[str, str | None]] = Counter()
    for state in states:
        of_track[state["type"], state["field"]] += state["aggregates"]
    cards = [
        {
            **state,
            "share": state["aggregates"] / (of_track[state["type"], state["field"]] or 1),
            "change": state["entered"] - state["exited"],
            "color": colors[state["type"], state["state"]].color,
            "critical": (state["type"], state["state"]) in alarming,
        }
        for state in states
    ]
    shown = sorted(cards, key=lambda card: (card["type"], not card["critical"], -card["aggregates"], card["state"]))
    told = [{**card, "state": card["state"][:_LONGEST], "type": card["type"][:_LONGEST]} for card in shown]
    return {"cards": told[:_MOST_CARDS], "more": max(0, len(told) - _MOST_CARDS)}


def _layers(
    log: EventLog, stride: timedelta, ends: tuple[datetime, datetime], colors: Mapping[Key, Ink]
) -> list[dict[str, Any]]:
    """Return the moves of each step by the state they enter, of several types by their type; the rarest together."""
    first, last = ends
    steps = (last - first) // stride + 1
    found = moves_over_time(log, stride, since=first).select("type, instant, to_state, times").fetchall()
    types = {type for type, *_ in found}
    counted: dict[str, list[int]] = {}
    for type, instant, state, times in found:
        name = state if len(types) == 1 else type
        counted.setdefault(name, [0] * steps)[min((instant - first) // stride, steps - 1)] += times
    ranked = sorted(counted, key=lambda name: (-sum(counted[name]), name))
    inked = dict(inks(types)) if len(types) > 1 else {state: ink for (_, state), ink in colors.items()}
    layers = [_layer(name, inked.get(name, Ink(_OTHER)), counted[name]) for name in ranked[:_MOST_LAYERS]]
    if ranked[_MOST_LAYERS:]:
        others = [sum(step) for step in zip(*(counted[name] for name in ranked[_MOST_LAYERS:]), strict=True)]
        layers.append(_layer("all others", Ink(_OTHER), others))
    return layers


def _layer(name: str, ink: Ink, counts: list[int]) -> dict[str, Any]:
    told = {"color": ink.color, "pattern": ink.pattern, "ink": legible(ink.color)}
    return {"name": name[:_LONGEST], **told, "counts": counts}


def _moves(log: EventLog, states: list[str] | None, since: datetime | None, alarming: set[Key]) -> list[dict[str, Any]]:
    """Return the last moves; into some states only those that are critical for their type."""
    found = recent_moves(log, _LAST if states is None else 5 * _LAST, states=states, since=since)
    rows = found.select("entered_at, type, aggregate_id, from_state, to_state, transition, actor").fetchall()
    told = [dict(zip(MOVE, (micros(row[0]), *map(_clipped, row[1:])), strict=True)) for row in rows]
    for move, row in zip(told, rows, strict=True):
        move["critical"] = (row[1], row[4]) in alarming
    return told if states is None else [move for move in told if move["critical"]][:_LAST]


def _clipped(text: str | None) -> str | None:
    return None if text is None else text[:_LONGEST]
