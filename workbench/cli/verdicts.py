"""How do moves that break a machine, and doubts about a log, read?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from workbench.cli.output import say
from workbench.cli.values import visible

Row = dict[str, Any]


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
        say(f"{name:<{wide}}  {visible(_said(move))}")
    if len(moves) > limit:
        say(f"{len(moves) - limit:,} more: --limit N shows more")


def write_quality(doubts: Sequence[Row]) -> None:
    """Write what is doubtful about a log: how often, where first, and what it means."""
    if not doubts:
        say("(nothing doubtful)")
    for doubt in doubts:
        whose = f" ({doubt['type']})" if doubt["type"] else ""
        say(visible(f"{doubt['count']:>6,}  {doubt['check']}{whose}: {doubt['example']}"))
    for check, meaning in {doubt["check"]: doubt["explanation"] for doubt in doubts}.items():
        say(visible(f"        {check}: {meaning}"))


def _said(move: Row) -> str:
    when = str(move["occurred_at"]).replace("T", " ").removesuffix("Z")
    who = f" by {move['actor']}" if move["actor"] else ""
    return f"{when}  {move['from_state'] or ''} -> {move['to_state']}{who}: {move['why']}".replace("   ", "  ")
