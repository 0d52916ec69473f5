"""The report is one page that needs nothing else: no network, no payloads, nothing from the data taken as HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import workbench as wb
from workbench.report import page, write_page
from workbench.report.markup import said, script_json, table
from workbench.report.route import main_path

NASTY = "<script>alert(1)</script>"
CARD = "4111-1111-1111-1111"
MACHINE = """\
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states: [{name: pending}, {name: paid}, {name: shipped}, {name: "<script>alert(1)</script>"}]
transitions:
  - {name: pay, from: [pending], to: paid}
  - {name: ship, from: [paid], to: shipped}
  - {name: refuse, from: [pending], to: "<script>alert(1)</script>"}
properties:
  - {name: paid before shipped, state: shipped, needs_before: paid}
"""


def created(id: int, order: str, at: str) -> dict:
    return {
        "id": id, "aggregate_type": "App\\Models\\Order", "aggregate_id": order, "event_type": "model_created",
        "event_data": {"attributes": {"status": "pending", "card": CARD}, "context": {"note": CARD}},
        "occurred_at": at,
    }  # fmt: skip


def moved(id: int, order: str, at: str, before: str, after: str) -> dict:
    return {
        "id": id, "aggregate_type": "App\\Models\\Order", "aggregate_id": order, "event_type": "state_transitioned",
        "event_data": {"from_state": before, "to_state": after, "context": {"note": CARD}}, "occurred_at": at,
    }  # fmt: skip


ROWS = [
    created(1, "1", "2026-01-05 10:00:00"),
    created(2, NASTY, "2026-01-05 10:00:00"),
    created(3, "3", "2026-01-05 10:00:00"),
    moved(4, "1", "2026-01-05 11:00:00", "pending", "paid"),
    moved(5, NASTY, "2026-01-05 12:00:00", "pending", NASTY),
    moved(6, "1", "2026-01-06 12:00:00", "paid", "shipped"),
    moved(7, "3", "2026-01-06 13:00:00", "pending", "shipped"),
]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> wb.Machines:
    path = tmp_path_factory.mktemp("machines") / "order.yaml"
    path.write_text(MACHINE, encoding="utf-8")
    return wb.read_machines(path)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Iterator[wb.EventLog]:
    path = tmp_path_factory.mktemp("log") / "shop.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    with wb.read_events(path, timezone="UTC") as opened:
        yield opened


@pytest.fixture(scope="module")
def html(log: wb.EventLog, machines: wb.Machines) -> str:
    return page(log, machines, trail=("Order", NASTY), name=f"{NASTY}.duckdb")


def ours(html: str) -> str:
    """Return the page without plotly.js, whose text names addresses it never asks for."""
    return re.sub(r"<script>(?!\n).*?</script>", "", html, count=1, flags=re.DOTALL)


def test_nothing_is_asked_of_the_network(html: str):
    text = ours(html)
    assert len(text) < len(html) / 5
    assert re.findall(r"""(?:src|href|action|data)\s*=\s*["']?\s*(?:https?:)?//""", text, re.IGNORECASE) == []
    assert re.findall(r"@import|url\((?!#)|import\s*\(|fetch\(|<link|<iframe|<img", text, re.IGNORECASE) == []
    assert "default-src 'none'" in text


def test_names_from_outside_are_text(html: str):
    assert NASTY not in ours(html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert ours(html).count("<script") == 5


def test_figures_cannot_end_their_script(html: str):
    (text,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)
    assert "<" not in text
    figures = json.loads(text)["figures"]
    assert len(figures) == html.count("class='figure'") >= 7
    assert all({"data", "layout", "dark"} == set(figure) for figure in figures)
    assert not any(figure["layout"].get("title", {}).get("text") for figure in figures)


def test_payloads_stay_out(html: str):
    assert CARD not in html


def test_findings_come_first_and_the_verdict_is_said(html: str):
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    assert headings[0] == "Findings"
    assert headings[-1] == "Where the numbers come from"
    assert "1 moves break a declared machine." not in html
    assert "1 move breaks a declared machine." in html
    assert "pending → shipped" in html


def test_every_number_has_its_question_and_its_source(html: str, log: wb.EventLog):
    for asked in ("off_machine(log, machines)", "state_distribution(log)", "transition_counts(log)", "quality(log)"):
        assert f"<code>wb.{asked}</code>" in html
    assert "<code>wb.funnel(log.of(&quot;Order&quot;), [&#x27;pending&#x27;, " in html
    (sha256,) = log.imports.project("sha256").fetchall()[0]
    assert sha256 in html


def test_the_numbers_at_the_top_name_their_questions(html: str):
    glance = re.search(r"<dl class='glance'>(.*?)</dl>", html)[1]
    told = dict(re.findall(r"<dt>(.*?)</dt><dd>([\d,]+)<code>", glance))
    assert told == {
        "events": "7", "aggregates": "3", "of 7 moves off their machine": "1", "lives that break a rule": "1",
        "findings in the machines": "0", "rows rejected": "0",
    }  # fmt: skip
    assert "<code>wb.off_machine</code>" in glance


def test_time_can_be_travelled_in_the_page(html: str):
    assert "Order over time" in re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    assert html.count('id="wb-travel-state"') == 1
    assert "<code>wb.widgets.time_travel(log, machines)</code>" in html


def test_rules_that_lives_break_are_told_with_the_event(html: str):
    assert "1 move breaks a declared machine. 1 life breaks a declared rule." in html
    assert "paid before shipped" in html
    assert "no &#x27;paid&#x27; before it" in html


def test_a_rule_that_cannot_be_asked_is_said_and_the_rest_is_there(log: wb.EventLog, tmp_path: Path):
    path = tmp_path / "order.yaml"
    path.write_text(MACHINE.replace("needs_before: paid", "needs_befor: paid"), encoding="utf-8")
    html = page(log, wb.read_machines(path, strict=False))
    assert "They cannot be asked" in html
    assert "Where the numbers come from" in html


def test_what_a_figure_says_is_text_of_the_page(html: str):
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", html)
    assert len(captions) == html.count("class='figure'")
    assert [caption for caption in captions if "orders" in caption]
    assert not [caption for caption in captions if re.search(r"<(?!/?small>)", caption)]


def test_the_page_holds_its_provenance(html: str, log: wb.EventLog, machines: wb.Machines):
    (text,) = re.findall(r'<script type="application/json" id="provenance">(.*?)</script>', html, re.DOTALL)
    assert json.loads(text) == json.loads(wb.Provenance.of(log, machines=machines).json())
    assert json.loads(text)["machines"][0]["sha256"] in html


def test_the_same_log_makes_the_same_page(html: str, log: wb.EventLog, machines: wb.Machines):
    assert page(log, machines, trail=("Order", NASTY), name=f"{NASTY}.duckdb") == html


def test_a_log_without_events_makes_a_page_too(machines: wb.Machines, tmp_path: Path):
    with wb.open_log(tmp_path / "empty.duckdb", write=True) as empty:
        assert "The log is empty." in page(empty, machines)


def test_a_page_is_written_whole_or_not_at_all(log: wb.EventLog, machines: wb.Machines, tmp_path: Path):
    out = tmp_path / "report.html"
    out.write_text("before", encoding="utf-8")
    with pytest.raises(wb.UnknownNameError):
        write_page(log, machines, out, trail=("Order", "99"))
    assert out.read_text(encoding="utf-8") == "before"
    assert write_page(log, machines, out) == out.stat().st_size > 6
    assert list(tmp_path.iterdir()) == [out]


def test_the_main_path_follows_the_allowed_move_that_most_took(machines: wb.Machines):
    def move(source: str, to: str, aggregates: int) -> dict:
        return {"from_state": source, "to_state": to, "aggregates": aggregates}

    machine = machines["OrderStateMachine"]
    moves = [
        move("pending", "shipped", 9),
        move("pending", "paid", 5),
        move("pending", NASTY, 4),
        move("paid", "shipped", 1),
    ]
    assert main_path(machine, moves) == ["pending", "paid", "shipped"]
    assert main_path(machine, []) == ["pending"]


def test_a_long_table_says_what_it_leaves_out():
    html = table([{"n": number} for number in range(250)])
    assert html.count("<tr>") == 201
    assert "50 more rows" in html
    assert table([]) == "<p class='none'>None.</p>"


def test_values_read_as_people_write_them():
    assert [said(0.5, "share"), said(3600.0, "median_seconds"), said(1234, "aggregates"), said(None)] == [
        "50.0 %", "1 h", "1,234", "",
    ]  # fmt: skip


def test_json_in_a_script_has_no_sign_that_html_knows():
    assert script_json(["</script>", "a&b"]) == '["\\u003c/script\\u003e", "a\\u0026b"]'
