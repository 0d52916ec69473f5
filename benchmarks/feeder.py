"""What does a busy shop write? So many events a second to a file that grows, one in twenty of them days late.

python -m benchmarks.feeder FILE SECONDS RATE FIRST_ID LIVES START
Imports nothing but the standard library, so that it takes next to nothing from the one that follows it.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

BEATS = 20  # a second
LATE = 0.05
BEGINS = 0.2
NEXT = {"pending": "confirmed", "confirmed": "paid", "paid": "packed", "packed": "delivered"}


def rows(first_id: int, lives: int, start: datetime, rate: int) -> Iterator[str]:
    """Yield events as JSON lines: orders begin, go on step by step, and some of old get a late event."""
    rnd = random.Random(7)  # noqa: S311  the same shop each time
    under_way: list[tuple[int, str]] = []
    number = 0
    while True:
        number += 1
        at = start + timedelta(seconds=number / rate)
        order, before, state = lives + number, None, "pending"
        if rnd.random() < LATE:
            order, before, state = rnd.randrange(1, lives), None, "on_hold"
            at -= timedelta(days=rnd.randrange(1, 60))
        elif under_way and rnd.random() > BEGINS:
            order, before = under_way.pop(rnd.randrange(len(under_way)))
            state = NEXT[before] if rnd.random() > LATE else "cancelled"
        if state in NEXT:
            under_way = [*under_way[-5000:], (order, state)]
        data = {"from_state": before, "to_state": state, "user_id": 1, "model_snapshot": {"id": order, "status": state}}
        yield json.dumps({
            "id": first_id + number, "aggregate_type": "App\\Models\\Order", "aggregate_id": order,
            "event_type": "state_transitioned", "event_data": data, "occurred_at": f"{at:%Y-%m-%d %H:%M:%S}",
        })  # fmt: skip


def feed(path: Path, seconds: int, rate: int, source: Iterator[str]) -> int:
    """Append so many events a second; return how many were written."""
    begun, written = time.monotonic(), 0
    with path.open("a", encoding="utf-8") as file:
        while (now := time.monotonic() - begun) < seconds:
            for _ in range(int(now * rate) - written):
                file.write(next(source) + "\n")
                written += 1
            file.flush()
            time.sleep(1 / BEATS)
    return written


if __name__ == "__main__":
    target, seconds, rate, first_id, lives, start = sys.argv[1:]
    made = rows(int(first_id), int(lives), datetime.fromisoformat(start), int(rate))
    print(feed(Path(target), int(seconds), int(rate), made))
