"""Funnels, variants, transitions and alignments show the ways that lives take."""

from __future__ import annotations

from datetime import date

from drawn_tables import (
    ALIGNED,
    COUNTS,
    LOST,
    STEPS,
    WAYS,
)
from shown_figures import machine, said_below, title

from workbench import figures


def test_a_move_the_machine_does_not_allow_is_outlined_and_said():
    figure = figures.transition_counts(COUNTS, machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; 2 of these moves are not allowed by the machine")
    outlines = [(shape.x0 + 0.46, shape.y0 + 0.46) for shape in figure.layout.shapes if shape.type == "rect"]
    assert outlines == [(0, 1)]  # column pending, row paid
    assert "no transition of the machine allows it" in figure.data[1].hovertext[1][0]
    assert "by rule" in figure.data[1].hovertext[0][1]
    covered = figure.data[0].z  # what the machine allows hides the hatch under it
    assert [list(line) for line in covered] == [[None, 0], [None, None]]


def test_a_history_that_keeps_to_its_machine_is_praised():
    figure = figures.transition_counts(COUNTS[:1], machine({"pending": None, "paid": None}, {("pending", "paid")}))
    assert title(figure).endswith("; the machine allows every one")
    assert [shape for shape in figure.layout.shapes if shape.type == "rect"] == []


def test_without_a_machine_the_matrix_follows_the_flow():
    table = [{"from_state": a, "to_state": b, "times": n} for a, b, n in [("z", "m", 9), ("m", "a", 5), ("m", "b", 2)]]
    assert figures.transition_counts(table).layout.xaxis.ticktext == ("z", "m", "a", "b")


def beside(figure) -> list[str]:
    """What stands to the right of the lines."""
    return [
        text.strip("\u00a0")
        for trace in figure.data
        if trace.type == "scatter" and trace.mode == "text"
        for text in trace.text
    ]


def test_a_funnel_says_number_share_and_time_of_each_step():
    said = beside(figures.funnel(STEPS))
    assert said == ["10  ·  100 %", "8  ·  80 %  ·  after 2 min", "5  ·  50 %  ·  after 1 d"]


def test_a_funnel_of_cohorts_is_a_matrix_of_their_shares():
    table = [
        {"type": "Order", "created_week": week, **line, "aggregates": line["aggregates"] // part}
        for week, part in ((date(2026, 1, 5), 1), (date(2026, 1, 12), 2))
        for line in STEPS
    ]
    figure = figures.funnel(table)
    low, high = "40 % (week of 2026-01-12)", "50 % (week of 2026-01-05)"
    assert title(figure) == f"Between {low} and {high} of orders went from pending to fulfilled"
    assert figure.layout.yaxis.ticktext == ("week of 2026-01-05 (10)", "week of 2026-01-12 (5)")
    assert figure.data[1].text == ("100 %", "80 %", "50 %", "100 %", "80 %", "40 %")


def test_variants_say_what_those_so_far_cover():
    said = beside(figures.variants(WAYS))
    assert said == ["6  ·  75 %  ·  Σ 75 %  ·  1 min 30 s", "2  ·  25 %  ·  Σ 100 %  ·  0 s"]


def test_only_the_commonest_variants_are_drawn_and_the_note_says_what_they_cover():
    figure = figures.variants(WAYS, top=1)
    assert len(beside(figure)) == 1
    assert said_below(figure).startswith("The 1 commonest cover 75 %; and 1 more.")


def test_a_stream_divides_where_the_variants_do():
    (stream,) = figures.sankey([*WAYS, {**WAYS[0], "variant": 3, "states": ["pending", "void"], "aggregates": 1}]).data
    flows = zip(stream.link.source, stream.link.target, stream.link.value, strict=True)
    assert [(stream.node.label[a], stream.node.label[b], n) for a, b, n in flows] == [
        ("pending", "paid", 6),
        ("pending", "void", 1),
    ]


def test_who_is_lost_flows_from_the_last_step_reached_to_the_state_of_now():
    (stream,) = figures.funnel_lost(LOST).data
    flows = zip(stream.link.source, stream.link.target, stream.link.value, strict=True)
    assert [(stream.node.label[a], stream.node.label[b], n) for a, b, n in flows] == [
        ("1. pending", "2. paid", 8),
        ("2. paid", "went on", 5),
        ("1. pending", "now void", 2),
        ("2. paid", "now paid", 3),
    ]


def test_an_alignment_shows_what_both_have_and_what_one_side_lacks():
    sync, log, model, _ = [*figures.alignments(ALIGNED).data, None]
    assert [(trace.base, trace.text) for trace in (sync, log, model)] == [
        ((0.03,), ("new",)),
        ((1.03,), ("odd",)),
        ((2.03,), ("due",)),
    ]
