"""The notebooks as pages, in a real browser, from files: figures are drawn, nothing is complained of or fetched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
PALE = """() => [...document.querySelectorAll('.wb-machine text, .wb-still text')]
    .filter((one) => Number(getComputedStyle(one).fill.match(/[0-9]+/)[0]) > 200).length"""
DRAWN = "() => document.querySelectorAll('.js-plotly-plot .main-svg').length > 0"
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    subprocess.run([sys.executable, "docs/notebook_pages.py", str(place)], cwd=ROOT, check=True)
    return place


@pytest.mark.parametrize("name", [*NAMES, "index"])
def test_a_page_opens_from_a_file_and_asks_for_nothing(watched, folder: Path, name: str):
    shown = watched()
    shown.page.emulate_media(color_scheme="dark")  # the page is light all the same
    shown.page.goto((folder / f"{name}.html").as_uri())
    if "Plotly.newPlot(" in (folder / f"{name}.html").read_text(encoding="utf-8"):
        shown.page.wait_for_function(DRAWN)
    assert shown.page.evaluate(WIDER) is False
    assert shown.page.evaluate(PALE) == 0
    shown.picture(f"page_{name}")
    assert (shown.errors, shown.strangers) == ([], [])


def test_rows_that_are_named_keep_their_names(watched, folder: Path):
    page = watched().page
    page.goto((folder / "08_live_dashboard.html").as_uri())
    named = page.locator(".dataframe", has_text="entered_before").locator("tbody th")
    assert "connecting" in named.all_inner_texts()
    assert page.locator(".dataframe", has_text="batch").locator("tbody th").first.is_hidden()  # mere numbers


def test_the_index_leads_to_each_notebook_with_its_answer(watched, folder: Path):
    page = watched().page
    for name in NAMES:
        page.goto((folder / "index.html").as_uri())
        title = page.locator("h2 a").nth(NAMES.index(name)).inner_text()
        page.locator("h2 a").nth(NAMES.index(name)).click()
        assert page.url.endswith(f"{name}.html")
        assert page.locator("h1").first.inner_text() == title
