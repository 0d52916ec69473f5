"""Every figure in a real browser, light and dark: pictures to look at, no word over another, none cut, no error."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from drawn_tables import DRAWN
from gallery import Draw, gallery, odd_gallery
from plotly.offline import get_plotlyjs
from test_every_figure import HOSTILE, NAMELESS, spoiled

sync_api = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install -e '.[dev]'")

PICTURES = Path(__file__).resolve().parents[2] / "out" / "pictures" / "figures"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRAW = """async (text) => {
    const figure = JSON.parse(text), room = document.getElementById('room');
    room.replaceChildren();
    const place = document.createElement('div');
    room.appendChild(place);
    room.style.height = figure.layout.height + 'px';
    await Plotly.newPlot(place, figure.data, figure.layout, {displayModeBar: false});
}"""
# Of all words that can be read: which lie over others, and which leave the picture?
CLASHES = """() => {
    const room = document.getElementById('room').getBoundingClientRect();
    const read = '.gtitle, .gtitle-subtitle, .xtick text, .ytick text, .xtitle, .ytitle, .annotation-text';
    const words = [...document.querySelectorAll(read + ', .legendtext, .textpoint text, .node-label')]
        .filter((one) => one.textContent.trim() && getComputedStyle(one).opacity !== '0')
        .map((one) => [one.textContent, one.getBoundingClientRect(), one.closest('.xtick') !== null])
        .filter(([, box]) => box.width > 0);
    const said = [];
    for (const [text, box] of words) {
        const aside = Math.max(room.left - box.left, box.right - room.right);
        const outside = Math.max(aside, room.top - box.top, box.bottom - room.bottom);
        if (outside > 1) said.push(`cut by ${Math.round(outside)} px: ${text}`);
    }
    const plot = room.top + document.querySelector('.js-plotly-plot')._fullLayout._size.t;
    for (const title of document.querySelectorAll('.gtitle, .gtitle-subtitle')) {
        const over = title.getBoundingClientRect().bottom - plot;
        if (over > 1) said.push(`${Math.round(over)} px on the plot: ${title.textContent}`);
    }
    const bars = [...document.querySelectorAll('.scrollbar')];
    if (bars.some((one) => one.getBoundingClientRect().height > 0)) said.push('a legend that must be scrolled');
    words.forEach(([text, a, tick], nth) => words.slice(nth + 1).forEach(([other, b, too]) => {
        if (tick && too) return; // slanted names of columns have boxes that overlap
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 2 && high > 4) said.push(`"${text}" lies over "${other}"`);
    }));
    return said;
}"""

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]


@contextmanager
def browsed(width: int, errors: list[str]) -> Iterator[Any]:
    """A page with Plotly in it; what it complains of or asks for is kept."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda request: errors.append(request.url))
        page.set_content("<body style='margin:0'><div id='room'></div></body>")
        page.add_script_tag(content=get_plotlyjs())
        yield page
        browser.close()


@pytest.mark.parametrize("figures", [gallery, odd_gallery], ids=["the shop", "odd logs"])
@pytest.mark.parametrize("width", [1000, 840])
def test_every_figure_can_be_read_light_and_dark(width: int, figures: Callable[[], dict[str, Draw]]):
    PICTURES.mkdir(parents=True, exist_ok=True)
    errors: list[str] = []
    clashes: dict[str, list[str]] = {}
    with browsed(width, errors) as page:
        for name, draw in figures().items():
            for dark in (False, True):
                picture = f"{name} {'dark' if dark else 'light'} {width}"
                clashes[picture] = _pictured(page, draw(dark=dark), picture)
    assert errors == []
    assert {name: said for name, said in clashes.items() if said} == {}


def test_hostile_names_are_shown_as_text():
    errors: list[str] = []
    with browsed(1000, errors) as page:
        for draw, table in DRAWN.items():
            page.evaluate(DRAW, draw(spoiled(table, HOSTILE)).to_json())
            assert page.locator("#room img").count() == 0
            assert draw in NAMELESS or "<img src=x" in page.locator("#room").text_content(), draw.__name__
    assert errors == []


def _pictured(page: Any, figure: Any, name: str) -> list[str]:
    page.evaluate(DRAW, figure.to_json())
    page.locator("#room").screenshot(path=PICTURES / f"{name.replace(' ', '-')}.png")
    return list(page.evaluate(CLASHES))
