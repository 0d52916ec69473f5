"""How do moves that break a machine, and doubts about a log, read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from workbench.cards import amount, visible
from workbench.cli.output import say
from workbench.cli.values import clock

Row = dict[str, Any]
MOST_REPAIRS = 5
JUDGEMENTS = ("satisfied", "violated", "pending", "unknowable")


def write_breaches(moves: Sequence[Row], limit: int) -> None:
    """Write how many moves broke a machine and why, then each in a line."""
    if not moves:
        say("(none)")
        return
    for why, count in Counter(str(move["why"]) for move in moves).most_common():
        say(visible(f"{count:>6,}  {why}"))
    say()
    names = [visible(f"{move['type']} {move['aggregate_id']}") for move in moves[:limit]]
    wide = max(map(len, names))
    for name, move in zip(names, moves, strict=False):
        said = visible(f"{_event(move)}: {move['why']}")
        say(f"{name:<{wide}}  {said}")
    if len(moves) > limit:
        say(f"{len(moves) - limit:,} more: --limit N shows more")


def write_properties(asked: Sequence[Row], violations: Sequence[Row], limit: int) -> None:
    """Write of each property how many lives kept it and whether the machine makes sure of it; then who broke one."""
    if not asked:
        say("(no machine declares one)")
        return
    by_machine = {(row["machine"], row["property"]): row["verdict"] for row in asked if row["asked_of"] == "machine"}
    for row in asked:
        if row["asked_of"] == "log":
            counts = [f"{row[kind]:,} {kind}" for kind in JUDGEMENTS if row[kind]]
            lives = f"{row['concerned']:,} of {amount(row['lives'], 'life', 'lives')} concerned"
            lives += "".join(f", {one}" for one in counts)
            of_machine = by_machine[row["machine"], row["property"]]
            say(visible(f"{row['verdict']:<10}  {row['property']}: {lives}; of the machine alone: {of_machine}"))
    for doubt in dict.fromkeys(row["doubt"] for row in asked if row["doubt"]):
        say(visible(f"Not known: {doubt}"))
    if violations:
        say()
    for row in violations[:limit]:
        say(visible(f"{row['type']} {row['aggregate_id']}  {_event(row)}: {row['property']}: {row['why']}"))
    if len(violations) > limit:
        say(f"{len(violations) - limit:,} more: --limit N shows more")


def write_unused(parts: Sequence[Row]) -> None:
    """Write the states and transitions that history never used, a line for each machine that has lives."""
    of_lives = [part for part in parts if part["type"]]
    if not of_lives:
        say("(nothing)")
    for machine in dict.fromkeys(part["machine"] for part in of_lives):
        names = [_part(part) for part in of_lives if part["machine"] == machine]
        say(visible(f"{machine}: {', '.join(names)}"))


def _part(part: Row) -> str:
    return f"{part['name']} from {part['from_state']}" if part["from_state"] else f"{part['element']} {part['name']}"


def write_repairs(repairs: Sequence[Row]) -> None:
    """Write the changes of a machine that would make the most lives fit, each with its gain."""
    for repair in repairs[:MOST_REPAIRS]:
        gain = f"{amount(repair['moves'], 'move')}, {amount(repair['aggregates'], 'life', 'lives')}"
        hint = f" ({repair['hint']})" if repair["hint"] else ""
        say(visible(f"{gain:>24}  {repair['machine']}: {repair['suggestion']}{hint}"))
    if len(repairs) > MOST_REPAIRS:
        say(f"{len(repairs) - MOST_REPAIRS:,} more, and patches: ask repairs LOG --machines PATH --format json")


def write_quality(doubts: Sequence[Row]) -> None:
    """Write what is doubtful about a log: how often, where first, and what it means."""
    if not doubts:
        say("(nothing doubtful)")
    for doubt in doubts:
        whose = f" ({doubt['type']})" if doubt["type"] else ""
        say(visible(f"{doubt['count']:>6,}  {doubt['check']}{whose}: {doubt['example']}"))
    for check, meaning in {doubt["check"]: doubt["explanation"] for doubt in doubts}.items():
        say(visible(f"        {check}: {meaning}"))


def _event(row: Row) -> str:
    what = f"{row['from_state'] or ''} -> {row['to_state']}" if row["to_state"] else row["event_type"]
    return f"{clock(row['occurred_at'])}  {what}{' by ' + row['actor'] if row['actor'] else ''}".replace("   ", "  ")
