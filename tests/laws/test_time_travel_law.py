"""What time travel shows is what `state_at` answers: at every edge it counts at, and at any instant between."""

from __future__ import annotations

from collections import Counter

from drawn_logs import exports, few, slots
from hypothesis import given
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import LogError
from workbench.instants import instant
from workbench.widgets.wire import MICROSECOND, from_micros, micros


def _told(log: wb.EventLog, field: str, at) -> Counter:
    """Return how many aggregates are in each state of a field, counted one by one."""
    answer = wb.state_at(log, at)
    rows = answer.filter(f"field = '{field}'") if "field" in answer.columns else answer
    return Counter(state for (state,) in rows.select("state").fetchall())


def _shown(view: wb.widgets.TimeTravel, edge: int) -> Counter:
    wide = len(view.states)
    counts = [int.from_bytes(view.counts[4 * n : 4 * n + 4], "little") for n in range(edge * wide, edge * wide + wide)]
    return Counter({state["name"]: n for state, n in zip(view.states, counts, strict=True) if n})


def _walked(view: wb.widgets.TimeTravel, near: dict, at: int) -> Counter:
    """Go from an instant to another by the moves between them, as the browser does."""
    found = list(near["population"])
    for time, source, target in zip(near["times"], near["from"], near["to"], strict=True):
        way = (near["at"] < time <= at) - (at < time <= near["at"])
        found[target] += way
        if source >= 0:
            found[source] -= way
    return Counter({state["name"]: n for state, n in zip(view.states, found, strict=True) if n})


def _agrees(log: wb.EventLog, of: str, cut: float, whens: list[float], export) -> None:
    try:
        view = wb.widgets.time_travel(log, type=of)
    except LogError:
        return
    for track in range(len(view.tracks)):
        view.answer({"track": track})
        if view.sentence:
            continue
        part, field = log.of(of), view._now.field
        for edge in {0, view.edges - 1, *(int(cut * 37 + n * 101) % view.edges for n in range(4))}:
            assert _shown(view, edge) == _told(part, field, from_micros(view.start + edge * view.stride))
        for when in whens:
            at = min(max(export.instant(when), from_micros(view.first)), from_micros(view.last))
            near = view._near(at, 4)
            for other in (micros(at), *near["times"]):
                if (near["lo"] or other) <= other <= (near["hi"] or other):
                    assert _walked(view, near, other) == _told(part, field, from_micros(other))
        since, until = sorted([export.instant(whens[0]), export.instant(whens[-1] + 0.5)])
        view.answer({"zoom": [micros(since), micros(until)]})
        for edge in (0, view.edges // 2, view.edges - 1):
            assert _shown(view, edge) == _told(part, field, from_micros(view.start + edge * view.stride))


@few(4)
@given(export=exports(), cut=slots(), whens=st.lists(slots(), min_size=2, max_size=2))
def test_time_travel_shows_the_states_of_that_instant(export, cut, whens):
    with export.read() as log:
        for of in log.types:
            _agrees(log, of, cut, whens, export)


def test_the_traffic_at_an_edge_is_that_of_transition_counts(sample_events):
    log = wb.read_events(sample_events / "shop.ndjson")
    view = wb.widgets.time_travel(log, type="SmartDevice")
    view.answer({"zoom": [micros(instant("2026-02-01 03:00")), micros(instant("2026-02-04 17:00"))]})
    population = 4 * view.edges * len(view.states)
    passed = [int.from_bytes(view.counts[n : n + 4], "little") for n in range(population, len(view.counts), 4)]
    for edge in (view.trail, view.trail + 57, view.edges - 1):
        until = from_micros(view.start + edge * view.stride)
        since = until - view.trail * view.stride * MICROSECOND
        asked = wb.transition_counts(log.of("SmartDevice"), since=since + MICROSECOND, before=until + MICROSECOND)
        told = {tuple(pair): times for *pair, times in asked.select("from_state, to_state, times").fetchall()}
        now, then = edge * len(view.ways), (edge - view.trail) * len(view.ways)
        shown = {(way[0], way[1]): passed[now + n] - passed[then + n] for n, way in enumerate(view.ways)}
        assert {pair: times for pair, times in shown.items() if times} == told
