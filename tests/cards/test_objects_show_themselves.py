"""Every object shows itself as a card and as text; whatever a log or a machine names stays text, and short."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import workbench as wb
from workbench.cards import Html, card, code, marked, table, visible
from workbench.machines.html import findings_table

HOSTILE = [
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    '"><b onclick=alert(1)>&amp;',
    "x" * 10_000,
    "\u202egnidliub",
    "red\x1b[2Jgreen",
    "one\ntwo",
]
ALLOWED = {"style", "div", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "b", "i", "br", "code"}
DRAWN = {"svg", "g", "title", "path", "rect", "text", "circle", "line", "tspan"}
MACHINE = """\
name: Shop{n}
model: Order
initial_state: pending
states: [{{name: pending, description: {name}}}, {{name: {name}, metadata: {{note: {name}}}}}]
transitions: [{{name: {name}, from: [pending], to: {name}, actions: [{name}]}}]
properties: [{{name: {name}, never: {name}}}]
"""


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def rows(name):
    at = "2026-01-05 1{}:00:00"
    made = {"status": "pending", name: name, "actor": name}
    moved = {"from_state": "pending", "to_state": name, "context": {"actor_id": name}}
    return [
        {"id": 1, "event_type": "model_created", "event_data": {"attributes": made}, "occurred_at": at.format(0)},
        {"id": 2, "event_type": "state_transitioned", "event_data": moved, "occurred_at": at.format(1)},
        {"id": 3, "event_type": name, "event_data": {"attributes": {name: [name]}}, "occurred_at": at.format(2)},
    ]


@pytest.fixture(params=HOSTILE, ids=lambda name: name[:12].strip().encode("unicode_escape").decode())
def objects(request, tmp_path):
    """Give each object there is, of a machine and a log in which everything bears one name."""
    name, quoted = request.param, json.dumps(request.param)
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(MACHINE.format(n="", name=quoted), encoding="utf-8")
    new.write_text(MACHINE.format(n="", name=json.dumps(name[::-1])), encoding="utf-8")
    before, after = wb.read_machines(old, strict=False), wb.read_machines(new, strict=False)
    (machine,) = before.values()
    whose = {"aggregate_type": "Order", "aggregate_id": name}
    log = wb.open_log(tmp_path / "log.duckdb", write=True)
    export = tmp_path / "shop.ndjson"
    broken = {**whose, **rows(name)[0], "id": 9, "occurred_at": name}
    lines = [json.dumps(whose | row) for row in rows(name)] + [json.dumps(broken)]
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = log.add(export)
    life = wb.replay(log.of("Order", name))
    yield [
        machine, before, wb.check(before), log, log.of("Order", name), report, life, life[1], life[2],
        wb.why(log, "Order", name, machines=before), wb.why_not(log, "Order", name, "pending", machines=before),
        wb.what_if(log, machine=after, instead_of=before), wb.diff(before, after, log=log), wb.holds(before),
    ]  # fmt: skip
    log.close()


def test_nothing_that_was_read_becomes_markup(objects):
    for one in objects:
        parsed = Tags()
        parsed.feed(one._repr_html_())
        assert parsed.seen <= ALLOWED | (DRAWN if isinstance(one, wb.Machine) else set()), type(one)
        assert not {name for name in parsed.attributes if name.startswith("on")} | parsed.attributes & {"src", "href"}


def test_a_card_is_small_and_a_name_of_any_length_is_cut(objects):
    for one in objects:
        assert len(one._repr_html_()) < 60_000, type(one)  # a drawing names a state in its tooltip and its address


def test_a_terminal_is_not_steered(objects):
    for one in objects:
        assert not {sign for sign in repr(one) if sign != "\n" and visible(sign) != sign}, type(one)
        assert repr(one).startswith("<")


def test_every_object_bears_the_one_style(objects):
    style = card("").partition("<div")[0]
    for one in objects:
        assert style in one._repr_html_(), type(one)


def test_the_machine_gives_mermaid_only_beside_a_drawing(tmp_path):
    def states(many):
        path = tmp_path / f"{many}.yaml"
        names = ", ".join(f"s{number}" for number in range(many))
        path.write_text(f"name: M\ninitial_state: s0\nstates: [{names}]\n", encoding="utf-8")
        (machine,) = wb.read_machines(path, strict=False).values()
        return machine

    small, large = states(3), states(400)
    assert set(small._repr_mimebundle_(include=None, exclude=None)) == {"image/svg+xml", "text/vnd.mermaid"}
    assert large._repr_mimebundle_() == {}
    assert "and 300 more" in large._repr_html_()


def test_a_log_says_which_part_of_one_it_is(sample_events):
    with wb.read_events(sample_events / "shop.ndjson") as log:
        assert "a part" not in log._repr_html_()
        part = log.of("Order").until("2026-02-01").business_hours("Mon-Fri 09:00-17:00")
        assert (
            "a part: whole lives; only what was known at 2026-02-01 00:00:00 UTC; times in business hours"
            in part._repr_html_()
        )


def test_an_import_shows_what_became_of_every_row(tmp_path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as log:
        whose = {"aggregate_type": "Order", "aggregate_id": "1"}
        report = log.add([whose | row for row in rows("paid")])
    assert repr(report).startswith("<ImportReport of ")
    assert "3 loaded, 0 duplicate, 0 rejected" in repr(report)
    assert "taken as UTC" in report._repr_html_()


def test_a_moment_shows_what_changed(tmp_path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as log:
        log.add([{"aggregate_type": "Order", "aggregate_id": "1"} | row for row in rows("paid")])
        html = wb.replay(log)[1]._repr_html_()
    assert "<h4>paid</h4>" in html
    assert "<td>status</td><td>pending</td><td>paid</td>" in html


def test_only_what_is_html_already_is_left_as_it_is():
    assert "<td>&lt;b&gt;</td><td><b>b</b></td><td><code>&lt;</code></td>" in table(
        "xyz", [["<b>", marked("b"), code("<")]]
    )
    assert "<p>&lt;i&gt;</p><i>" in card("", "<i>", Html("<i>"))
    assert table("x", []) == ""


def test_a_finding_is_told_whole_and_a_value_is_cut(tmp_path):
    path = tmp_path / "door.yaml"
    path.write_text("name: Door\ninitial_state: open\nstates: [open, shut]\n", encoding="utf-8")
    finding, *_ = wb.check(wb.read_machines(path))
    assert f"<td>{'m' * 900}</td>" in findings_table([replace(finding, message="m" * 900)])
    assert f"<td>{'x' * 199}…</td>" in table("x", [["x" * 300]])


def test_one_is_said_in_the_singular():
    row = {"case_id": 1, "activity": "pending", "timestamp": "2026-01-01"}
    assert repr(wb.read_events([row])) == "<EventLog 1 event, 1 aggregate, 2026-01-01 to 2026-01-01>"


def test_a_column_that_says_nothing_is_left_out():
    html = table(("a", "b", "c"), [[1, None, ""], [0, None, Html()]])
    assert '<th scope="col" class="wb-number">a</th></tr>' in html
