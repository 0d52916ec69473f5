"""A machine to walk around in: what is told of each part, what the log did, and a person's path through the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.errors import WorkbenchError

HOSTILE = "<img src=x onerror=alert(1)>"
DRAFT = f"""
name: DraftMachine
model: App\\Models\\Order
initial_state: pending
states:
  - {{name: pending, description: "{HOSTILE}"}}
  - paid
  - {{name: lost, metadata: {{color: "#D55E00"}}}}
  - {{name: shipped, final: true}}
transitions:
  - {{name: pay, from: pending, to: paid, guard: PaymentReceived, actions: [SendReceipt]}}
  - {{name: ship, from: [paid, lost], to: shipped}}
"""


@pytest.fixture
def draft(tmp_path: Path) -> wb.Machine:
    (tmp_path / "draft.yaml").write_text(DRAFT, encoding="utf-8")
    return wb.read_machines(tmp_path / "draft.yaml")["DraftMachine"]


@pytest.fixture
def log() -> wb.EventLog:
    def moved(number: int, aggregate: int, minute: int, source: str, to: str) -> dict[str, object]:
        return {
            "id": number,
            "aggregate_type": "App\\Models\\Order",
            "aggregate_id": str(aggregate),
            "event_type": "state_transitioned",
            "event_data": {"from_state": source, "to_state": to},
            "occurred_at": f"2026-01-05 10:{minute:02}:00",
        }

    return wb.read_events([
        moved(1, 1, 0, "pending", "paid"),
        moved(2, 1, 10, "paid", "shipped"),
        moved(3, 2, 5, "pending", "paid"),
        moved(4, 3, 7, "pending", "shipped"),
    ])  # fmt: skip


def test_its_data_says_how_often_each_part_was_used_and_what_was_off_the_machine(draft: wb.Machine, log: wb.EventLog):
    shown = wb.widgets.machine(draft, log).data()
    ways = shown[shown.kind != "state"]
    assert ways[["kind", "from_state", "to_state", "times"]].values.tolist() == [
        ["transition", "pending", "paid", 2],
        ["transition", "paid", "shipped", 1],
        ["transition", "lost", "shipped", 0],
        ["off the machine", "pending", "shipped", 1],
    ]
    assert shown[shown.kind == "state"][["name", "times"]].values.tolist() == [
        ["pending", 3],
        ["paid", 2],
        ["lost", 0],
        ["shipped", 2],
    ]


def test_its_still_tells_of_the_log_what_it_tells(draft: wb.Machine, log: wb.EventLog):
    still = wb.widgets.machine(draft, log).static_html()
    dashed, counted = 'class="l o"', 'class="c"'
    assert still.count(dashed) == 2  # pending -> shipped: up to where a name would stand, and on
    assert still.count(counted) == 4
    alone = wb.widgets.machine(draft).static_html()
    assert dashed not in alone
    assert counted not in alone


def test_without_a_log_nothing_is_counted(draft: wb.Machine):
    view = wb.widgets.machine(draft)
    assert view.overlay == "none"
    assert view.data()["times"].isna().all()


def test_findings_are_told_of_the_state_they_are_about(draft: wb.Machine):
    lost = wb.widgets.machine(draft).data().set_index("name").loc["lost"]
    assert lost["findings"] == ["SM301"]


def test_the_selection_decides_which_lives_are_counted(draft: wb.Machine, log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    view = wb.widgets.machine(draft, log, selection=chosen)
    chosen.choose(type="Order", aggregates=["1"])
    assert view.data().set_index("name").loc["pending", "times"] == 1


def test_what_is_not_in_the_machine_cannot_be_picked(draft: wb.Machine):
    view = wb.widgets.machine(draft)
    with pytest.raises(WorkbenchError, match="no state named 'payed' in DraftMachine: did you mean 'paid'"):
        view.picked = {"state": "payed"}
    with pytest.raises(WorkbenchError, match="no transition 9 in DraftMachine: it has 2"):
        view.picked = {"transition": 9}


def test_one_machine_is_drawn_at_a_time():
    with pytest.raises(WorkbenchError, match=r"one machine is drawn at a time.*OrderStateMachine"):
        wb.widgets.machine(wb.read_machines("machines/"))


@pytest.fixture
def shown(show: Callable[..., Any], draft: wb.Machine, log: wb.EventLog) -> Any:
    return show(wb.widgets.machine(draft, log))


def test_a_state_pressed_tells_its_facts_and_the_way_there(shown: Any):
    shown.page.locator("[data-state=shipped]").click()
    assert shown.view.picked == {"state": "shipped"}
    told = shown.page.locator(".wb-columns").inner_text()
    assert "pending -pay→ paid -ship→ shipped" in told.replace("\n", " ")
    assert "2, of which all are still there" in told
    assert shown.page.locator(".wb-line.wb-route").count() >= 3
    assert shown.page.locator(".wb-node.wb-must").count() == 2
    shown.page.keyboard.press("Escape")
    assert shown.view.picked == {}


def test_a_transition_pressed_tells_its_guard_its_actions_and_its_use(shown: Any):
    shown.page.locator("text.wb-name", has_text="pay").click()
    assert shown.view.picked == {"transition": 0}
    told = shown.page.locator(".wb-columns").inner_text()
    for fact in ("PaymentReceived", "SendReceipt", "pending"):
        assert fact in told


def test_the_keyboard_reaches_every_state_and_the_choice_every_part(shown: Any):
    shown.page.locator("[data-state=lost]").focus()
    shown.page.keyboard.press("Enter")
    assert shown.view.picked == {"state": "lost"}
    assert "No run of the machine gets here." in shown.page.locator(".wb-columns").inner_text()
    shown.page.get_by_label("a state or transition").select_option("t1")
    assert shown.view.picked == {"transition": 1}


def test_zoom_and_pan_change_what_is_seen_and_the_whole_comes_back(shown: Any):
    drawing = shown.page.locator("svg.wb-drawing").first
    whole = drawing.get_attribute("viewBox")
    shown.page.get_by_label("Zoom in").click()
    near = drawing.get_attribute("viewBox")
    assert near != whole
    box = shown.page.locator(".wb-stage").bounding_box()
    shown.page.mouse.move(box["x"] + 300, box["y"] + 8)
    shown.page.mouse.down()
    shown.page.mouse.move(box["x"] + 200, box["y"] + 20, steps=3)
    shown.page.mouse.up()
    assert drawing.get_attribute("viewBox") not in {near, whole}
    shown.page.get_by_label("Show the whole machine").click()
    assert drawing.get_attribute("viewBox") == whole


def test_the_overlay_marks_what_was_never_used_and_goes(shown: Any):
    assert shown.page.locator(".wb-line.wb-unused").count() > 0
    shown.page.get_by_role("button", name="Hide what the log did").click()
    assert shown.view.overlay == "none"
    shown.page.get_by_role("button", name="Show what the log did").wait_for()
    assert shown.page.locator(".wb-drawing .wb-count").all_text_contents() == [""] * 4


def test_a_finding_leads_to_its_state(shown: Any):
    shown.page.locator("tr", has_text="SM301").first.click()
    assert shown.view.picked == {"state": "lost"}
    assert shown.page.locator(".wb-badge").count() >= 1


@pytest.mark.parametrize("dark", [False, True])
def test_hostile_text_is_text_in_the_exported_page(
    show: Callable[..., Any], draft: wb.Machine, log: wb.EventLog, *, dark: bool
):
    shown = show(wb.widgets.machine(draft, log), kernel=False, dark=dark)
    shown.page.locator("[data-state=pending]").click()
    assert HOSTILE in shown.page.locator(".wb-columns").inner_text()
    assert shown.page.locator("img").count() == 0
    shown.picture(f"machine-{'dark' if dark else 'light'}")


def test_a_machine_too_large_to_draw_is_still_told(tmp_path: Path, show: Callable[..., Any]):
    lines = ["name: Big", "initial_state: s0", "transitions:"]
    lines += [f"  - {{name: t{n}, from: s{n}, to: s{n + 1}}}" for n in range(170)]
    (tmp_path / "big.yaml").write_text("\n".join(lines), encoding="utf-8")
    shown = show(wb.widgets.machine(wb.read_machines(tmp_path / "big.yaml")))
    shown.page.get_by_label("a state or transition").select_option("ss3")
    assert "s0 -t0→ s1 -t1→ s2 -t2→ s3" in shown.page.locator(".wb-columns").inner_text().replace("\n", " ")


def test_a_large_machine_is_small_on_the_wire(tmp_path: Path):
    lines = ["name: Big", "initial_state: state_0", "transitions:"]
    lines += [f"  - {{name: on_{n}, from: state_{n}, to: state_{n + 1}}}" for n in range(59)]
    lines += [f"  - {{name: jump_{n}, from: state_{n}, to: state_{n * 23 % 60}}}" for n in range(60)]
    (tmp_path / "big.yaml").write_text("\n".join(lines), encoding="utf-8")
    state = wb.widgets.machine(wb.read_machines(tmp_path / "big.yaml")).get_state()
    assert len(json.dumps(state, default=str)) < 250_000


def test_the_page_counts_the_lives_that_are_chosen(show: Callable[..., Any], draft: wb.Machine, log: wb.EventLog):
    chosen = wb.widgets.selection(log)
    shown = show(wb.widgets.machine(draft, log, selection=chosen))
    shown.page.locator("[data-state=pending] .wb-count", has_text="3").wait_for()
    chosen.choose(type="Order", aggregates=["1", "3"])
    shown.page.locator("[data-state=pending] .wb-count", has_text="2").wait_for()


def test_the_key_names_only_what_is_drawn(show: Callable[..., Any], draft: wb.Machine, log: wb.EventLog):
    shown = show(wb.widgets.machine(draft, log.of("Order", 1, 2)))
    assert shown.page.locator("span.wb-drawing.wb-key").inner_text().split() == ["used", "never", "used"]


def test_what_is_too_wide_begins_where_lives_begin_and_shows_what_is_chosen(tmp_path: Path, show: Callable[..., Any]):
    lines = ["name: Long", "initial_state: s0", "transitions:"]
    lines += [f"  - {{name: t{n}, from: s{n}, to: s{n + 1}}}" for n in range(40)]
    (tmp_path / "long.yaml").write_text("\n".join(lines), encoding="utf-8")
    shown = show(wb.widgets.machine(wb.read_machines(tmp_path / "long.yaml")))
    stage = shown.page.locator(".wb-stage").bounding_box()

    def lies(name: str) -> tuple[bool, float]:
        box = shown.page.locator(f"[data-state={name}] .wb-edge").bounding_box()
        return stage["x"] <= box["x"] <= stage["x"] + stage["width"] - box["width"], box["height"]

    seen, tall = lies("s0")
    assert seen
    assert tall > 30
    assert not lies("s30")[0]
    shown.page.get_by_label("a state or transition").select_option("ss30")
    shown.page.get_by_role("heading", name="State s30").wait_for()
    assert lies("s30")[0]
    assert not lies("s0")[0]
    shown.page.locator("[data-state=s0]").focus()
    shown.page.keyboard.press("Shift+Tab")
    shown.page.keyboard.press("Tab")
    assert lies("s0")[0]
    shown.page.keyboard.press("0")
    assert lies("s0")[0]
    assert lies("s40")[0]


def test_zooming_stays_under_the_pointer(tmp_path: Path, show: Callable[..., Any]):
    lines = ["name: Long", "initial_state: s0", "transitions:"]
    lines += [f"  - {{name: t{n}, from: s{n}, to: s{n + 1}}}" for n in range(12)]
    (tmp_path / "long.yaml").write_text("\n".join(lines), encoding="utf-8")
    shown = show(wb.widgets.machine(wb.read_machines(tmp_path / "long.yaml")))

    def middle() -> tuple[float, float]:
        box = shown.page.locator("[data-state=s2] .wb-edge").bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    before = middle()
    shown.page.mouse.move(*before)
    shown.page.keyboard.down("Control")
    shown.page.mouse.wheel(0, -100)
    shown.page.mouse.wheel(0, -100)
    shown.page.keyboard.up("Control")
    shown.page.wait_for_timeout(100)
    assert middle() == pytest.approx(before, abs=1.5)


def test_facts_are_laid_out_by_the_view_and_not_by_the_notebook(shown: Any):
    lab = ".wb-view dl > dt { float: left; width: 20%; font-weight: bold } .wb-view dl > dd { float: left; width: 80% }"
    shown.page.add_style_tag(content=lab)
    shown.page.locator("[data-state=pending]").click()
    name = shown.page.locator("dt", has_text="description")
    assert name.bounding_box()["height"] < 30
    assert name.evaluate("(node) => getComputedStyle(node).fontWeight") == "400"
