"""The report in a real browser, from a file: drawn at any width, light and dark, with nothing asked of a network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbench as wb
from workbench.report import write_page

WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
UNDRAWN = """async () => {
    for (const place of document.querySelectorAll('.figure')) {
        place.scrollIntoView();
        for (let tries = 0; tries < 100 && !place.querySelector('.main-svg'); tries += 1)
            await new Promise((go) => setTimeout(go, 50));
    }
    return document.querySelectorAll('.figure:not(:has(.main-svg))').length;
}"""
PAPER = "() => getComputedStyle(document.querySelector('.main-svg')).background"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, sample_events: Path, root: Path) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    with wb.read_events(sample_events / "shop.ndjson") as log:
        write_page(log, wb.read_machines(root / "machines"), path, trail=("Order", "42"), name="shop.ndjson")
    return path


def test_it_is_under_a_megabyte_beside_plotly(report: Path):
    text = report.read_text(encoding="utf-8")
    plotly = re.search(r"<script>(?!\n).*?</script>", text, re.DOTALL)
    assert len(text.encode()) - len(plotly[0].encode()) < 1_000_000
    assert text.count("plotly.js v") == plotly[0].count("plotly.js v") == 1


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (400, "light"), (400, "dark")])
def test_every_figure_is_drawn_and_nothing_is_wider_than_the_page(watched, report: Path, width: int, scheme: str):
    shown = watched()
    shown.page.set_viewport_size({"width": width, "height": 900})
    shown.page.emulate_media(color_scheme=scheme)
    shown.page.goto(report.as_uri())
    assert shown.page.evaluate(UNDRAWN) == 0
    assert shown.page.evaluate(WIDER) is False
    assert ("255, 255, 255" in shown.page.evaluate(PAPER)) is (scheme == "light")
    assert (shown.errors, shown.strangers) == ([], [])


def test_a_printed_figure_is_no_wider_than_the_paper(watched, report: Path):
    shown = watched()
    shown.page.set_viewport_size({"width": 956, "height": 900})  # what A4 is laid out as
    shown.page.emulate_media(media="print")
    shown.page.goto(report.as_uri())
    shown.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    shown.page.wait_for_function("() => !document.querySelector('.figure:not(:has(.main-svg))')")
    wide = """() => [...document.querySelectorAll('.main-svg')].map((one) => one.getBoundingClientRect().right)"""
    assert max(shown.page.evaluate(wide)) <= 956
    shown.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert shown.page.evaluate("[...document.querySelectorAll('.figure')].every((one) => !one.style.zoom)")


def test_time_is_travelled_by_keyboard(watched, report: Path):
    shown = watched()
    shown.page.goto(report.as_uri())
    time = shown.page.locator("#wb-travel").get_by_role("slider")
    states = shown.page.locator("#wb-travel svg text")
    before = states.all_text_contents()
    time.focus()
    shown.page.keyboard.press("Home")
    shown.page.wait_for_function(
        "old => [...document.querySelectorAll('#wb-travel svg text')].some((one, n) => one.textContent !== old[n])",
        arg=before,
    )
    assert shown.errors == []


def test_the_contents_lead_to_each_part_by_keyboard(watched, report: Path):
    shown = watched()
    shown.page.goto(report.as_uri())
    links = shown.page.locator("nav a")
    assert links.all_inner_texts() == shown.page.locator("h2").all_inner_texts()
    links.last.focus()
    shown.page.keyboard.press("Enter")
    assert shown.page.url.endswith(f"#part-{links.count() - 1}")
