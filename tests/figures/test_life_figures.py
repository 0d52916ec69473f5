"""A life tells its way, and names in it are never markup."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

from drawn_tables import (
    DAY,
)
from shown_figures import title

from workbench import figures

HOSTILE = "<img src=x onerror=alert(1)>$x$"


def moment(place: int, minutes: int, state: str) -> SimpleNamespace:
    at = DAY + timedelta(minutes=minutes)
    changed = {"status": (None, state)}
    return SimpleNamespace(
        place=place,
        version=None,
        occurred_at=at,
        effective_at=at,
        event_type="moved",
        state=state,
        changed=changed,
        actor="3",
    )


LIFE = [moment(1, 0, "pending"), moment(2, 60, "paid"), moment(3, 90, "cancelled")]


def texts(figure) -> str:
    return json.dumps(figure.to_plotly_json(), default=str, ensure_ascii=False)


def test_a_life_tells_its_way_and_how_long_it_took():
    assert title(figures.replay(LIFE, name="Order 42")) == "Order 42 went pending → paid → cancelled in 1 h 30 min"


def test_names_in_a_life_are_never_markup():
    said = texts(figures.replay([moment(1, 0, HOSTILE)], name=HOSTILE))
    assert "&lt;img src=x" in said
    assert "<img" not in said


def test_a_very_long_life_makes_a_small_figure():
    names = [f"a state of some length {number}" for number in range(60)]
    figure = figures.replay([moment(n, n, names[n % 3]) for n in range(1, 9_000)], name="Order 42")
    assert len(figure.to_json()) < 100_000


def test_of_a_very_long_life_the_last_events_are_drawn_and_the_note_says_so():
    figure = figures.replay([moment(n, n, "paid") for n in range(1, 1_502)])
    assert figure.layout.title.subtitle.text.endswith("The last 250 of 1,501 events are drawn.")
    assert len(figure.data[-1].x) == 250


def test_a_life_is_a_bar_a_stay_and_a_mark_an_event():
    *stays, marks = figures.replay(LIFE).data
    assert [(bar.name, bar.base) for bar in stays][:2] == [
        ("pending", (DAY,)),
        ("paid", (DAY + timedelta(minutes=60),)),
    ]
    assert stays[0].x == (3_600_000,)
    assert len(marks.x) == 3
    assert "changed: status" in marks.hovertext[1]
