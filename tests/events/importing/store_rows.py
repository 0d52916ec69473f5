"""Rows as the event_store has them, and what a log makes of them."""

import random

EVENTS = (
    "aggregate_type, aggregate_id, place, version, event_type, occurred_at, effective_at, actor, to_state, "
    "from_recorded"
)


MOVES = (
    "l.aggregate_type, l.aggregate_id, m.field, move, m.place, from_state, to_state, entered_at, left_at, "
    "from_entered_at, known_at, began_at, visit, nth, m.path, m.inferred"
)


def moved(order, source, target, at, number=None, **data):
    """One row of the seeds' event_store: `state_transitioned`."""
    row = {
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": order,
        "event_type": "state_transitioned",
        "event_data": {"from_state": source, "to_state": target, **data},
        "occurred_at": f"2026-01-{at}",
    }
    return row if number is None else {"id": number, **row}


def created(order, state, at, number=None, **attributes):
    row = {
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": order,
        "event_type": "model_created",
        "event_data": {"attributes": {"status": state, **attributes}},
        "occurred_at": f"2026-01-{at}",
    }
    return row if number is None else {"id": number, **row}


def moves_of(log):
    return log.sql(
        "SELECT move, from_state, to_state, entered_at, left_at, inferred FROM moves ORDER BY life, move"
    ).fetchall()


def contents(log):
    """Everything a log holds but where its rows came from and the keys of its lives."""
    events = log.sql(f"SELECT {EVENTS}, data, metadata, tied FROM events ORDER BY ALL").fetchall()
    moves = log.sql(
        f"SELECT {MOVES} FROM moves AS m JOIN lives AS l ON l.life = m.life AND l.field = m.field ORDER BY ALL"
    )
    lives = log.sql("SELECT * EXCLUDE (life) FROM lives ORDER BY ALL").fetchall()
    return events, moves.fetchall(), lives, log.sql("FROM variants ORDER BY ALL").fetchall()


def many(seed):
    chance = random.Random(seed)
    rows, number = [], 0
    for order in range(20):
        state, hour = "s0", chance.randrange(9)
        if chance.random() < 0.5:
            rows.append(created(order, state, f"01 0{hour}:00:00", number := number + 1))
        for _ in range(chance.randrange(6)):
            following = f"s{chance.randrange(4)}"
            number += 1
            day = chance.randrange(2, 5)
            rows.append(moved(order, state, following, f"0{day} 0{chance.randrange(9)}:00:00", number))
            state = following
    return rows
