"""Can a figure be read? Colours that are told apart, numbers on their cells, names beside their blocks."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from drawn_tables import ALIGNED, APART, BURSTS, CURVES, DAY, FLOW, LOST, RATES

from workbench import figures
from workbench.figures.theme import DARK, LIGHT, PALETTE, contrast, mix
from workbench.figures.words import percent

HIGH = 378  # pixels of a stream's plot
SHOP = {"Order": "pending confirmed fulfilled cancelled", "Stock": "available reserved shipped gone"}
SHOP |= {"Device": "offline connecting online active maintenance error", "Plan": "pending active suspended cancelled"}


def title(figure):
    return figure.layout.title.text.replace("<br>", " ")


def test_states_of_a_type_have_colors_of_their_own_however_many_types_there_are():
    table = [
        {"type": type, "state": state, "aggregates": 1} for type, states in SHOP.items() for state in states.split()
    ]
    figure = figures.state_distribution(table)
    colors = [color for bars in figure.data if bars.type == "bar" for color in [bars.marker.color]]
    assert [len(set(own)) for own in colors] == [len(states.split()) for states in SHOP.values()]


@pytest.mark.parametrize("page", [LIGHT, DARK], ids=["light", "dark"])
def test_each_color_of_the_palette_can_be_seen_on_both_pages(page):
    assert [color for color in PALETTE if contrast(color, page.page) < (3 if page is DARK else 2.2)] == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_number_can_be_read_on_its_cell(dark):
    table = [{"type": "Order", "from_state": "a", "to_state": f"s{n}", "times": n * n} for n in range(1, 15)]
    cells, numbers = figures.transition_counts(table, dark=dark).data
    (_, low), (_, high) = cells.colorscale
    written = zip(numbers.textfont.color, numbers.x, numbers.y, strict=True)
    seen = [contrast(ink, mix(low, high, cells.z[y][x])) for ink, x, y in written]
    assert len(seen) == 14
    assert min(seen) > 4.5


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (figures.survival, CURVES),
        (figures.flow, FLOW),
        (figures.transition_rates, RATES),
        (figures.distinguish, APART),
        (figures.bursts, BURSTS),
    ],
)
def test_lines_and_dots_stand_out_from_a_dark_page(draw, table):
    figure = draw(table, dark=True)
    drawn = [trace.line.color if "lines" in trace.mode else trace.marker.color for trace in figure.data if trace.mode]
    every = [one for color in drawn if color for one in ([color] if isinstance(color, str) else color)]
    assert every
    assert min(contrast(color, DARK.page) for color in every if color != DARK.page) >= 4.5


def test_every_block_of_a_stream_has_a_name_and_room_for_it():
    ways = [{"variant": n, "states": ["new", f"state {n}", "end"], "aggregates": 1 + (n < 5) * 99} for n in range(30)]
    (stream,) = figures.sankey(ways).data
    assert "" not in stream.node.label
    assert "22 others" in stream.node.label
    assert sum(stream.link.value) == 2 * (5 * 100 + 25)
    columns = {}
    for x, y in zip(stream.node.x, stream.node.y, strict=True):
        columns.setdefault(x, []).append(y)
    gaps = [(after - before) * HIGH for middles in columns.values() for before, after in pairwise(middles)]
    assert min(gaps) > 16
    assert max(stream.node.y) < 1


def test_a_step_that_loses_nobody_leaves_the_rest_in_their_columns():
    (stream,) = figures.funnel_lost([LOST[1]]).data
    places = dict(zip(stream.node.label, stream.node.x, strict=True))
    assert places["2. paid"] < places["now paid"] == places["went on"]


def test_a_state_parts_from_its_machine_in_the_color_it_has_elsewhere():
    other = [line | {"type": "Stock", "machine": "Stocks", "cost": 0} for line in ALIGNED]
    blocks = {mark for bars in figures.alignments([*other, *ALIGNED]).data for mark in bars.marker.color}
    alone = {mark for bars in figures.alignments(ALIGNED).data for mark in bars.marker.color}
    assert blocks == alone


def test_bursts_close_together_are_one_mark_and_none_lies_over_another():
    table = [
        BURSTS[0] | {"began_at": DAY + timedelta(hours=n % 3, days=7 * (n // 3)), "ratio": 9.0 - n} for n in range(9)
    ]
    figure = figures.bursts(table)
    (marks,) = figure.data
    assert marks.x == tuple(DAY + timedelta(days=7 * week) for week in range(3))
    assert "and 2 lesser bursts close to it" in marks.hovertext[0]
    assert figure.layout.yaxis.ticktext == ("actor ann (9)",)


def test_lives_that_all_go_another_way_are_said_to():
    table = [{"variant": n, "states": ["new"] * n, "aggregates": 1} for n in range(1, 4)]
    assert title(figures.variants(table)) == "No two of 3 lives go the same way"


def test_a_wall_of_bars_is_cut_and_says_so():
    table = [{"type": "Order", "event_type": f"kind {n}", "events": 1, "aggregates": 1} for n in range(200)]
    table = [line | {"changes_state": True} for line in table]
    labels = figures.event_types(table).layout.yaxis.ticktext
    assert (len(labels), labels[-1]) == (41, "… and 160 more kinds of event")


def test_a_long_legend_has_room_beside_the_plot():
    table = [{"type": "Order", "instant": DAY, "state": f"s{n:02}", "aggregates": 1} for n in range(24)]
    assert figures.states_over_time(table).layout.height > 24 * 20


def test_names_of_colors_take_one_row_where_the_figure_has_room_for_it_though_its_bars_are_short():
    table = [
        {"type": "Order", "machine": "Orders", "element": element, "times": 0, "name": name, "from_state": None}
        for element, name in (("state", "held"), ("transition", "hold for a while"), ("from-state", "ship to the shop"))
    ]
    layout = figures.unused(table).layout
    assert layout.margin.t - layout.meta["head"] == 28  # one row
    assert layout.legend.x < 0  # or Plotly gives it no more than the width of the bars


def test_halves_are_rounded_as_people_do():
    assert [percent(share) for share in (0, 0.0625, 0.125, 0.5, 0.9999)] == ["0 %", "6.3 %", "13 %", "50 %", "99.9 %"]


def test_one_life_is_not_spoken_of_as_many():
    one = {"type": "Order", "state": "paid", "aggregates": 1, "median_seconds": 60.0, "hour": 1}
    assert title(figures.ageing([one])) == "The order in paid has been there for 1 min"
    ways = [{"type": "Order", "variant": 1, "states": ["new", "paid"], "aggregates": 1}]
    assert title(figures.sankey(ways)) == "After new the one order goes to paid"


def test_what_is_all_in_order_is_said_without_a_regret():
    fits = {"type": "Order", "aggregate_id": "4", "snapshots": 3, "differing": 0, "what": []}
    assert title(figures.snapshot_check([fits])) == "All snapshots of 1 life say what the events add up to"
