"""In which order did tied moves happen? In the one order, if exactly one exists, that their states allow.

Rows that neither version, time nor global position tell apart, and that say which state they left, often
have a single order in which each leaves the state the one before it entered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import duckdb

from workbench.sql import run

_SEARCH_LIMIT = 2000


@dataclass(frozen=True)
class TiedRow:
    """One event of a tie, as far as its order matters."""

    import_id: int
    position: int
    to_state: str | None
    from_state: str | None


def untie(connection: duckdb.DuckDBPyConnection) -> None:
    """Give each row of a tie that its states decide its rank."""
    rows = run(
        connection,
        """
        SELECT w.life, w.key, w.global_position,
            w.import_id, w.position, w.to_state, w.from_recorded, w.field
        FROM work AS w LEFT JOIN ties AS t USING (import_id, position, life)
        WHERE w.life IN (SELECT life FROM ties WHERE from_recorded IS NOT NULL)
            AND (w.to_state IS NOT NULL OR t.life IS NOT NULL)
        ORDER BY w.life, w.key, w.global_position NULLS LAST, w.import_id, w.position
        """,
    )
    ranked = [place for _, life in groupby(rows, key=lambda row: row[0]) for place in _untie_life(list(life))]
    for start in range(0, len(ranked), 5000):
        values = ", ".join(str(place) for place in ranked[start : start + 5000])
        connection.execute(
            f"UPDATE ties SET rank = v.rank FROM (VALUES {values}) AS v (import_id, position, rank) "
            "WHERE ties.import_id = v.import_id AND ties.position = v.position"
        )


def _untie_life(rows: list[tuple[Any, ...]]) -> Iterator[tuple[int, int, int]]:
    states: dict[str | None, str | None] = {}
    for _, group in groupby(rows, key=lambda row: row[1:3]):
        members = list(group)
        tied = [TiedRow(*row[3:7]) for row in members]
        fields = {row[7] for row in members if row[5] is not None}
        order = one_order(tied, states.get(next(iter(fields)))) if len(fields) == 1 else None
        if order is not None:
            yield from ((row.import_id, row.position, rank) for rank, row in enumerate(order))
        field_of = {(row[3], row[4]): row[7] for row in members}
        for row in order or tied:
            if row.to_state is not None:
                states[field_of[row.import_id, row.position]] = row.to_state


def one_order(rows: Sequence[TiedRow], before: str | None) -> list[TiedRow] | None:
    """Return the rows in the only order their states allow after the state `before`, else None.

    Rows that move nothing keep their position. At the beginning of a life (`before` is None) a row that
    left no state comes first; where no row is such, any may.

    Examples
    --------
    >>> pay, hold = TiedRow(1, 1, "paid", "held"), TiedRow(1, 2, "held", "pending")
    >>> [row.position for row in one_order([pay, hold], "pending")]
    [2, 1]
    """
    moving = [row for row in rows if row.to_state is not None]
    if len(moving) < 2:  # noqa: PLR2004  one row alone has nothing to be ordered against
        return None
    orders = _orders(moving, before, strict=True)
    if not orders and before is None:
        orders = _orders(moving, before, strict=False)
    if len(orders) != 1:
        return None
    following = iter(orders[0])
    return [row if row.to_state is None else next(following) for row in rows]


def _orders(moving: list[TiedRow], before: str | None, *, strict: bool) -> list[list[TiedRow]]:
    """Return up to two orders; none as well when the search grows past its limit."""
    found: list[list[TiedRow]] = []
    stack: list[tuple[list[TiedRow], list[TiedRow], str | None, bool]] = [([], moving, before, not strict)]
    for _ in range(_SEARCH_LIMIT):
        if not stack or len(found) > 1:
            return found
        done, left, state, free = stack.pop()
        if not left:
            found.append(done)
            continue
        for index, row in enumerate(left):
            if free or row.from_state == state:
                stack.append(([*done, row], left[:index] + left[index + 1 :], row.to_state, False))
    return []
